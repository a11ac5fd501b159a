/**
 * A variant that is measured: a process on the measured core, how it is made to work and to rest, and what counts as an
 * item of it.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { MeasuredProcess } from "./measured-process.ts";
import type { LaneCounts } from "./world/lane.ts";
import type { World } from "./world/world-process.ts";

export interface Variant {
  readonly name: string;
  readonly process: MeasuredProcess;
  readonly go: () => Promise<unknown>;
  readonly rest: () => Promise<unknown>;
  /** Items done since the start. */
  readonly items: () => Promise<number>;
}

/** What one look at a variant gave. */
export interface Sample {
  /** Microseconds of CPU an item. */
  readonly cpuUs: number;
  readonly perSecond: number;
}

export const WARM_UP_MS = 12_000;
/** Long enough for a process that has just started to do something. */
export const SMOKE_MS = 1000;
/** Milliseconds that a variant runs before it is looked at. */
const RUN_IN_MS = 400;
const DRAINED_WITHIN_MS = 30_000;
const FIRST_ITEM_WITHIN_MS = 20_000;
const LOOK_AGAIN_MS = 50;

/** Has a variant work without a look, so that its code is compiled and its connections are open. */
export async function warmUp({ go, rest }: Variant, ms: number): Promise<void> {
  await go();
  await sleep(ms);
  await rest();
}

export async function sample(variant: Variant, ms: number): Promise<Sample> {
  const { process: measured, go, rest, items } = variant;
  await go();
  await sleep(RUN_IN_MS);
  const look = async () => ({ cpuUs: measured.cpuUs(), items: await items(), at: performance.now() });
  const before = await look();
  await sleep(ms);
  let after = await look();
  // A machine that is busy with other things may have let it do nothing yet.
  while (after.items === before.items && after.at - before.at < FIRST_ITEM_WITHIN_MS) {
    await sleep(LOOK_AGAIN_MS);
    after = await look();
  }
  await rest();
  const done = after.items - before.items;
  if (done <= 0) throw new Error(`${variant.name} did nothing: ${measured.lines.slice(-5).join("\n")}`);
  return {
    cpuUs: (after.cpuUs - before.cpuUs) / done,
    perSecond: done / ((after.at - before.at) / 1000),
  };
}

/** A variant that works from `go` to `stop`. @param counted what of its lane is an item of it */
export function notifiedVariant(
  world: World,
  lane: string,
  process: MeasuredProcess,
  counted: "answered" | "received" | "recorded",
): Variant {
  return {
    name: lane,
    process,
    go: async () => process.tell("go"),
    rest: async () => process.tell("stop"),
    items: async () => (await world.ask({ kind: "look", lane })).counts[counted],
  };
}

/**
 * A variant that works on a queue: it is given messages while its lane is open, and rests when all of them are deleted.
 *
 * @param ratePerSecond messages given out a second. @default as many as are asked for
 */
export function queueVariant(world: World, lane: string, process: MeasuredProcess, ratePerSecond?: number): Variant {
  const counts = async (): Promise<LaneCounts> => (await world.ask({ kind: "look", lane })).counts;
  return {
    name: lane,
    process,
    go: () => world.ask({ kind: "open", lane, ...(ratePerSecond !== undefined && { ratePerSecond }) }),
    rest: async () => {
      await world.ask({ kind: "close", lane });
      await drained(lane, counts);
    },
    items: async () => (await counts()).deleted,
  };
}

/** Every message that was given out was delivered once, recorded and deleted. @throws Error when it was not */
export async function drained(lane: string, counts: () => Promise<LaneCounts>): Promise<void> {
  const until = performance.now() + DRAINED_WITHIN_MS;
  for (;;) {
    const { received, answered, recorded, deleted } = await counts();
    if (received === answered && answered === recorded && recorded === deleted) return;
    if (performance.now() > until)
      throw new Error(
        `${lane}: of ${received} messages ${answered} were delivered, ${recorded} recorded and ${deleted} deleted.`,
      );
    await sleep(20);
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1
    ? (sorted[Math.floor(middle)] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}
