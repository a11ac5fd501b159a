/**
 * Which UTC day's manifests are to be written next. A day is looked at twice: when it has been over for some hours, and
 * when everything of it is terminal. Only the newest look that is due counts, so that days without an audit are caught
 * up with one look each.
 */
import type { Run } from "../../../core/audit/audit-run.ts";

const DAY_MS = 86_400_000;
/** Days that are caught up with after a time without audits. */
const CATCH_UP_DAYS = 30;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

export interface LookTimes {
  /** Milliseconds after the end of the day. */
  readonly manifestAfterMs: number;
  readonly manifestAgainAfterMs: number;
}

export interface Look {
  /** `2026-11-22` */
  readonly day: string;
  /** 1 or 2; 0 for a day that somebody wants to see before its time. */
  readonly look: number;
}

/** @returns undefined when none is due. @param last the run before; without one, only the newest day is looked at */
export function nextLook(now: number, times: LookTimes, last: Run | undefined): Look | undefined {
  const looks = last?.looks ?? {};
  const [first] = Object.keys(looks).toSorted();
  const due = daysUntil(now, times)
    .map((day) => ({ day, look: lookAt(day, now, times) }))
    .filter(({ day, look }) => look > (looks[day] ?? 0));
  return first === undefined ? due.at(-1) : due.find(({ day }) => day >= first);
}

/** The looks that were taken, with this one, without days that need no other. */
export function withLook(looks: Run["looks"], { day, look }: Look, now: number, times: LookTimes): Run["looks"] {
  const days = new Set(daysUntil(now, times));
  const kept = Object.entries(looks ?? {}).filter(([one]) => days.has(one));
  return { ...Object.fromEntries(kept), [day]: Math.max(look, looks?.[day] ?? 0) };
}

/** Which look at a day is due, 0 for none. */
export function lookAt(day: string, now: number, times: LookTimes): number {
  const sinceEnd = now - endOf(day);
  if (sinceEnd >= times.manifestAgainAfterMs) return 2;
  return sinceEnd >= times.manifestAfterMs ? 1 : 0;
}

/** The UTC day that was over last. */
export function lastDay(now: number): string {
  return dayOf(now - DAY_MS);
}

/** Whether a text is a day that is over. */
export function isPastDay(text: string, now: number): boolean {
  return DAY.test(text) && dayOf(Date.parse(text)) === text && endOf(text) <= now;
}

/** Days that a look may be due for, oldest first. */
function daysUntil(now: number, { manifestAgainAfterMs }: LookTimes): string[] {
  const count = Math.ceil(manifestAgainAfterMs / DAY_MS) + CATCH_UP_DAYS;
  return Array.from({ length: count }, (_, index) => dayOf(now - (count - index) * DAY_MS));
}

function endOf(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) + DAY_MS;
}

function dayOf(at: number): string {
  return Number.isNaN(at) ? "" : new Date(at).toISOString().slice(0, 10);
}
