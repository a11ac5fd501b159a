/**
 * What one receive brought of one ordered group, one after the other. Behind one that is not completed all others are
 * given back untried: SQS gives out nothing of a group while one of its messages is out of sight (SQS Developer Guide,
 * "Interleaving multiple ordered message groups"), so they come again when the first does, and after it. Given back
 * from the last to the first, for queues that put back what is given back at the head.
 */
import type { ReceivedMessage } from "../../aws/message-queue.ts";
import type { Ending } from "../job.ts";
import type { InFlightMessage } from "../in-flight-message.ts";

export interface OrderedGroupParts {
  /** Must not reject. */
  readonly confirm: (inFlight: InFlightMessage) => Promise<Ending>;
  readonly giveBack: (inFlight: InFlightMessage, seconds: number) => Promise<unknown>;
  /** Told how many were held back. */
  readonly onHeldBack: (messages: number) => void;
  /** Milliseconds since any moment, untouched by steps of the clock. */
  readonly elapsedMs: () => number;
}

/** @param group in the order of the queue */
export async function confirmInOrder(
  group: readonly InFlightMessage[],
  { confirm, giveBack, onHeldBack, elapsedMs }: OrderedGroupParts,
): Promise<void> {
  for (const [index, inFlight] of group.entries()) {
    if ((await confirm(inFlight)) === "completed") continue;
    const behind = group.slice(index + 1);
    if (behind.length > 0) onHeldBack(behind.length);
    const ours = behind.filter((message) => message.remainingMs(elapsedMs()) > 0);
    await Promise.all(ours.toReversed().map((message) => giveBack(message, 0)));
    return;
  }
}

/** What came of each group, together and in the order of the queue. */
export function byGroup(messages: readonly ReceivedMessage[]): (readonly ReceivedMessage[])[] {
  return [...Map.groupBy(messages, ({ groupId }) => groupId).values()];
}
