/**
 * `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date. A date is measured against the `Date` of the same
 * response, where it has one: the merchant's clock may be wrong, but it is wrong by the same in both. Read a little
 * more widely than written there, where the meaning is plain: seconds with decimals, several in one header, and a time
 * since 1970, which nobody means as a wait of decades. What is none of these is as good as not there. docs/limits.md
 * has the list.
 */
import { parseHttpDate } from "../http/http-date.ts";

/** Far beyond every bound; more digits than a number can hold mean just as long. */
const MOST_SECONDS = 1_000_000_000;
const SECONDS = /^\d+(?:\.\d+)?$/;
/** A number in these ranges is a time since 1970: from 2001 to 2286 in seconds, to 2286 in milliseconds. */
const EPOCH_SECONDS = { from: 1e9, before: 1e10 } as const;
const EPOCH_MS = { from: 1e12, before: 1e13 } as const;
/** Of one header; and as many headers. Nobody who means well sends more. */
const MOST_ELEMENTS = 16;
/** With it a date begins, whose comma does not part it from what follows. */
const DAY = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)$/;

/**
 * @param values of the header; of several the longest counts
 * @param date of the response
 * @param now epoch milliseconds
 * @returns whole seconds from the response on, 0 for a time that is over; undefined when nothing was asked for
 */
export function parseRetryAfter(values: readonly string[], date: string | undefined, now: number): number | undefined {
  if (values.length === 0) return undefined;
  const respondedAt = (date === undefined ? undefined : parseHttpDate(date.trim(), now)) ?? now;
  let longest: number | undefined;
  for (const value of values.slice(0, MOST_ELEMENTS))
    for (const element of elementsOf(value)) {
      const seconds = secondsOf(element, respondedAt, now);
      if (seconds !== undefined && (longest === undefined || seconds > longest)) longest = seconds;
    }
  return longest === undefined ? undefined : Math.min(MOST_SECONDS, longest);
}

/** Of a header that came more than once and was joined on the way (RFC 9110, section 5.3). */
function elementsOf(value: string): string[] {
  if (!value.includes(",")) return [value.trim()];
  const elements: string[] = [];
  let day = "";
  for (const part of value.split(",", MOST_ELEMENTS)) {
    const element = part.trim();
    if (day === "" && DAY.test(element)) day = element;
    else {
      elements.push(day === "" ? element : `${day}, ${element}`);
      day = "";
    }
  }
  return elements;
}

/** @param respondedAt epoch milliseconds, by the merchant's clock where it told it */
function secondsOf(text: string, respondedAt: number, now: number): number | undefined {
  if (!SECONDS.test(text)) {
    const at = parseHttpDate(text, now);
    return at === undefined ? undefined : secondsUntil(at, respondedAt);
  }
  const number = Number(text);
  if (number >= EPOCH_SECONDS.from && number < EPOCH_SECONDS.before) return secondsUntil(number * 1000, respondedAt);
  if (number >= EPOCH_MS.from && number < EPOCH_MS.before) return secondsUntil(number, respondedAt);
  return Math.ceil(number);
}

function secondsUntil(at: number, respondedAt: number): number {
  return Math.max(0, Math.ceil((at - respondedAt) / 1000));
}
