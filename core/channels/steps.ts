/**
 * What was done for a transaction, channel by channel, as its row keeps it: `steps`, for its version alone. A step that
 * is recorded is never done again.
 */

export interface StepRecord {
  /** Id of the recipient's channel. */
  readonly channel: string;
  readonly result: "delivered" | "failed" | "skipped";
  /** Epoch milliseconds. */
  readonly at: number;
  /** Attempts on this channel that counted. */
  readonly attempts: number;
  /** What the service calls it. */
  readonly messageId?: string;
  /** Why it failed, or was skipped. */
  readonly error?: string;
  /** What it was answered, in a plan `all`: at most 4 KB of text. */
  readonly response?: string;
}

export interface Steps {
  /** Of the transaction. */
  readonly version: number;
  readonly done: readonly StepRecord[];
  /** The channel that is on, once something of it was recorded. */
  readonly current?: {
    readonly channel: string;
    /** Why this channel, for a person. */
    readonly why: string;
    /** `attemptCount` of the row when it began. */
    readonly from: number;
    /** Written before it is sent; without a result yet. */
    readonly intent?: { readonly id: string; readonly at: number };
  };
}
