/**
 * What a message from the queue may do to its row, as read consistently just now: the one place that decides whether it
 * is accepted. The states that a row may be in are in `row/row-state.ts`.
 */
import type { AttributeMap } from "./attribute-value.ts";
import type { ConfirmationMessage } from "./message.ts";
import { orderedGroupIdOf } from "./ordering.ts";
import { isErased } from "./row/erased.ts";
import { redeliveryOf } from "./row/redelivery.ts";
import { isPastMending } from "./row/row-failures.ts";
import { type RowState, rowStateOf } from "./row/row-state.ts";
import { versionOf } from "./transaction.ts";

export type DiscardReason = "gone" | "superseded" | "confirmed" | "failed" | "parked" | "released again";

/** What to do with a message, given the row as read consistently just now. */
export type Verdict =
  | { readonly kind: "deliver" }
  /** A dead letter was put back: claim the row, then deliver. */
  | { readonly kind: "reopen" }
  /** A job marked a confirmed row, and this is the message for it: one attempt, which leaves the row confirmed. */
  | { readonly kind: "redeliver" }
  /** The row failed at this very release, or for good: make sure that the dead letter exists, then delete. */
  | { readonly kind: "dead-letter again" }
  /** A dead letter was put back before its row says that it failed, which it will say within moments: look again. */
  | { readonly kind: "too early" }
  /** Delete: it is stale. */
  | { readonly kind: "discard"; readonly reason: DiscardReason };

/** @param known the row's state, where the caller has read it already */
export function judge(message: ConfirmationMessage, row: AttributeMap | undefined, known?: RowState): Verdict {
  if (row === undefined) return { kind: "discard", reason: "gone" };
  if (versionOf(row) !== message.version) return { kind: "discard", reason: "superseded" };
  const { state, release } = known ?? rowStateOf(row);
  if (state === "CONFIRMED")
    return isSentAgain(message, row) ? { kind: "redeliver" } : { kind: "discard", reason: "confirmed" };
  if (state === "SCHEDULED") return { kind: "discard", reason: "parked" };
  if (message.release !== release) return { kind: "discard", reason: "released again" };
  if (state === "PENDING") return { kind: message.deadLettered === true ? "too early" : "deliver" };
  if (isErased(row)) return { kind: "discard", reason: "failed" };
  if (message.deadLettered) return isPastMending(row) ? { kind: "dead-letter again" } : { kind: "reopen" };
  // An ordered one may be in the queue twice, as it is repeated under the same generation; its dead letter was sent
  // before it failed.
  if (orderedGroupIdOf(row) !== undefined) return { kind: "discard", reason: "failed" };
  return { kind: "dead-letter again" };
}

function isSentAgain({ redelivery: asked, deadLettered }: ConfirmationMessage, row: AttributeMap): boolean {
  if (asked === undefined || deadLettered === true) return false;
  const mark = redeliveryOf(row);
  if (mark === undefined || mark.reopens !== undefined || mark.ended !== undefined) return false;
  return mark.jobId === asked.jobId && mark.generation === asked.generation;
}
