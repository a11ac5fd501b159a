/**
 * The way of one message through the worker:
 *
 *   parse -> read its row -> judge -> prepare -> call the merchant -> record in the table -> delete from the queue
 *
 * Record first, delete second: whatever is interrupted comes again and is judged anew. Only a row that says so, or a failed
 * condition, lets a message go; when nothing could be learnt or written it stays in the queue.
 */
import type { Statement, Target } from "../../../aws/statements.ts";
import * as statements from "../../../aws/statements.ts";
import { type Attempt, withAttempt } from "../../../core/attempt.ts";
import type { AttributeMap } from "../../../core/attribute-value.ts";
import { dueKeyFor, parkKeyFor, waitKeyFor } from "../../../core/due-index.ts";
import { type Failure, failure, readFailure } from "../../../core/failure.ts";
import { gateUrl, OUR_EGRESS, type WaitReason } from "../../../core/gate.ts";
import {
  type ConfirmationMessage,
  deduplicationId,
  encodeDeadLetter,
  encodeUnreadable,
  parseMessage,
  sha256,
} from "../../../core/message.ts";
import { METRICS } from "../../../core/names.ts";
import { type AttemptOutcome, nextStep } from "../../../core/next-step.ts";
import { usesUpTry } from "../../../core/retry-policy.ts";
import { type RetryPolicy, spreadMs } from "../../../core/retry-schedule.ts";
import { highestVersionOf, judge, loweredFailure, type RowState, rowStateOf } from "../../../core/state.ts";
import type { Call } from "../../../delivery/attempt.ts";
import type { EgressMonitor } from "../../../delivery/egress-monitor.ts";
import type { MerchantGate } from "../../../delivery/gate/merchant-gate.ts";
import type { PreparedCall } from "../../../delivery/prepare.ts";
import type { Acknowledger } from "./acknowledger.ts";
import type { DeadLetters } from "./dead-letters.ts";
import type { HeldMessage } from "./held-message.ts";
import type { InQueueBudget } from "./in-queue-budget.ts";
import type { Recorded, Recorder } from "./recorder.ts";
import type { RowReader } from "./row-reader.ts";

export interface ConfirmationParts {
  readonly tableName: string;
  readonly rows: Pick<RowReader, "read">;
  readonly prepare: (row: AttributeMap) => Promise<PreparedCall | Failure>;
  readonly call: (call: Call) => Promise<AttemptOutcome>;
  readonly recorder: Pick<Recorder, "record">;
  readonly acknowledger: Pick<Acknowledger, "delete" | "giveBack" | "extend">;
  readonly deadLetters: Pick<DeadLetters, "send">;
  readonly gate: Pick<MerchantGate, "enter" | "markWaiting" | "disable">;
  readonly egress: Pick<EgressMonitor, "isOurs">;
  readonly inQueueBudget: InQueueBudget;
  readonly retry: RetryPolicy;
  /** The longest deadline of any call, in milliseconds. */
  readonly deadlineMs: number;
  readonly deliverWithinMs: number;
  readonly settledDays: number;
  readonly dueShards: number;
  readonly merchantShards: number;
  readonly leaseMs: number;
  readonly count: (metric: string) => void;
  readonly warn: (message: string, details: Readonly<Record<string, unknown>>) => void;
  readonly now: () => number;
  readonly random: () => number;
  /** True once the task is ending, or while everything is paused: what was not started is given back. */
  readonly isStopping: () => boolean;
}

/** Visibility that must be left after the deadline, for recording and deleting. */
export const FLUSH_MARGIN_MS = 5000;
/** Seconds until a message is seen again that could not be handled for a passing reason. */
const GIVE_BACK_SECONDS = 5;
/** Seconds for which a message of a newer schema is left to newer tasks. */
const NEWER_SCHEMA_SECONDS = 30;
/** Receives after which there is no newer task: ten minutes, longer than a deployment keeps old and new side by side. */
const NEWER_SCHEMA_RECEIVES = 20;
const PAUSED: WaitReason = "paused";
/** Seconds, in the mean, after which a call is made again that our own network did not let out, for a schedule without waits. */
const EGRESS_WAIT_SECONDS = 5;
/** Milliseconds after which a disabled URL is looked at again that is not its merchant's own but the transaction's. */
const DISABLED_RECHECK_MS = 3_600_000;

