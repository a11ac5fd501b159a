/**
 * `npm run simulate`: runs scenarios of load and failure against modelled AWS quotas and delays, with the pipeline's
 * own policy code.
 */
import { writeFileSync } from "node:fs";
import { drainReportOf } from "./drain-report.ts";
import { runCommand } from "../../local/command-line/run-command.ts";
import { parseSimulateOptions, SIMULATE_COMMAND } from "./options.ts";
import { plotOf } from "./plot/plot.ts";
import { jsonOf, legendOf, tableOf } from "./report.ts";
import type { Moment, Result } from "./run/result.ts";
import { runScenario } from "./run/run-scenario.ts";
import { SCENARIO } from "./scenarios.ts";

async function main(args: readonly string[]): Promise<number> {
  const { scenarios, sample, json, plot, ...options } = parseSimulateOptions(args);
  const runs: { result: Result; moments: Moment[] }[] = [];
  for (const scenario of scenarios)
    runs.push(await runScenario({ ...options, scenario, sample: sample ?? SCENARIO[scenario].sample }));
  const results = runs.map(({ result }) => result);
  const say = json ? console.error : console.log;
  say(`${legendOf(results)}\n\n${tableOf(results)}`);
  if (plot !== undefined) {
    writeFileSync(plot, plotOf(runs));
    say(`\nPlot written to ${plot}.`);
  }
  const drain = drainReportOf(results);
  if (json) for (const result of results) console.log(jsonOf(result));
  if (drain !== undefined) console.log(JSON.stringify(drain));
  return options.policy === "pipeline" && results.some(({ lost, interrupted }) => lost > 0 || interrupted > 0) ? 1 : 0;
}

await runCommand(SIMULATE_COMMAND, process.argv.slice(2), main);
