/**
 * What a batch of changes asks for, a transaction at a time: only its newest version is owed, and nothing of what
 * became terminal since.
 */
import { type AttributeMap, stringOf } from "../../core/transaction/attribute-value.ts";
import type { Failure } from "../../core/transaction/failure.ts";
import { isTerminal } from "../../core/transaction/row/row-state.ts";
import { type Change, type Decision, decide } from "./decide.ts";
import type { PlacingOptions } from "./put-in-place.ts";

export interface StreamChange extends Change {
  readonly sequenceNumber: string;
}

/** All that a batch holds of one transaction. */
export interface PendingChange {
  /** Of its first change: a retry from there repeats all of it. */
  readonly sequenceNumber: string;
  readonly image: AttributeMap;
  readonly decisions: readonly Decision[];
}

/** Keeps, for each transaction, what still holds for the version that it has last. */
export function coalesce(
  changes: readonly StreamChange[],
  options: PlacingOptions,
): { readonly pending: PendingChange[]; readonly superseded: number } {
  const byTransaction = new Map<string, PendingChange>();
  let superseded = 0;
  for (const change of changes) {
    const before = byTransaction.get(stringOf(change.newImage["transactionId"]) ?? "");
    const decision = decide(change, options, before?.decisions.at(-1)?.highest);
    const kept = before?.decisions.filter(({ version }) => version === decision.version) ?? [];
    if (decision.message !== undefined && before?.decisions.some(({ message }) => message !== undefined) === true)
      superseded += 1;
    byTransaction.set(decision.transactionId, {
      sequenceNumber: before?.sequenceNumber ?? change.sequenceNumber,
      image: change.newImage,
      decisions: isTerminal(change.newImage) ? [decision] : [...kept, decision],
    });
  }
  return { pending: [...byTransaction.values()], superseded };
}

/** A version stays quarantined whatever else changes on its row. */
export function unreadableOf(
  decisions: readonly Decision[],
): (Decision & { readonly quarantined: Failure }) | undefined {
  return decisions.findLast(
    (decision): decision is Decision & { quarantined: Failure } => decision.quarantined !== undefined,
  );
}
