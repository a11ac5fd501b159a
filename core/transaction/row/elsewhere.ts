/**
 * The word of the old system that it confirmed a version, as its log or a call of the API has it. Nobody here sees its
 * calls, so this is all that is known of them. It says when that was, and changes the state only where nothing was
 * delivered from here yet, so that nothing is:
 *
 *   PENDING, SCHEDULED, FAILED   -> CONFIRMED, `confirmedBy` elsewhere; what is on its way is stale
 *   CONFIRMED                    stays what it is; delivered from here too, it is an overlap
 */
import { type AttributeMap, type AttributeValue, numberOf, stringOf } from "../attribute-value.ts";
import { hasContentChanged } from "../accepted.ts";
import { versionOf } from "../transaction.ts";
import { ATTRIBUTES } from "./attributes.ts";
import { confirmedByOf } from "./confirmed-by.ts";
import { stateOf } from "./row-state.ts";

export interface Elsewhere {
  readonly version: number;
  /** When the old system confirmed it, epoch milliseconds. */
  readonly at: number;
  /** When that was noted here. */
  readonly notedAt: number;
  /** Whose token said so. */
  readonly by: string;
}

/** Of the version that the row has; undefined where nothing was said of it. */
export function elsewhereOf(row: AttributeMap): Elsewhere | undefined {
  const kept = row[ATTRIBUTES.saidElsewhere]?.M;
  const [version, at] = [numberOf(kept?.["version"]), numberOf(kept?.["at"])];
  if (kept === undefined || version === undefined || at === undefined || version !== versionOf(row)) return undefined;
  return { version, at, notedAt: numberOf(kept["notedAt"]) ?? at, by: stringOf(kept["by"]) ?? "" };
}

export function writeElsewhere({ version, at, notedAt, by }: Elsewhere): AttributeValue {
  return {
    M: {
      version: { N: String(version) },
      at: { N: String(at) },
      notedAt: { N: String(notedAt) },
      by: { S: by },
    },
  };
}

/**
 * What becomes of the word: `confirm` the row by it; `note` it beside what the row says; `known` already. Or it is of
 * no effect: `unknown`, no such transaction or version here; `superseded` by a higher version.
 */
export type ElsewhereVerdict = "confirm" | "note" | "known" | "unknown" | "superseded";

export function judgeElsewhere(row: AttributeMap | undefined, version: number): ElsewhereVerdict {
  const there = row === undefined ? undefined : versionOf(row);
  if (row === undefined || there === undefined || version > there) return "unknown";
  if (version < there) return "superseded";
  if (elsewhereOf(row) !== undefined) return "known";
  const state = stateOf(row);
  // What its merchant got from here is another content: that stays to be looked at.
  if (state === "FAILED" && hasContentChanged(row)) return "note";
  return state === "CONFIRMED" ? "note" : "confirm";
}

/** Whether both systems confirmed the version that the row has: delivered from here, and said to be by the other. */
export function isOverlap(row: AttributeMap): boolean {
  return stateOf(row) === "CONFIRMED" && elsewhereOf(row) !== undefined && confirmedByOf(row) === undefined;
}
