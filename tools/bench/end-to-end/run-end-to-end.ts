/**
 * The whole pipeline of this machine against what its emulators alone can take: the same transactions with the same
 * calls to AWS, once by a driver that does nothing else, before and after, and once by the pipeline; and how long a
 * single transaction takes when there is no other.
 */
import { join } from "node:path";
import { demoSettings } from "../../../local/demo/settings.ts";
import type { BenchOptions } from "../cost/options.ts";
import { BareDriver } from "./bare-driver.ts";
import { startEmulators } from "./emulators.ts";
import type { ApiLatency } from "./api-latency.ts";
import type { IdleLatency } from "./idle-latency.ts";
import type { CpuByProgram } from "./cpu-by-program.ts";
import { type Timed, timedInsert } from "./timed-insert.ts";
import { wholePipeline } from "./whole-pipeline.ts";

export interface EndToEndReport {
  readonly transactions: number;
  /** The mean of before and after. */
  readonly emulatorsPerSecond: number;
  readonly pipelinePerSecond: number;
  readonly ratioToEmulators: number;
  /** Milliseconds of CPU a transaction, by program: of the run before, and of the pipeline's. */
  readonly emulatorsCpuMs: CpuByProgram;
  readonly pipelineCpuMs: CpuByProgram;
  readonly duplicates: number;
  readonly released: number;
  readonly idle: IdleLatency;
  readonly idleDirect: ApiLatency;
}

export async function runEndToEnd(
  options: BenchOptions,
  stateDirectory: string,
  note: (line: string) => void,
): Promise<EndToEndReport> {
  const { transactions, smoke } = options;
  const alone = async (): Promise<Timed> => {
    const each = await emulatorsAlone(transactions, join(stateDirectory, "emulators"));
    note(`The emulators alone: ${each.perSecond.toFixed(0)} a second.`);
    return each;
  };
  const before = await alone();
  const { perSecond, cpuMs, idle, idleDirect, duplicates, released } = await wholePipeline(
    options,
    join(stateDirectory, "pipeline"),
    note,
  );
  // A machine that changes its speed meanwhile would make one of the two look better than it is.
  const after = smoke ? before : await alone();
  const emulatorsPerSecond = (before.perSecond + after.perSecond) / 2;
  return {
    transactions,
    emulatorsPerSecond,
    pipelinePerSecond: perSecond,
    ratioToEmulators: perSecond / emulatorsPerSecond,
    emulatorsCpuMs: before.cpuMs,
    pipelineCpuMs: cpuMs,
    duplicates,
    released,
    idle,
    idleDirect,
  };
}

async function emulatorsAlone(transactions: number, stateDirectory: string): Promise<Timed> {
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
