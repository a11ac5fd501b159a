/** What is known of one message once its row was read and its message accepted: handed on from step to step. */
import type { Target } from "../aws/statements/statement.ts";
import { traceIdOf } from "../telemetry/trace.ts";
import type { ConfirmationMessage } from "../transaction/message.ts";
import type { AttributeMap } from "../transaction/attribute-value.ts";
import { ATTRIBUTES } from "../transaction/row/attributes.ts";
import { type Redelivery, redeliveryOf } from "../transaction/row/redelivery.ts";
import type { RowState } from "../transaction/row/row-state.ts";
import type { AttemptTrace } from "./attempt-trace.ts";
import type { PlanStep } from "./channels/plan-step.ts";
import type { InFlightMessage } from "./in-flight-message.ts";

export interface Job {
  readonly inFlight: InFlightMessage;
  readonly message: ConfirmationMessage;
  readonly target: Target;
  readonly state: RowState;
  /** A dead letter that was put back: its message is of the generation before, so it cannot wait in the queue. */
  readonly isReopened: boolean;
  /**
   * The ordered group that the row belongs to, and the message with it; undefined for a row without an ordering key.
   */
  readonly orderedGroupId: string | undefined;
  /** The message is of one that must come after it, and goes on with that one. */
  readonly isPredecessor: boolean;
  /** Of one whose path is traced. */
  readonly trace: AttemptTrace | undefined;
  /** Undefined where the row names none. */
  readonly merchantId: string | undefined;
  /** Its merchant is of the sandbox; false until that is known. */
  isSandbox: boolean;
  /** Whoever records something of it also records that this pipeline confirms it: its merchant is being cut over. */
  isPinned: boolean;
  /** As what it counts of a campaign; undefined for a row without a label, and where none is registered. */
  readonly campaign: string | undefined;
  /** The job that sends it again, which its merchant is told; undefined for nearly all. */
  readonly redelivery: Redelivery | undefined;
  /** Of a recipient with channels, once one was chosen. */
  readonly plan?: PlanStep | undefined;
}

/** One attempt by a channel of its recipient. */
export type StepJob = Job & { readonly plan: PlanStep };

/**
 * @param isConfirmed whether the row is, and its message is one of that job; a mark on any other row says only how it
 * was opened
 */
export function redeliveryIn(row: AttributeMap, isConfirmed: boolean): Redelivery | undefined {
  if (row[ATTRIBUTES.redelivery] === undefined) return undefined;
  const mark = redeliveryOf(row);
  return isConfirmed || mark?.reopens !== undefined ? mark : undefined;
}

/** A confirmed row that is sent again by one attempt, which changes nothing of it but the job's mark. */
export type RedeliveryJob = Job & { readonly redelivery: Redelivery };

export function isRedelivered(job: Job): job is RedeliveryJob {
  return job.redelivery !== undefined && job.redelivery.reopens === undefined;
}

/** Of its version, or by the channel that is on where its recipient has any; as far as the row has recorded. */
export function isFirstAttempt(job: Job): boolean {
  const { attempts, attemptCount } = job.state;
  if (isRedelivered(job)) return false;
  if (job.plan === undefined) return attempts.length === 0 && attemptCount === 0;
  const { channel, steps } = job.plan;
  return attemptCount === steps.current?.from && !attempts.some((attempt) => attempt.channel === channel.id);
}

/** Epoch milliseconds at which the version was written, as far as that was handed on. */
export function committedAtOf({ message, state }: Pick<Job, "message" | "state">): number | undefined {
  return message.committedAt ?? state.committedAt;
}

/** By what a log line is found. */
export function idsOf({ inFlight, message, merchantId }: Job): Readonly<Record<string, unknown>> {
  return {
    transactionId: message.transactionId,
    version: message.version,
    merchantId,
    messageId: inFlight.received.messageId,
    traceId: traceIdOf(message.trace ?? inFlight.received.trace),
  };
}

/** `completed`: the message is deleted. `left`: it comes again, and nothing behind it in its group may go before. */
export type Ending = "completed" | "left";
