/**
 * `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date. A date is measured against the `Date` of the same answer, where it has
 * one: the merchant's clock may be wrong, but it is wrong by the same in both. What is neither is as good as not there.
 */
import { parseHttpDate } from "./http-date.ts";

/** Far beyond every bound; more digits than a number can hold mean just as long. */
const MOST_SECONDS = 1_000_000_000;

/**
 * @param values of the header; of several the longest counts
 * @param date of the answer
 * @param now epoch milliseconds
 * @returns whole seconds from the answer on, 0 for a time that is over; undefined when nothing was asked for
 */
export function parseRetryAfter(values: readonly string[], date: string | undefined, now: number): number | undefined {
  const asked = values.map((value) => secondsOf(value.trim(), date, now)).filter((seconds) => seconds !== undefined);
  return asked.length === 0 ? undefined : Math.min(MOST_SECONDS, Math.max(...asked));
}

function secondsOf(value: string, date: string | undefined, now: number): number | undefined {
  if (/^\d+$/.test(value)) return Number(value);
  const at = parseHttpDate(value, now);
  if (at === undefined) return undefined;
  const answeredAt = date === undefined ? undefined : parseHttpDate(date.trim(), now);
  return Math.max(0, Math.ceil((at - (answeredAt ?? now)) / 1000));
}
