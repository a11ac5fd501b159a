/**
 * A batch of which nothing is begun, as nothing could be done with it: the head of each group waits, and what is behind
 * it is given back at once, since it comes no sooner than the head. An event source mapping cannot be told to receive
 * less, so each wait is longer than the one before.
 */
import type { MessageQueue, ReceivedMessage } from "../../../core/aws/message-queue.ts";

/**
 * @param messages at most ten. One whose visibility could not be set has that of the queue
 * @param secondsOf how long the head of a group waits
 */
export async function holdBatch(
  queue: Pick<MessageQueue, "changeVisibility">,
  messages: readonly ReceivedMessage[],
  secondsOf: (head: ReceivedMessage) => number,
): Promise<void> {
  const groups = Map.groupBy(messages, ({ groupId }) => groupId);
  const changes = [...groups.values()].flatMap((group) =>
    group.map((message, index) => ({
      receiptHandle: message.receiptHandle,
      seconds: index === 0 ? secondsOf(message) : 0,
    })),
  );
  // From the last to the first, for queues that put back what is given back at the head.
  await queue.changeVisibility(changes.toReversed());
}
