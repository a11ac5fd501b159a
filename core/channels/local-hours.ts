/**
 * Hours of the day in a zone, as a condition of a channel has them, on the clock that people there see: over midnight,
 * and through the changes of daylight saving time. Computed with the zones that Node brings (`Intl`).
 */
import { RecentMap } from "../cache/recent-map.ts";
import type { ChannelCondition } from "./channel.ts";

export type LocalHours = NonNullable<ChannelCondition["hours"]>;

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;
const DAYS_A_WEEK = 7;
const MOST_FORMATS = 100;
/** `HH:MM`. */
export const TIME_OF_DAY = /^([01]\d|2[0-3]):[0-5]\d$/;
const DAY_NAMES = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;

/** Making one costs more than using it ten thousand times. Bounded, as a zone has a name in each mix of cases. */
const formats = new RecentMap<Intl.DateTimeFormat>(MOST_FORMATS);

/** Whether it is a zone of the IANA database that this Node knows; an offset such as `+03:00` is none. */
export function isZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return formatOf(name) !== undefined;
  } catch {
    return false;
  }
}

interface LocalTime {
  /** 1 is Monday. */
  readonly day: number;
  /** Since midnight on the clock. */
  readonly minute: number;
}

/** @param now epoch milliseconds @param zone that there is */
function localTime(now: number, zone: string): LocalTime {
  const local = new Date(now + offsetMs(now, zone));
  return { day: local.getUTCDay() || DAYS_A_WEEK, minute: local.getUTCHours() * 60 + local.getUTCMinutes() };
}

/** For a person, such as `Monday 10:15 in America/Sao_Paulo`. */
export function localTimeText(now: number, zone: string): string {
  const { day, minute } = localTime(now, zone);
  const [hours, minutes] = [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, "0"));
  return `${DAY_NAMES[day - 1]} ${hours}:${minutes} in ${zone}`;
}

/** For a person, such as `08:00 to 20:00 on Monday, Tuesday`. */
export function hoursText({ from, to, days }: LocalHours): string {
  const on = days === undefined ? "" : ` on ${days.map((day) => DAY_NAMES[day - 1]).join(", ")}`;
  return `${from} to ${to}${on}`;
}

/**
 * Whether it is within the hours. Those over midnight belong to the day on which they begin; where `to` is the same as
 * `from`, they last until the next day's.
 *
 * @param now epoch milliseconds
 */
export function isWithinHours({ from, to, zone, days }: LocalHours, now: number): boolean {
  const { day, minute } = localTime(now, zone);
  const [begins, ends] = [minutesOf(from), minutesOf(to)];
  const isOn = (weekday: number): boolean => days === undefined || days.includes(weekday);
  if (begins < ends) return minute >= begins && minute < ends && isOn(day);
  if (minute >= begins) return isOn(day);
  return minute < ends && isOn(day === 1 ? DAYS_A_WEEK : day - 1);
}

/**
 * @param hours with one day at least
 * @param now epoch milliseconds, outside the hours
 * @returns the first whole minute after it at which they are on, as epoch milliseconds
 */
export function nextBeginning(hours: LocalHours, now: number): number {
  let at = Math.floor(now / MINUTE_MS) * MINUTE_MS;
  // Each round ends at a beginning, or passes a change of the clock: within a few, whatever the zone does.
  for (;;) {
    const candidate = at + minutesUntilBeginning(hours, localTime(at, hours.zone)) * MINUTE_MS;
    if (offsetMs(candidate, hours.zone) === offsetMs(at, hours.zone)) return candidate;
    at = changeBetween(at, candidate, hours.zone);
    if (isWithinHours(hours, at)) return at;
  }
}

/** On a clock that does not change meanwhile. */
function minutesUntilBeginning({ from, days }: LocalHours, { day, minute }: LocalTime): number {
  for (let ahead = 0; ahead <= DAYS_A_WEEK; ahead++) {
    const minutes = ahead * DAY_MINUTES + minutesOf(from) - minute;
    const weekday = ((day - 1 + ahead) % DAYS_A_WEEK) + 1;
    if (minutes > 0 && (days === undefined || days.includes(weekday))) return minutes;
  }
  throw new RangeError(`hours on no day of the week: got ${JSON.stringify(days)}, expected days from 1 to 7`);
}

/** The minute at which the clock changes, between two that have another offset. */
function changeBetween(before: number, after: number, zone: string): number {
  const offset = offsetMs(before, zone);
  let [low, high] = [before, after];
  while (high - low > MINUTE_MS) {
    const middle = low + Math.floor((high - low) / (2 * MINUTE_MS)) * MINUTE_MS;
    if (offsetMs(middle, zone) === offset) low = middle;
    else high = middle;
  }
  return high;
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

/** How far the clock of a zone is ahead of UTC. */
function offsetMs(now: number, zone: string): number {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(now)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const local = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"));
  return local - Math.floor(now / MINUTE_MS) * MINUTE_MS;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    calendar: "gregory",
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  });
  formats.set(zone, format);
  return format;
}
