/**
 * The whole pipeline of this machine against what its emulators alone can take: the same transactions with the same calls to AWS, once by a
 * driver that does nothing else, once by the pipeline; then how long a single transaction takes when there is no other.
 */
import { join } from "node:path";
import { demoSettings } from "../../demo/settings.ts";
import type { BenchOptions } from "../cost/options.ts";
import { BareDriver } from "./bare-driver.ts";
import { startEmulators } from "./emulators.ts";
import type { IdleLatency } from "./idle-latency.ts";
import { timedInsert } from "./timed-insert.ts";
import { wholePipeline } from "./whole-pipeline.ts";

export interface EndToEndReport {
  readonly transactions: number;
  readonly emulatorsPerSecond: number;
  readonly pipelinePerSecond: number;
  readonly ratioToEmulators: number;
  readonly duplicates: number;
  readonly idle: IdleLatency;
}

export async function runEndToEnd(
  options: BenchOptions,
  stateDirectory: string,
  note: (line: string) => void,
): Promise<EndToEndReport> {
  const { transactions } = options;
  const emulatorsPerSecond = await emulatorsAlone(transactions, join(stateDirectory, "emulators"));
  note(`The emulators alone: ${emulatorsPerSecond.toFixed(0)} a second.`);
  const { perSecond, idle, duplicates } = await wholePipeline(options, join(stateDirectory, "pipeline"), note);
  return {
    transactions,
    emulatorsPerSecond,
    pipelinePerSecond: perSecond,
    ratioToEmulators: perSecond / emulatorsPerSecond,
    duplicates,
    idle,
  };
}

/** @returns transactions a second */
async function emulatorsAlone(transactions: number, stateDirectory: string): Promise<number> {
  await using started = new AsyncDisposableStack();
  const emulators = await startEmulators(stateDirectory, demoSettings([], false), started);
  const driver = new BareDriver(emulators);
  started.defer(() => driver.stop());
  return await timedInsert({
    dynamodb: emulators.aws.dynamodb,
    tableName: emulators.transactionsTable,
    transactions,
    areDone: async (count) => driver.done >= count,
    state: () => `${driver.done} were deleted`,
  });
}
