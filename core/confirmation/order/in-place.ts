/** For how long a message of the ordered queue stays at the head of its group before it is looked at again. */
import type { ReceivedMessage } from "../../aws/message-queue.ts";
import type { WaitReason } from "../../merchant/merchant-health.ts";
import type { ACKNOWLEDGEMENT } from "../../transaction/row/acknowledgement.ts";
import { nextLookMs, stayInPlaceSeconds } from "../../transaction/ordering.ts";
import type { InFlightMessage } from "../in-flight-message.ts";

/** @param random in [0, 1) @returns epoch milliseconds, for one that could not be attempted */
export function nextLookAt(
  { receiveCount, sentAt }: ReceivedMessage,
  reason: WaitReason | typeof ACKNOWLEDGEMENT | "error",
  now: number,
  random: number,
): number {
  const ageMs = sentAt > 0 ? Math.max(0, now - sentAt) : 0;
  return now + nextLookMs(reason, receiveCount, ageMs, random);
}

/**
 * @param waitMs for which it is to stay
 * @param elapsedMs as the message's own times
 * @returns what its visibility is set to; it may be received before its wait is over
 */
export function secondsInPlace(inFlight: InFlightMessage, waitMs: number, elapsedMs: number): number {
  return stayInPlaceSeconds(waitMs, inFlight.mostSeconds(elapsedMs));
}
