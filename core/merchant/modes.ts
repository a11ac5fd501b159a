/**
 * The modes of a merchant, while it is cut over from an old system: who confirms a version, that one or this pipeline.
 * One rule for both, so that each version has one owner whoever looks at it, and when:
 *
 *   A version is under the last switch whose `from` is not after the version's `occurredAt`.
 *
 * Both are instants: zones and trailing zeros are of no account, and a version of that very instant is the switch's. A
 * switch is at a whole millisecond. The first one has no `from`: it holds for all that occurred before the second.
 *
 *   live    this pipeline confirms it
 *   mirror  the old system does; what would have been sent goes to an address for looking at it
 *   shadow  the old system does; what would have been sent is recorded by its digest
 *
 * A merchant without switches is live. The old system has the same rule by `cut-over-rule.ts`, or in words from
 * docs/using/cut-over.md.
 */
import { type AttributeValue, numberOf, stringOf } from "../transaction/attribute-value.ts";

export const MODES = ["live", "mirror", "shadow"] as const;
export type Mode = (typeof MODES)[number];
/** Under which the old system confirms. */
export type OldMode = Exclude<Mode, "live">;

export interface ModeSwitch {
  readonly mode: Mode;
  /** Epoch milliseconds, of `occurredAt`. Of all but the first. */
  readonly from?: number | undefined;
}

/** In the order of time; one at least. */
export type Switches = readonly ModeSwitch[];

/** Switches that a merchant has at most, the first one counted. */
export const MOST_SWITCHES = 50;

/**
 * The mode that a version is under.
 *
 * @param occurredAt of the version: ISO 8601 with a zone, as the API takes it
 * @param switches of its merchant. @default it is live
 */
export function modeOf(occurredAt: string, switches: Switches | undefined): Mode {
  if (switches === undefined) return "live";
  const at = Date.parse(occurredAt);
  // No instant: it was never handled, and is refused by both.
  return switches.findLast(({ from }) => from === undefined || from <= at)?.mode ?? switches[0]?.mode ?? "live";
}

/** @returns undefined for anything else */
export function switchesOf(attribute: AttributeValue | undefined): Switches | undefined {
  const read = attribute?.L?.map(({ M: entry }): ModeSwitch | undefined => {
    const mode = MODES.find((known) => known === stringOf(entry?.["mode"]));
    const from = numberOf(entry?.["from"]);
    const isTimed = entry?.["from"] !== undefined;
    if (mode === undefined || (isTimed && !Number.isSafeInteger(from))) return undefined;
    return isTimed ? { mode, from } : { mode };
  });
  if (read === undefined || read.length === 0 || read.length > MOST_SWITCHES) return undefined;
  const switches = read.filter((one) => one !== undefined);
  return switches.length === read.length && isInOrder(switches) ? switches : undefined;
}

function isInOrder(switches: Switches): boolean {
  return switches.every(({ from }, index) => {
    if (index === 0) return from === undefined;
    return from !== undefined && from > (switches[index - 1]?.from ?? Number.NEGATIVE_INFINITY);
  });
}

export function writeSwitches(switches: Switches): AttributeValue {
  return {
    L: switches.map(({ mode, from }) => ({
      M: { mode: { S: mode }, ...(from !== undefined && { from: { N: String(from) } }) },
    })),
  };
}

export function isSameSwitches(one: Switches | undefined, other: Switches | undefined): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
