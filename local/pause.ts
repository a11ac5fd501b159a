/**
 * `npm run pause`, `npm run resume`: nothing is delivered to any merchant of the running stack meanwhile, and nothing
 * is lost.
 */
import { EVERYONE } from "../core/merchant/merchant-health.ts";
import { MerchantHealthRow } from "./merchant-health-row.ts";
import { runCommand } from "./command-line/run-command.ts";
import { parsePauseOptions, pauseCommand, type PauseOptions } from "./pause-options.ts";
import { notRunning, readStackFile } from "./stack-file.ts";

const SAID: Readonly<Record<PauseOptions["kind"], string>> = {
  pause: "Everything is paused: within a few seconds no merchant is called. `npm run resume` goes on.",
  resume: "Everything goes on within a few seconds. Merchants that are paused one by one stay so.",
};

const [kindGiven, ...args] = process.argv.slice(2);

async function main(): Promise<void> {
  const { kind, stateDirectory } = parsePauseOptions(kindGiven, args);
  try {
    await new MerchantHealthRow(readStackFile(stateDirectory), EVERYONE).change({ kind }, Date.now());
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === "ECONNREFUSED" ? notRunning(stateDirectory, error) : error;
  }
  process.stdout.write(`${SAID[kind]}\n`);
}

await runCommand(pauseCommand(kindGiven), args, main);
