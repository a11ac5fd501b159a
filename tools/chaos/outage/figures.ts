/** What an outage of one merchant did to the others and to the queue, from what was seen outside. Pure. */
import { isConfirmation, type Delivery } from "../../../local/demo/fleet/ledger.ts";
import { percentile } from "../../../core/telemetry/percentile.ts";

export interface OutageObservation {
  readonly fallenId: string;
  /** Epoch milliseconds of the first write, the fall and the recovery. */
  readonly startMs: number;
  readonly fallMs: number;
  readonly recoveryMs: number;
  readonly deliveries: readonly Delivery[];
  /** Messages in flight in the queue, sampled until the fall. */
  readonly inFlightBefore: readonly number[];
  /** The same through the outage. */
  readonly inFlight: readonly number[];
  readonly offeredPerSecond: number;
}

export interface OutageFigures {
  readonly inFlightBeforeP95: number;
  readonly inFlightMax: number;
  readonly inFlightP95: number;
  /** Seconds of the offered rate that the most messages in flight make. */
  readonly inFlightSeconds: number;
  /** Confirmations a second of the other merchants in the outage, over the same before it. */
  readonly othersRatio: number;
  /** Most calls in any one second, and a second in any five, to the fallen merchant after its recovery. */
  readonly drainMaxPerSecond: number;
  readonly drainMaxPerSecondOverFive: number;
  /** From the recovery until the last of those that were written before it was confirmed. */
  readonly drainSeconds: number;
  /** Calls to the fallen merchant while it was down. */
  readonly callsInOutage: number;
}

const LONG_WINDOW_SECONDS = 5;
/** The first moments warm up. */
const WARM_UP_MS = 3000;

/** @param backlog ids of transactions of the fallen merchant that were written before its recovery */
export function outageFigures(seen: OutageObservation, backlog: ReadonlySet<string>): OutageFigures {
  const { fallenId, startMs, fallMs, recoveryMs, deliveries, inFlightBefore, inFlight, offeredPerSecond } = seen;
  const isOfFallen = ({ merchantId }: Delivery) => merchantId === fallenId;
  const othersAt = deliveries
    .filter((delivery) => !isOfFallen(delivery) && isConfirmation(delivery))
    .map(({ respondedAtMs = 0 }) => respondedAtMs);
  const rate = (from: number, to: number) =>
    othersAt.filter((at) => at >= from && at < to).length / ((to - from) / 1000);
  const calls = deliveries.filter(isOfFallen);
  const callsAfter = calls.filter(({ arrivedAtMs }) => arrivedAtMs >= recoveryMs).map(({ arrivedAtMs }) => arrivedAtMs);
  const drained = calls
    .filter((delivery) => isConfirmation(delivery) && backlog.has(delivery.transactionId))
    .map(({ respondedAtMs = 0 }) => respondedAtMs);
  const inFlightMax = Math.max(0, ...inFlight);
  return {
    inFlightBeforeP95: percentile(inFlightBefore, 0.95),
    inFlightMax,
    inFlightP95: percentile(inFlight, 0.95),
    inFlightSeconds: inFlightMax / offeredPerSecond,
    othersRatio: rate(fallMs, recoveryMs) / rate(startMs + WARM_UP_MS, fallMs),
    drainMaxPerSecond: mostIn(callsAfter, 1000),
    drainMaxPerSecondOverFive: mostIn(callsAfter, LONG_WINDOW_SECONDS * 1000) / LONG_WINDOW_SECONDS,
    drainSeconds: Math.max(0, Math.max(recoveryMs, ...drained) - recoveryMs) / 1000,
    callsInOutage: calls.filter(({ arrivedAtMs }) => arrivedAtMs >= fallMs && arrivedAtMs < recoveryMs).length,
  };
}

/** Most times within any window of that length. */
function mostIn(times: readonly number[], windowMs: number): number {
  const sorted = times.toSorted((one, other) => one - other);
  let from = 0;
  let most = 0;
  for (const [to, time] of sorted.entries()) {
    while ((sorted[from] ?? time) <= time - windowMs) from += 1;
    most = Math.max(most, to - from + 1);
  }
  return most;
}
