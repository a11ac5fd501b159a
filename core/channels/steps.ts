/**
 * What was done for a transaction, channel by channel, as its row keeps it: `steps`, for its version alone. A step that
 * is recorded is never done again. Each write raises `revision`, and counts only where nobody wrote in between.
 */
import type { FailureClass } from "../retry/retry-policy.ts";
import type { ChannelPlan } from "./channel.ts";

export interface StepRecord {
  /** Id of the recipient's channel. */
  readonly channel: string;
  readonly result: "delivered" | "failed" | "skipped";
  /** Epoch milliseconds. */
  readonly at: number;
  /** Attempts on this channel that counted. */
  readonly attempts: number;
  /** Why this channel, for a person. @default it was skipped */
  readonly why?: string;
  /** What the service calls it. */
  readonly messageId?: string;
  /** Class of the failure that ended it. */
  readonly class?: string;
  /** Why it failed, or was skipped. */
  readonly error?: string;
  /** The response to it, in a plan `all`: at most 4 KB of text. */
  readonly response?: string;
}

/** What came of a step, as a receipt or an acknowledgement tells it. */
export type StepResult =
  | { readonly kind: "delivered"; readonly messageId?: string }
  | { readonly kind: "failed"; readonly class: FailureClass; readonly error: string };

/** Written before a message is sent that no client token makes one. */
export interface Intent {
  /** As `intentIdFor` makes it; receipts bring it back. */
  readonly id: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** The service has taken it, and its receipt is to come. @default nobody knows whether it was sent */
  readonly isSent?: true;
}

/** The channel that is on, once something of it was recorded. */
export interface CurrentStep {
  readonly channel: string;
  /** Why this channel, for a person. */
  readonly why: string;
  /** `attemptCount` of the row when it began. */
  readonly from: number;
  /** Of the message that is on its way. */
  readonly intent?: Intent;
  /** What was told of it meanwhile: whoever takes the row up next goes on with it, and sends nothing. */
  readonly result?: StepResult;
  /** Since when something keeps it back, epoch milliseconds. @default nothing has since its last attempt */
  readonly keptSince?: number;
}

/** A channel of a plan `fallback` that was kept back for so long that another one goes first. */
export interface PassedOver {
  readonly channel: string;
  /** Epoch milliseconds before which it is not looked at again. */
  readonly until: number;
  /** What kept it back, for a person. */
  readonly why: string;
  /** Attempts on it that counted: it goes on where it was. */
  readonly attempts: number;
}

export interface Steps {
  /** Of the transaction. */
  readonly version: number;
  /** As it was when the first step was recorded. */
  readonly plan: ChannelPlan;
  /** How often they were written. */
  readonly revision: number;
  readonly done: readonly StepRecord[];
  readonly current?: CurrentStep;
  /** Each channel once. @default none */
  readonly passedOver?: readonly PassedOver[];
}

/** The plan that holds for a transaction: that under which its first step was recorded. @param own of its recipient */
export function planInForce(steps: Steps | undefined, own: ChannelPlan): ChannelPlan {
  const hasBegun = steps !== undefined && (steps.done.length > 0 || steps.current !== undefined);
  return hasBegun ? steps.plan : own;
}
