/**
 * The measurement of both runs: some transactions to warm up, then the measured ones, from the first insert until all
 * of them are done.
 */
import { waitUntil } from "../../../local/demo/wait-until.ts";
import { insertRows } from "./insert-rows.ts";
import { type CpuByProgram, cpuByProgram, cpuMsEach } from "./cpu-by-program.ts";
import type { PlainCall } from "./plain-aws.ts";

export interface Timed {
  /** Transactions a second. */
  readonly perSecond: number;
  /** Milliseconds of CPU a transaction. */
  readonly cpuMs: CpuByProgram;
}

export interface TimedInsert {
  readonly dynamodb: PlainCall;
  readonly tableName: string;
  readonly transactions: number;
  /** Whether so many transactions, the first ones included, are done. */
  readonly areDone: (count: number) => Promise<boolean>;
  /** How far it is, for an error. */
  readonly state: () => string;
}

/** A part of the measured ones goes first: Java has most of what it runs compiled by then. */
const WARM_UP_SHARE = 0.4;
const LOOK_EVERY_MS = 20;
const BASE_WAIT_MS = 60_000;
const WAIT_MS_EACH = 20;

/** @returns how many went first. */
export function warmUpCount(transactions: number): number {
  return Math.ceil(transactions * WARM_UP_SHARE);
}

/** @throws Error when not all of them were done in time */
export async function timedInsert({ dynamodb, tableName, transactions, areDone, state }: TimedInsert): Promise<Timed> {
  const run = async (first: number, count: number): Promise<number> => {
    const startedAt = performance.now();
    const untilMs = Date.now() + BASE_WAIT_MS + count * WAIT_MS_EACH;
    await insertRows(dynamodb, tableName, first, count);
    const isDone = () => areDone(first + count);
    if (!(await waitUntil(isDone, { everyMs: LOOK_EVERY_MS, untilMs, isStopped: () => false })))
      throw new Error(`Not all of ${first + count} transactions were done: ${state()}.`);
    return performance.now() - startedAt;
  };
  const warmUp = warmUpCount(transactions);
  await run(0, warmUp);
  const before = cpuByProgram();
  const tookMs = await run(warmUp, transactions);
  return { perSecond: transactions / (tookMs / 1000), cpuMs: cpuMsEach(before, cpuByProgram(), transactions) };
}
