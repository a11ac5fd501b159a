/**
 * `npm run demo`: the main job on this machine, from fresh state to an account of every single transaction. Only wires.
 * Exits 0 only if nothing was lost, delivered twice or out of order.
 */
import { randomInt } from "node:crypto";
import { SettingsError } from "../../core/settings/settings.ts";
import { LocalError } from "../local-error.ts";
import { OptionsError, parseOptions } from "./options.ts";
import { ProgressBar } from "./progress.ts";
import { accountLine, accountTable } from "./report.ts";
import { runDemo } from "./run-demo.ts";

const SEEDS = 1_000_000;
const INTERRUPTED = 130;

const interruption = new AbortController();

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2), () => randomInt(SEEDS));
  const interrupt = () => interruption.abort();
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);

  const { account, findings, killed, isQueueEmpty, isClean, exampleRows, resent } = await runDemo(
    options,
    new ProgressBar(process.stderr),
    interruption.signal,
  );
  if (interruption.signal.aborted) return INTERRUPTED;
  const table = accountTable(account, findings, killed, resent);
  if (options.json) console.error(table);
  else console.log(table);
  for (const row of exampleRows) console.error(`  row: ${row}`);
  if (!isQueueEmpty)
    console.error("Messages are left in confirmations.fifo or confirmations-ordered.fifo; expected none.");
  if (options.json) console.log(accountLine(account, killed));
  return isClean ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  // Ctrl-C reaches the children as well, and whatever waited for one of them fails.
  if (interruption.signal.aborted) process.exit(INTERRUPTED);
  const isForPerson = [OptionsError, SettingsError, LocalError].some((type) => error instanceof type);
  console.error(isForPerson ? (error as Error).message : error);
  process.exitCode = 1;
}
