/**
 * What becomes of a row that another names as the one before it, and whose own message is somewhere behind in the
 * queue, or not in it yet. The group gives out nothing else meanwhile, so nobody else is at it.
 */
import { ATTRIBUTES } from "../../transaction/row/attributes.ts";
import type { AttributeMap } from "../../transaction/attribute-value.ts";
import type { Failure } from "../../transaction/failure.ts";
import { orderedGroupIdOf } from "../../transaction/ordering.ts";
import { isTerminal } from "../../transaction/row/row-state.ts";
import { generationFailure } from "../../transaction/row/row-failures.ts";
import { effect, KEEP, type Quarantine } from "./effect.ts";
import { notRecordable } from "./reasons.ts";

/** In the place of a row that was given up since nothing could be recorded on it. */
export const QUARANTINED: AttributeMap = {};

/**
 * `over`: it is done, gone, or of another group. `busy`: somebody writes to it while it is handled. `attempt`: it is to
 * be attempted now.
 */
export type PredecessorStep = "over" | "busy" | "attempt" | Quarantine;

/** @param before as it was when it was handled for this very message before; none is handled once more */
export function decideOnPredecessor(
  row: AttributeMap | undefined,
  groupId: string,
  before: AttributeMap | undefined,
): PredecessorStep {
  if (row === undefined || orderedGroupIdOf(row) !== groupId || isTerminal(row)) return "over";
  const unusable =
    generationFailure(row) ?? (before !== undefined && isAsBefore(row, before) ? notRecordable : undefined);
  if (unusable !== undefined && before !== QUARANTINED) return quarantine(row, unusable);
  return before === undefined ? "attempt" : "busy";
}

/** A row on which nothing can be recorded is given up as it is, so that what comes after it may go on. */
function quarantine(row: AttributeMap, failure: Failure): Quarantine {
  return effect("quarantine", { kind: "quarantined", row, failure } as const, KEEP, {
    send: { kind: "unusable row", row, failure },
  });
}

/** What every record's condition rests on is as it was, and still nothing could be recorded: it is none of ours. */
function isAsBefore(row: AttributeMap, before: AttributeMap): boolean {
  const names = ["version", ATTRIBUTES.releaseNumber, ATTRIBUTES.confirmationState, ATTRIBUTES.stateVersion];
  return names.every((name) => JSON.stringify(row[name]) === JSON.stringify(before[name]));
}
