/** A message for a channel, as the pipeline makes it. */
import type { Channel } from "../../../core/channels/channel.ts";
import type { ChannelMessage, SendOutcome } from "../../../core/channels/channel-sender.ts";
import { buildWebhook } from "../../../core/delivery/webhook.ts";
import type { Transaction } from "../../../core/transaction/transaction.ts";

const TRANSACTION: Transaction = {
  transactionId: "t-1",
  version: 1,
  merchantId: "m-1",
  outcome: "ACCEPTED",
  amount: "12.50",
  currency: "MXN",
  occurredAt: "2026-11-29T10:00:00.000Z",
  payload: { phone: { S: "+52 55 1234 5678" } },
};

export function messageFor<C extends Channel>(channel: C, changed: Partial<ChannelMessage> = {}): ChannelMessage<C> {
  const { id: webhookId, body } = buildWebhook(TRANSACTION);
  return {
    channel,
    merchantId: TRANSACTION.merchantId,
    transaction: TRANSACTION,
    webhookId,
    body,
    intentId: "intent-1",
    steps: [],
    ...changed,
  } as ChannelMessage<C>;
}

/** In a word: `delivered`, a class of failure, `not sent` or `uncertain`. */
export function wordOf(outcome: SendOutcome): string {
  if (outcome.kind !== "outcome") return outcome.kind;
  return outcome.outcome.kind === "delivered" ? "delivered" : outcome.outcome.class;
}

/** Milliseconds. */
export const LIMITS = { connectMs: 1000, attemptMs: 30_000, attempts: 1, retryWithinMs: 0 };
