/**
 * `npm run cost`: what the stack costs in a month in which nothing happens, in either mode, and for a million
 * confirmations, from the synthesized template and AWS's list prices.
 */
import { runCommand } from "../../local/command-line/run-command.ts";
import { CostError } from "../../lib/cost/cost-error.ts";
import { COST_COMMAND, parseCostOptions } from "./options.ts";
import { jsonOf, textOf } from "./report.ts";
import { costsOf } from "./costs-of.ts";

function main(args: readonly string[]): void {
  const { settings, json } = parseCostOptions(args);
  const costs = costsOf(settings);
  console.log(json ? jsonOf(costs) : textOf(costs));
}

await runCommand(COST_COMMAND, process.argv.slice(2), main, { forPerson: [CostError] });