interface Job {
  readonly held: HeldMessage;
  readonly message: ConfirmationMessage;
  readonly target: Target;
  readonly state: RowState;
  /** A dead letter that was put back: its message is of the release before, so it cannot wait in the queue. */
  readonly isReopened: boolean;
}

export class Confirmation {
  readonly #parts: ConfirmationParts;

  constructor(parts: ConfirmationParts) {
    this.#parts = parts;
  }

  /** Never rejects; a message that could not be finished stays in the queue. */
  async handle(held: HeldMessage): Promise<void> {
    try {
      await this.#handle(held);
    } catch (error) {
      this.#parts.count(METRICS.leftInQueue);
      this.#parts.warn("message left in the queue", { messageId: held.received.messageId, error: String(error) });
      await this.#parts.acknowledger.giveBack(held, GIVE_BACK_SECONDS);
    }
  }

  async #handle(held: HeldMessage): Promise<void> {
    const { acknowledger, rows, count, warn } = this.#parts;
    count(METRICS.received);
    const parsed = parseMessage(held.received.body);
    if (parsed.kind === "unreadable") return this.#setAside(held, failure("message_unreadable", parsed.reason));
    if (parsed.kind === "newer schema") {
      const { receiveCount } = held.received;
      if (receiveCount >= NEWER_SCHEMA_RECEIVES)
        return this.#setAside(held, failure("message_unreadable", newerSchema(parsed.schema, receiveCount)));
      warn("message left for a newer task", { messageId: held.received.messageId, schema: parsed.schema });
      await acknowledger.giveBack(held, NEWER_SCHEMA_SECONDS);
      return;
    }
    const { message } = parsed;
    const row = await rows.read(message.transactionId);
    const verdict = judge(message, row);
    if (row === undefined || verdict.kind === "discard") {
      count(METRICS.discarded);
      await acknowledger.delete(held);
      return;
    }
    const state = rowStateOf(row);
    const job: Job = { held, message, target: message, state, isReopened: false };
    if (verdict.kind === "dead-letter again") return this.#deadLetterAgain(job, row);
    if (verdict.kind === "reopen") return this.#reopen(job, row);
    return this.#confirm(job, row);
  }

  async #confirm(job: Job, row: AttributeMap): Promise<void> {
    const { prepare, gate, egress, isStopping, acknowledger, now, deliverWithinMs, count } = this.#parts;
    const highest = highestVersionOf(row);
    if (job.target.version < highest) return this.#fail(job, loweredFailure(job.target.version, highest));
    const call = await prepare(row);
    if ("code" in call) return this.#fail(job, call);

    const giveUpAt = call.deliverBy ?? job.state.giveUpAt ?? now() + deliverWithinMs;
    if (now() > giveUpAt) return this.#fail(job, expired(giveUpAt, job.state));
    if (isStopping()) {
      await acknowledger.giveBack(job.held, 0);
      return;
    }
    const entry = await gate.enter(call.merchant, call.destination);
    const { attemptCount, attempts } = job.state;
    const untried = { attemptCount, attempts, giveUpAt };
    if (entry.kind === "closed") return this.#wait(job, call, untried, entry.reason);
    let outcome: AttemptOutcome | undefined;
    let isOurs = false;
    const at = now();
    try {
      if (await this.#hasTimeFor(job.held)) outcome = await this.#parts.call({ ...call, now: at });
      isOurs = outcome !== undefined && egress.isOurs(call.destination.origin, at, outcome);
    } finally {
      await entry.leave(isOurs ? undefined : outcome);
    }
    if (outcome === undefined) count(METRICS.leftInQueue);
    else if (isOurs) await this.#spare(job, untried);
    else await this.#learn(job, call, giveUpAt, at, outcome);
  }

  async #learn(job: Job, call: PreparedCall, giveUpAt: number, at: number, outcome: AttemptOutcome): Promise<void> {
    const { now, random, inQueueBudget, count, gate } = this.#parts;
    const { retryScheduleSeconds: scheduleSeconds = this.#parts.retry.scheduleSeconds } = call.merchant;
    const retry = { ...this.#parts.retry, scheduleSeconds };
    count(outcome.kind === "delivered" ? METRICS.delivered : METRICS.attemptFailed);

    const described = describe(outcome);
    const attemptCount = job.state.attemptCount + (usesUpTry(described) ? 1 : 0);
    const kept = {
      at,
      durationMs: now() - at,
      outcome: outcome.kind === "delivered" ? outcome.kind : outcome.class,
      ...described,
    };
    const progress = { attemptCount, attempts: withAttempt(job.state.attempts, kept), giveUpAt };
    if (outcome.disablesUrl === true) {
      const why = described.error ?? "asked for no more";
      const isDisabled = await gate.disable(call.merchant.merchantId, call.destination, why);
      if (isDisabled && outcome.kind === "failed" && outcome.abortsMessage !== true)
        return this.#wait(job, call, progress, "url disabled");
    }
    const hasRoomInQueue = !job.isReopened && inQueueBudget.hasRoom;
    const step = nextStep(retry, { outcome, ...progress, now: now(), hasRoomInQueue, random: random() });
    if (step.kind === "confirm") return this.#recordConfirmed(job, progress);
    if (step.kind === "retry in queue") return this.#retryInQueue(job, progress, step.delaySeconds);
    if (step.kind === "park") return this.#park(job, progress, step.dueAt);
    return this.#fail({ ...job, state: { ...job.state, ...progress } }, step.failure);
  }

  async #recordConfirmed(job: Job, progress: statements.Progress): Promise<void> {
    const { tableName, now, settledDays, count, acknowledger } = this.#parts;
    const statement = statements.confirmStatement(tableName, job.target, progress, now(), settledDays);
    const result = await this.#settle(job, statement, "CONFIRMED");
    if (result.kind === "written") count(METRICS.confirmed);
    await acknowledger.delete(job.held);
  }

  async #retryInQueue(job: Job, progress: statements.Progress, delaySeconds: number): Promise<void> {
    const { tableName, inQueueBudget, acknowledger } = this.#parts;
    inQueueBudget.add(delaySeconds);
    const result = await this.#record(job, statements.attemptStatement(tableName, job.target, progress));
    if (result.kind === "rejected")
      return this.#fail({ ...job, state: { ...job.state, ...progress } }, cannotHold(result.error));
    if (result.kind === "condition failed") await acknowledger.delete(job.held);
    else await acknowledger.giveBack(job.held, delaySeconds);
  }

  #park(job: Job, progress: statements.Progress, dueAt: number, waitingFor?: WaitReason): Promise<void> {
    const { tableName, dueShards } = this.#parts;
    const dueKey = parkKeyFor(job.target.transactionId, dueShards);
    const statement = statements.parkStatement(tableName, job.target, progress, dueKey, dueAt, waitingFor);
    return this.#parkAs(job, progress, statement);
  }

  /** Parked for the merchant's sake: no try is used up, and `release-due` lets it go when the merchant can take it. */
  async #wait(job: Job, call: PreparedCall, progress: statements.Progress, reason: WaitReason): Promise<void> {
    const { tableName, merchantShards, gate, now, count } = this.#parts;
    const { merchantId, confirmationUrl = "" } = call.merchant;
    // Which URLs are the transactions' own `release-due` cannot know.
    const isOwnUrl = reason === "url disabled" && gateUrl(confirmationUrl) !== urlOf(call);
    if (isOwnUrl) return this.#park(job, progress, Math.min(now() + DISABLED_RECHECK_MS, progress.giveUpAt), reason);
    await gate.markWaiting(merchantId, reason);
    count(METRICS.waiting);
    const dueKey = waitKeyFor(merchantId, job.target.transactionId, merchantShards);
    const { giveUpAt } = progress;
    return this.#parkAs(
      job,
      progress,
      statements.parkStatement(tableName, job.target, progress, dueKey, giveUpAt, reason),
    );
  }

  /** Our own network let the call not out: parked for a moment, without a try used up. */
  #spare(job: Job, progress: statements.Progress): Promise<void> {
    const { tableName, dueShards, retry, now, random, count } = this.#parts;
    count(METRICS.spared);
    const dueKey = parkKeyFor(job.target.transactionId, dueShards);
    const dueAt = now() + spreadMs(retry.scheduleSeconds[0] ?? EGRESS_WAIT_SECONDS, random());
    const until = Math.min(dueAt, progress.giveUpAt);
    return this.#parkAs(
      job,
      progress,
      statements.parkStatement(tableName, job.target, progress, dueKey, until, OUR_EGRESS),
    );
  }

  async #parkAs(job: Job, progress: statements.Progress, statement: Statement): Promise<void> {
    const { acknowledger, count } = this.#parts;
    const result = await this.#record(job, statement);
    if (result.kind === "rejected")
      return this.#fail({ ...job, state: { ...job.state, ...progress } }, cannotHold(result.error));
    if (result.kind === "written") count(METRICS.parked);
    await acknowledger.delete(job.held);
  }

  /** Dead letter first, then the record, then the delete: a crash in between sends the dead letter again, never none. */
  async #fail(job: Job, reason: Failure): Promise<void> {
    const { tableName, now, settledDays, count, acknowledger } = this.#parts;
    await this.#sendDeadLetter(job, reason);
    const statement = statements.failStatement(tableName, job.target, job.state, reason, now(), settledDays);
    const result = await this.#settle(job, statement, "FAILED");
    if (result.kind !== "condition failed")
      count(reason.fault === "merchant" ? METRICS.deadLetteredMerchant : METRICS.deadLetteredPipeline);
    await acknowledger.delete(job.held);
  }

  async #deadLetterAgain(job: Job, row: AttributeMap): Promise<void> {
    await this.#sendDeadLetter(job, readFailure(row["failure"]) ?? WITHOUT_REASON);
    await this.#parts.acknowledger.delete(job.held);
  }

  async #reopen(job: Job, row: AttributeMap): Promise<void> {
    const { tableName, dueShards, leaseMs, now, acknowledger, count } = this.#parts;
    const { target } = job;
    const statement = statements.reopenStatement(
      tableName,
      target,
      dueKeyFor(target.transactionId, dueShards),
      now() + leaseMs,
    );
    const result = await this.#record(job, statement);
    if (result.kind !== "written") {
      await acknowledger.delete(job.held);
      return;
    }
    count(METRICS.reopened);
    const { giveUpAt: _, ...state } = job.state;
    const next = { ...target, release: target.release + 1 };
    return this.#confirm(
      {
        ...job,
        target: next,
        message: { ...job.message, release: next.release },
        state: { ...state, state: "PENDING", attemptCount: 0 },
        isReopened: true,
      },
      row,
    );
  }

  async #setAside(held: HeldMessage, reason: Failure): Promise<void> {
    const { deadLetters, acknowledger, count } = this.#parts;
    const { body, groupId } = held.received;
    // The message's id is part of it: a letter that was put back has another one, and must not be swallowed as its own repetition.
    const deduplication = sha256(`${held.received.messageId} ${body}`);
    await deadLetters.send({ body: encodeUnreadable(body, reason), groupId, deduplicationId: deduplication }, held);
    count(METRICS.deadLetteredPipeline);
    await acknowledger.delete(held);
  }

  async #sendDeadLetter(job: Job, reason: Failure): Promise<void> {
    const { message, held, state } = job;
    await this.#parts.deadLetters.send(
      {
        body: encodeDeadLetter(message, reason, state.attemptCount),
        groupId: held.received.groupId,
        deduplicationId: deduplicationId({ ...message, deadLettered: true }),
        ...(message.trace !== undefined && { trace: message.trace }),
      },
      held,
    );
  }

  /** A row that cannot take the whole record is settled all the same, with as little as it takes. */
  async #settle(job: Job, statement: Statement, state: "CONFIRMED" | "FAILED"): Promise<Recorded> {
    const result = await this.#record(job, statement);
    if (result.kind !== "rejected") return result;
    const { tableName, count, warn } = this.#parts;
    count(METRICS.unrecordable);
    warn("the row cannot take the whole record", { transactionId: job.target.transactionId, error: result.error });
    return this.#record(job, statements.settleBarelyStatement(tableName, job.target, state));
  }

  #record(job: Job, statement: Statement): Promise<Recorded> {
    return this.#parts.recorder.record(statement, job.held);
  }

  /** AWS refuses an expired FIFO handle, and someone else may have the message by then; so there must be time for all of it. */
  async #hasTimeFor(held: HeldMessage): Promise<boolean> {
    const remainingMs = held.remainingMs(this.#parts.now());
    if (remainingMs >= this.#parts.deadlineMs + FLUSH_MARGIN_MS) return true;
    if (remainingMs <= 0) return false;
    return this.#parts.acknowledger.extend(held);
  }
}

