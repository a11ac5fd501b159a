/**
 * What a switch of a merchant's mode does to its switches. Pure. What was decided for a time that has come, or is about
 * to come, stays: it may have been acted on by either system. Only a switch that is far enough ahead is added, replaced
 * or taken back, so that whoever keeps what it knows of merchants has learnt of it before a version can be under it.
 *
 * From one mode of the old system's to the other, nobody else confirms: that takes effect where the last one did.
 */
import { type Mode, MOST_SWITCHES, type ModeSwitch, type OldMode, type Switches } from "./modes.ts";

export interface SwitchTo {
  readonly mode: Mode;
  /** Epoch milliseconds. @default the earliest that may be */
  readonly from?: number | undefined;
}

/** Why a switch may not be. */
export type SwitchFault =
  /** @member earliest that it may be from, epoch milliseconds */
  | { readonly kind: "too near"; readonly earliest: number }
  /** It is under that mode already, or has been from the beginning: there is nothing to say a time of. */
  | { readonly kind: "no change" }
  | { readonly kind: "too many" };

const SECOND_MS = 1000;
const LIVE: Switches = [{ mode: "live" }];

/** The earliest that a switch may be, in epoch milliseconds at a whole second. @param aheadMs how far ahead it is */
export function earliestSwitch(now: number, aheadMs: number): number {
  return Math.ceil((now + aheadMs) / SECOND_MS) * SECOND_MS;
}

/**
 * A switch that is far enough ahead is not yet to be relied on: another one takes its place.
 *
 * @param before of the merchant. @default it has been live from the beginning
 * @param aheadMs milliseconds by which a switch must be ahead
 */
export function switched(
  before: Switches | undefined,
  { mode, from: given }: SwitchTo,
  now: number,
  aheadMs: number,
): { readonly switches: Switches } | SwitchFault {
  const settled = (before ?? LIVE).filter(({ from }) => from === undefined || from < now + aheadMs);
  const last = settled.at(-1) ?? { mode: "live" };
  if (isOldMode(last.mode) === isOldMode(mode))
    return given === undefined ? { switches: [...settled.slice(0, -1), { ...last, mode }] } : { kind: "no change" };
  const earliest = earliestSwitch(now, aheadMs);
  if (given !== undefined && given < now + aheadMs) return { kind: "too near", earliest };
  const switches = [...settled, { mode, from: given ?? earliest }];
  return switches.length > MOST_SWITCHES ? { kind: "too many" } : { switches };
}

/** Of a merchant that is registered: under one mode from the beginning. @returns undefined for one that is live */
export function firstSwitches(mode: Mode | undefined): Switches | undefined {
  return mode === undefined || mode === "live" ? undefined : [{ mode }];
}

/** The switch that holds for what occurs now, and the one to come. @param now epoch milliseconds */
export function aroundNow(
  switches: Switches | undefined,
  now: number,
): { readonly current: ModeSwitch; readonly next: ModeSwitch | undefined } {
  const all = switches ?? LIVE;
  const index = all.findLastIndex(({ from }) => from === undefined || from <= now);
  return { current: all[index] ?? { mode: "live" }, next: all[index + 1] };
}

export function isOldMode(mode: Mode): mode is OldMode {
  return mode !== "live";
}
