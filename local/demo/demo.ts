/**
 * `npm run demo`: the main job on this machine, from fresh state to an account of every single transaction. Only wires.
 * Exits 0 only if nothing was lost, delivered twice or out of order.
 */
import { randomInt } from "node:crypto";
import { runCommand } from "../command-line/run-command.ts";
import { cutoverTable, isProved } from "./cutover/cutover-report.ts";
import { runCutover } from "./cutover/run-cutover.ts";
import { importReport, importTable, isWhole } from "./imports/import-report.ts";
import { DEMO_COMMAND, type DemoOptions, parseOptions } from "./options.ts";
import { ProgressBar } from "./progress.ts";
import { accountLine, accountTable } from "./report.ts";
import { completeAll } from "./complete-all.ts";
import { drillTable } from "./restore/drill-account.ts";
import { type DrillResult, restoreDrill } from "./restore/restore-drill.ts";
import { runDemo } from "./run-demo.ts";
import { demoSettings, drillSettings } from "./settings.ts";

const SEEDS = 1_000_000;

const interruption = new AbortController();

async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args, () => randomInt(SEEDS));
  const interrupt = () => interruption.abort();
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);

  if (options.cutover) return cutover(options);
  const progress = new ProgressBar(process.stderr);
  const { signal } = interruption;
  if (options.restoreDrill !== undefined) {
    const drill = { settings: drillSettings, run: restoreDrill };
    return reportDrill(await runDemo(drill, options, progress, signal), options.json);
  }
  const { account, findings, healthy, killed, isQueueEmpty, isClean, exampleRows, resent, imported } = await runDemo(
    { settings: demoSettings, run: completeAll },
    options,
    progress,
    signal,
  );
  if (interruption.signal.aborted) return 0;
  if (imported !== undefined) {
    const report = importReport(imported, account);
    if (options.json) console.log(JSON.stringify(report));
    else console.log(importTable(report));
    return isClean && isWhole(report) ? 0 : 1;
  }
  const table = accountTable(account, findings, healthy, killed, resent);
  if (options.json) console.error(table);
  else console.log(table);
  for (const row of exampleRows) console.error(`  row: ${row}`);
  if (!isQueueEmpty)
    console.error("Messages are left in confirmations.fifo or confirmations-ordered.fifo; expected none.");
  if (options.json) console.log(accountLine(account, healthy, killed));
  return isClean ? 0 : 1;
}

async function cutover(options: DemoOptions): Promise<number> {
  const report = await runCutover(options, new ProgressBar(process.stderr), interruption.signal);
  if (report === undefined) return 0;
  console.log(options.json ? JSON.stringify(report) : cutoverTable(report));
  return isProved(report) ? 0 : 1;
}

function reportDrill({ account, isStreamWhole, isClean, exampleRows }: DrillResult, isJson: boolean): number {
  if (interruption.signal.aborted) return 0;
  if (isJson) console.log(JSON.stringify(account));
  else console.log(drillTable(account, { isStreamWhole }));
  for (const row of exampleRows) console.error(`  row: ${row}`);
  return isClean ? 0 : 1;
}

await runCommand(DEMO_COMMAND, process.argv.slice(2), main, { interruption: interruption.signal });
