/**
 * How calls of a merchant went, hour by hour, added up from the attempts that rows keep. It is of the rows that were
 * looked at and of no others.
 */
import type { Attempt } from "../transaction/attempt.ts";
import { percentile } from "../telemetry/percentile.ts";

export interface HourOfCalls {
  /** Epoch milliseconds, at the full hour. */
  readonly from: number;
  readonly attempts: number;
  /** Delivered, accepted or sent. */
  readonly succeeded: number;
  /** The class with most attempts first. */
  readonly failures: readonly { readonly outcome: string; readonly attempts: number }[];
  /** Of those that succeeded, milliseconds; undefined where none did. */
  readonly latency?: { readonly p50Ms: number; readonly p95Ms: number; readonly maxMs: number };
}

export const HOUR_MS = 3_600_000;
const SUCCEEDED: ReadonlySet<string> = new Set(["delivered", "accepted", "sent"]);
const MEDIAN = 0.5;
const SLOW = 0.95;

export function fullHour(at: number): number {
  return Math.floor(at / HOUR_MS) * HOUR_MS;
}

/** @param from a full hour, epoch milliseconds. @returns each of so many hours, those without attempts too */
export function hoursOfCalls(attempts: readonly Attempt[], from: number, hours: number): HourOfCalls[] {
  const byHour = Map.groupBy(attempts, ({ at }) => fullHour(at));
  return Array.from({ length: hours }, (_, hour) => {
    const at = from + hour * HOUR_MS;
    return { from: at, ...callsOf(byHour.get(at) ?? []) };
  });
}

function callsOf(attempts: readonly Attempt[]): Omit<HourOfCalls, "from"> {
  const good = attempts.filter(({ outcome }) => SUCCEEDED.has(outcome));
  const failed = attempts.filter(({ outcome }) => !SUCCEEDED.has(outcome));
  const durations = good.map(({ durationMs }) => durationMs);
  return {
    attempts: attempts.length,
    succeeded: good.length,
    failures: [...Map.groupBy(failed, ({ outcome }) => outcome)]
      .map(([outcome, ofClass]) => ({ outcome, attempts: ofClass.length }))
      .toSorted((one, other) => other.attempts - one.attempts),
    ...(durations.length > 0 && {
      latency: {
        p50Ms: percentile(durations, MEDIAN),
        p95Ms: percentile(durations, SLOW),
        maxMs: percentile(durations, 1),
      },
    }),
  };
}
