/**
 * A put of the same version wipes what the pipeline knew of a row, until `stream-transactions` restores it. A message
 * that was received before may have been attempted before. So one whose row looks new, and was written after the
 * message was sent, waits a moment for what was pinned on it.
 */
import { ATTRIBUTES } from "../../transaction/row/attributes.ts";
import type { ReceivedMessage } from "../../aws/message-queue.ts";
import type { AttributeMap } from "../../transaction/attribute-value.ts";
import { numberOf } from "../../transaction/attribute-value.ts";

export const RESTORED_WITHIN_SECONDS = 2;
/** A producer's clock may be ahead, and its rows look so for ever. */
const MOST_RECEIVES = 6;

/** @param release of the message; at a later one a wiped row does not fit it anyway */
export function looksWiped(
  row: AttributeMap,
  { receiveCount, sentAt }: ReceivedMessage,
  release: number,
  leaseMs: number,
): boolean {
  if (receiveCount < 2 || receiveCount > MOST_RECEIVES || release > 0) return false;
  if (row[ATTRIBUTES.confirmationState] !== undefined) return false;
  const dueAt = numberOf(row[ATTRIBUTES.dueAt]);
  // Whoever leaves these out has them from the stream.
  if (row[ATTRIBUTES.merchantKey] === undefined || dueAt === undefined) return true;
  return sentAt > 0 && dueAt - leaseMs > sentAt;
}
