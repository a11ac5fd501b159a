/** A confirmation in flight as decisions are handed it: valid unless a test says otherwise. */
import type { ReceivedMessage } from "../../core/aws/message-queue.ts";
import { InFlightMessage } from "../../core/confirmation/in-flight-message.ts";
import type { Job } from "../../core/confirmation/job.ts";
import { confirmationSettings } from "../../core/confirmation/settings.ts";
import { orderedGroupIdOf } from "../../core/transaction/ordering.ts";
import { rowStateOf } from "../../core/transaction/row/row-state.ts";
import { START_MS } from "./fake-clock.ts";
import { text, transactionRow } from "./rows.ts";

export const NOW = START_MS;
export const SETTINGS = confirmationSettings({
  retry: { scheduleSeconds: [10, 100], inQueueMaxSeconds: 30, maxRetryAfterSeconds: 3600 },
  deadlineMs: 10_000,
  deliverWithinMs: 1_000_000,
  leaseMs: 900_000,
  settledDays: 90,
  dueShards: 1,
  merchantShards: 1,
});

/** The group of a row with the ordering key `k`. */
export const GROUP_ID = orderedGroupIdOf(transactionRow({ orderingKey: text("k") })) ?? "";

export function received(changes: Partial<ReceivedMessage> = {}): ReceivedMessage {
  return { messageId: "m", receiptHandle: "h", body: "{}", groupId: "t-1", receiveCount: 1, sentAt: NOW, ...changes };
}

export function inFlight(changes: Partial<ReceivedMessage> = {}): InFlightMessage {
  return new InFlightMessage(received(changes), 0, 60);
}

export function jobOf(changes: Partial<Job> = {}): Job {
  const message = { transactionId: "t-1", version: 1, release: 0 };
  return {
    inFlight: inFlight(),
    message,
    target: message,
    state: rowStateOf(transactionRow()),
    isReopened: false,
    orderedGroupId: undefined,
    isPredecessor: false,
    isSandbox: false,
    isPinned: false,
    trace: undefined,
    merchantId: "m-1",
    redelivery: undefined,
    campaign: undefined,
    ...changes,
  };
}

/** The same of a row with an ordering key. */
export function orderedJob(changes: Partial<Job> = {}): Job {
  return jobOf({ orderedGroupId: GROUP_ID, inFlight: inFlight({ groupId: GROUP_ID }), ...changes });
}
