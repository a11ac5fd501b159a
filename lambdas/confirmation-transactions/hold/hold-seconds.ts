/**
 * How long a message of small-account mode waits in its queue for something that is not its own, as the receives that
 * SQS grants it are counted: 100, or 1,000 in the ordered queue, and after that SQS itself puts it among the dead
 * letters. Neither an outage nor a pause may do that, however long it lasts, so waits grow: twice as long each time up
 * to a quarter of an hour, and after half of the receives by a share of the message's age. In fourteen days, the
 * longest that SQS keeps a message, that makes fewer than 100; docs/decisions has the sum.
 */
import type { ReceivedMessage } from "../../../core/aws/message-queue.ts";
import { nextLookAt } from "../../../core/confirmation/order/in-place.ts";
import { stayInPlaceSeconds } from "../../../core/transaction/ordering.ts";

const FIRST_SECONDS = 5;
const LONGEST_AT_FIRST_SECONDS = 900;
/** Receives after which waits grow with the age. */
const RECEIVES_AT_FIRST = 50;
const SHARE_OF_AGE = 1 / 8;
/** SQS keeps no message out of sight for longer than twelve hours from its receive. */
const LONGEST_SECONDS = 43_000;

type Received = Pick<ReceivedMessage, "receiveCount" | "sentAt">;

/** @param now epoch milliseconds. @returns whole seconds */
export function holdSeconds(received: Received, now: number): number {
  const { receiveCount } = received;
  const doubled = FIRST_SECONDS * 2 ** Math.min(Math.max(0, receiveCount - 1), 10);
  return sparingSeconds(received, Math.min(LONGEST_AT_FIRST_SECONDS, doubled), now);
}

/** What waits for another reason, and was received often already, waits no shorter. @returns whole seconds */
export function sparingSeconds({ receiveCount, sentAt }: Received, seconds: number, now: number): number {
  if (receiveCount <= RECEIVES_AT_FIRST) return seconds;
  const ageSeconds = sentAt > 0 ? Math.max(0, now - sentAt) / 1000 : 0;
  return Math.min(LONGEST_SECONDS, Math.max(seconds, LONGEST_AT_FIRST_SECONDS, Math.round(ageSeconds * SHARE_OF_AGE)));
}

/** The same in the ordered queue, whose own waits count the receives: see `core/transaction/ordering.ts`. */
export function holdSecondsInOrder(received: ReceivedMessage, now: number, random: number): number {
  return stayInPlaceSeconds(nextLookAt(received, "error", now, random) - now, LONGEST_SECONDS);
}
