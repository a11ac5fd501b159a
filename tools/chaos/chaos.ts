/**
 * `npm run chaos`: faults from a seed against the stack on this machine, and an account of every transaction from
 * outside. Only wires. Exits 0 only if nothing was lost, out of order, delivered again without cause, called that must
 * not be, or charged to a merchant for a fault of ours; and if there was such a fault.
 */
import { randomInt } from "node:crypto";
import { runCommand } from "../../local/command-line/run-command.ts";
import { CHAOS_COMMAND, type ChaosOptions, parseChaosOptions } from "./options.ts";
import { runOutage } from "./outage/run-outage.ts";
import { runSuite } from "./run-suite.ts";
import { runSilent } from "./silent/run-silent.ts";

const SEEDS = 1_000_000;

const interruption = new AbortController();
const note = (line: string) => void process.stderr.write(`${line}\n`);

async function main(args: readonly string[]): Promise<number> {
  const options = parseChaosOptions(args, () => randomInt(SEEDS));
  const interrupt = () => interruption.abort();
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  const { signal } = interruption;
  const { totals, faults } = await played(options, { interruption: signal, note });
  if (signal.aborted) return 0;
  const print = options.json ? console.error : console.log;
  for (const [name, value] of Object.entries(totals)) print(`  ${name.padEnd(28)}${shown(value)}`);
  for (const fault of faults) print(fault);
  print(faults.length === 0 ? "Every transaction is accounted for." : "Something is wrong.");
  if (options.json) console.log(JSON.stringify(totals));
  return faults.length === 0 ? 0 : 1;
}

function played(options: ChaosOptions, run: { readonly interruption: AbortSignal; readonly note: typeof note }) {
  if (options.scenario === "outage") return runOutage({ ...options, ...run });
  if (options.scenario === "silent") return runSilent({ ...options, ...run });
  return runSuite({ options, ...run });
}

function shown(value: unknown): string {
  return value === null ? "not measured" : JSON.stringify(value);
}

await runCommand(CHAOS_COMMAND, process.argv.slice(2), main, { interruption: interruption.signal });