/** A row too large to keep its reason, or one that somebody else made fail. */
const WITHOUT_REASON = failure(
  "row_invalid",
  "The row is FAILED and has no reason: it is too large to keep one, or a producer wrote the state. Write it again, smaller and with a higher version.",
);

/** What of an outcome is kept on the row. */
function describe(outcome: AttemptOutcome): Pick<Attempt, "status" | "error" | "retryAfterSeconds" | "answer"> {
  const { status, answer } = outcome;
  const { error, retryAfterSeconds } = outcome.kind === "failed" ? outcome : {};
  return {
    ...(status !== undefined && { status }),
    ...(error !== undefined && { error }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    ...(answer !== undefined && { answer }),
  };
}

function urlOf({ destination }: PreparedCall): string {
  return destination.origin + destination.path;
}

/** DynamoDB refuses to let the row grow, so no further try could be counted on it. */
function cannotHold(error: string): Failure {
  return failure(
    "row_invalid",
    `The row cannot take the record of an attempt: ${error}. Write it again, smaller and with a higher version.`,
  );
}

function newerSchema(schema: number, receiveCount: number): string {
  return `The body has schema ${schema}, and no task knew it in ${receiveCount} receives. Finish the deployment or the roll-back; its transaction is released again from the table.`;
}

function expired(giveUpAt: number, state: RowState): Failure {
  const until = new Date(giveUpAt).toISOString();
  // An attempt after which the merchant asked for time is no try, but it was made.
  const attempts = Math.max(state.attemptCount, state.attempts.length);
  const tries = attempts === 0 ? "without one attempt" : `after ${attempts} attempt${attempts === 1 ? "" : "s"}`;
  const { waitedFor = PAUSED } = state;
  const waited = state.waitedFor === undefined ? "" : ` What it waited for last: ${waitedFor}.`;
  const isOurs = attempts === 0 && (waitedFor === PAUSED || waitedFor === OUR_EGRESS);
  return failure(
    isOurs ? "expired_untried" : "expired",
    `It was to be delivered by ${until} and was given up ${tries}.${waited} If it is still wanted, write it again with a higher version.`,
  );
}
