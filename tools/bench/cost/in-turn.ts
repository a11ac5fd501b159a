/**
 * Variants measured in turn, round after round and back again, so that what the machine does meanwhile hits them alike;
 * of each the median counts, and of two their ratio in each round. Only one works at a time, alone on its core.
 */
import { median, type Sample, sample, type Variant } from "./variant.ts";
import type { LaneReport } from "./world/messages.ts";
import type { World } from "./world/world-process.ts";

export interface InTurnOptions {
  readonly rounds: number;
  /** Milliseconds for which each is measured in a round. */
  readonly ms: number;
  readonly note: (line: string) => void;
}

export interface Samples {
  /** Microseconds of CPU an item, the median of all rounds. @param name of a variant */
  readonly cpuUs: (name: string) => number;
  readonly perSecond: (name: string) => number;
  /** CPU time of one divided by that of another in the same round, the median of all rounds. */
  readonly ratio: (name: string, to: string) => number;
}

export async function inTurn(variants: readonly Variant[], { rounds, ms, note }: InTurnOptions): Promise<Samples> {
  const samples = new Map<string, Sample[]>(variants.map(({ name }) => [name, []]));
  for (let round = 1; round <= rounds; round += 1) {
    for (const variant of round % 2 === 1 ? variants : variants.toReversed())
      samples.get(variant.name)?.push(await sample(variant, ms));
    note(
      `Round ${round}: ` +
        variants.map(({ name }) => `${name} ${(samples.get(name)?.at(-1)?.cpuUs ?? 0).toFixed(1)} µs`).join(", "),
    );
  }
  const all = (name: string, what: keyof Sample) => (samples.get(name) ?? []).map((each) => each[what]);
  return {
    cpuUs: (name) => median(all(name, "cpuUs")),
    perSecond: (name) => median(all(name, "perSecond")),
    ratio(name, to) {
      const others = all(to, "cpuUs");
      return median(all(name, "cpuUs").map((us, round) => us / (others[round] ?? Number.NaN)));
    },
  };
}

/** @throws Error when something was delivered with a wrong signature */
export async function verified(world: World, lane: string): Promise<LaneReport> {
  const report = await world.ask({ kind: "look", lane });
  if (report.unverified > 0) throw new Error(`${lane}: ${report.unverified} webhooks had a wrong signature.`);
  return report;
}
