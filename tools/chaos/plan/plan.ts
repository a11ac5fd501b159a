/**
 * The plan of a run: what is written and which faults come when, all of it drawn from the seed. The same seed gives
 * the same plan; what a machine makes of it differs from time to time. Kinds of faults come in turn, so that each
 * occurs within a few seeds in a row.
 */
import { seededRandom } from "../../../local/demo/seeded-random.ts";
import { drawFault, FAULT_KINDS } from "./draw-fault.ts";
import { CHANNEL_FAULTS_OF_A_RUN, planChannelFaults } from "./channel-faults.ts";
import { planChannelTraffic } from "./channel-traffic.ts";
import { COURSES, type PlannedFault } from "./fault.ts";
import { planOwnFaults } from "./own-fault.ts";
import { planRedeliveries } from "./plan-redeliveries.ts";
import { type ChaosTransaction, planTraffic } from "./transaction.ts";

export interface PlanSize {
  /** Milliseconds in which transactions are first written and faults begin. */
  readonly durationMs: number;
  readonly ratePerSecond: number;
  /** Drawn from the kinds in turn. */
  readonly faults: number;
  /** Faults of our own surroundings, from their kinds in turn; undefined for each of them once. */
  readonly ownFaults?: number;
  /** Jobs that send again what is terminal. @default as many as there are courses of one */
  readonly redeliveries?: number;
  /** Transactions of recipients with channels, beside all others. @default a quarter as many as there are others */
  readonly ofChannels?: number;
  /** What befalls channels alone, from their kinds in turn. @default each of them once */
  readonly channelFaults?: number;
}

export interface RunPlan {
  readonly seed: number;
  readonly size: PlanSize;
  readonly transactions: readonly ChaosTransaction[];
  /** By time. */
  readonly faults: readonly PlannedFault[];
}

/** Parts of the duration between which faults begin: there is something to hit, and time for the last one to end. */
const FIRST_FAULT_AT = 0.1;
const LAST_FAULT_AT = 0.8;
/** Of the other traffic. */
const CHANNELS_SHARE = 0.25;

export function planRun(seed: number, size: PlanSize): RunPlan {
  const random = seededRandom(seed);
  const { durationMs, ratePerSecond } = size;
  const { ofChannels = Math.round((ratePerSecond * durationMs * CHANNELS_SHARE) / 1000) } = size;
  const { channelFaults = CHANNEL_FAULTS_OF_A_RUN } = size;
  const faults = kindsFor(seed, size.faults).map((kind): PlannedFault => {
    const atMs = Math.round(durationMs * (FIRST_FAULT_AT + random() * (LAST_FAULT_AT - FIRST_FAULT_AT)));
    return { atMs, fault: drawFault(kind, random, durationMs - atMs) };
  });
  const own = planOwnFaults({ seed, ...size, random });
  const again = planRedeliveries(seed, durationMs, size.redeliveries ?? COURSES.length);
  const channels = planChannelFaults(seed, durationMs, channelFaults);
  return {
    seed,
    size,
    faults: [...faults, ...own, ...again, ...channels].toSorted((one, other) => one.atMs - other.atMs),
    transactions: [...planTraffic({ seed, ...size, random }), ...planChannelTraffic(seed, durationMs, ofChannels)],
  };
}

function kindsFor(seed: number, count: number): readonly (typeof FAULT_KINDS)[number][] {
  const { length } = FAULT_KINDS;
  return Array.from({ length: count }, (_, index) => FAULT_KINDS[(seed * count + index) % length] ?? FAULT_KINDS[0]);
}

/** How a plan reads in a log. */
export function describeFault({ atMs, fault }: PlannedFault): string {
  const { kind, ...details } = fault;
  const rest = Object.entries(details).map(([name, value]) => `${name} ${value}`);
  return `${(atMs / 1000).toFixed(1)} s  ${kind}${rest.length > 0 ? ` (${rest.join(", ")})` : ""}`;
}
