/**
 * How many failing messages may wait in the queue. SQS FIFO stops for every merchant at 120,000 in flight, so they get
 * a small part of it; and none where a merchant's confirmations are one group, in which one that waits would hold up
 * all behind it.
 */
import type { Settings } from "../settings/settings.ts";

/** All tasks together: 1 % of what SQS lets be in flight. */
const IN_QUEUE_FAILING = 1200;

/**
 * @returns failing messages that one task may leave in the queue, such that the most tasks together keep to the share
 */
export function inQueueFailingMax({ worker, order }: Pick<Settings, "worker" | "order">): number {
  if (order === "merchant") return 0;
  return Math.max(1, Math.floor(IN_QUEUE_FAILING / worker.maxTasks));
}
