/** What sends by one kind of channel: a file each, of which a step knows this alone. */
import type { AttemptOutcome } from "../retry/next-step.ts";
import type { Transaction } from "../transaction/transaction.ts";
import type { Channel, ChannelKind } from "./channel.ts";
import type { StepRecord } from "./steps.ts";

export interface ChannelMessage<C extends Channel = Channel> {
  readonly channel: C;
  readonly merchantId: string;
  readonly transaction: Transaction;
  /** The same for each attempt of the transaction's version; that of the webhook. */
  readonly webhookId: string;
  /** What the webhook would say, as JSON: what SQS, SNS and EventBridge carry. */
  readonly body: string;
  /** Of this very send, once it was recorded; receipts bring it back. Only where the kind has no client token. */
  readonly intentId?: string | undefined;
  /** What was done before, for templates of a plan `all`. */
  readonly steps: readonly StepRecord[];
}

export type SendOutcome =
  | { readonly kind: "outcome"; readonly outcome: AttemptOutcome; readonly messageId?: string }
  /** Nothing was sent for a reason of our own account (quota, spending cap): it waits, and no attempt is counted. */
  | { readonly kind: "not sent"; readonly error: string; readonly waitSeconds: number }
  /** It may have been sent: the connection ended, or the time was over, before the service responded. */
  | { readonly kind: "uncertain"; readonly error: string };

export interface ChannelSender {
  readonly kind: ChannelKind;
  /** Whether a second send with the same `webhookId` may reach the recipient twice without anybody knowing. */
  readonly needsIntent: boolean;
  /** Never rejects. @param deadlineMs for all of it */
  send(message: ChannelMessage, deadlineMs: number): Promise<SendOutcome>;
}
