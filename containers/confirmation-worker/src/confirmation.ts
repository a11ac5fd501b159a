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
import { withAttempt } from "../../../core/attempt.ts";
import type { AttributeMap } from "../../../core/attribute-value.ts";
import { dueKeyFor, parkKeyFor } from "../../../core/due-index.ts";
import { type Failure, failure } from "../../../core/failure.ts";
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
import type { RetryPolicy } from "../../../core/retry-schedule.ts";
import { highestVersionOf, judge, loweredFailure, type RowState, rowStateOf } from "../../../core/state.ts";
import type { Call } from "../../../delivery/attempt.ts";
import type { PreparedCall } from "../../../delivery/prepare.ts";
import type { Acknowledger } from "./acknowledger.ts";
import type { Bulkhead } from "./bulkhead.ts";
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
  readonly bulkhead: Bulkhead;
  readonly inQueueBudget: InQueueBudget;
  readonly retry: RetryPolicy;
  /** The longest deadline of any call, in milliseconds. */
  readonly deadlineMs: number;
  readonly deliverWithinMs: number;
  readonly settledDays: number;
  readonly dueShards: number;
  readonly leaseMs: number;
  /** Calls under way at once for a merchant that sets no limit of its own. */
  readonly merchantConcurrency: number;
  readonly count: (metric: string) => void;
  readonly warn: (message: string, details: Readonly<Record<string, unknown>>) => void;
  readonly now: () => number;
  readonly random: () => number;
  /** True once the task is ending: what was not started is given back. */
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
/** Milliseconds for which a transaction is parked when its merchant has no room; spread over as much again. */
const NO_ROOM_PARK_MS = 1000;

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
    const { prepare, bulkhead, merchantConcurrency, isStopping, acknowledger, now, deliverWithinMs, count } =
      this.#parts;
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
    if (!(await this.#hasTimeFor(job.held))) {
      count(METRICS.leftInQueue);
      return;
    }

    const { merchantId, maxConcurrency = merchantConcurrency } = call.merchant;
    if (!bulkhead.tryEnter(merchantId, maxConcurrency)) return this.#parkForRoom(job, giveUpAt);
    try {
      await this.#attempt(job, call, giveUpAt);
    } finally {
      bulkhead.leave(merchantId);
    }
  }

  async #attempt(job: Job, call: PreparedCall, giveUpAt: number): Promise<void> {
    const { now, random, inQueueBudget, retry, count } = this.#parts;
    const at = now();
    const outcome = await this.#parts.call({ ...call, now: at });
    count(outcome.kind === "delivered" ? METRICS.delivered : METRICS.attemptFailed);

    const attemptCount = job.state.attemptCount + 1;
    const kept = {
      at,
      durationMs: now() - at,
      outcome: outcome.kind === "delivered" ? outcome.kind : outcome.class,
      ...describe(outcome),
    };
    const progress = { attemptCount, attempts: withAttempt(job.state.attempts, kept), giveUpAt };
    const hasRoomInQueue = !job.isReopened && inQueueBudget.hasRoom;
    const step = nextStep(retry, { outcome, attemptCount, now: now(), giveUpAt, hasRoomInQueue, random: random() });
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

  async #park(job: Job, progress: statements.Progress, dueAt: number): Promise<void> {
    const { tableName, dueShards, acknowledger, count } = this.#parts;
    const { transactionId } = job.target;
    const result = await this.#record(
      job,
      statements.parkStatement(tableName, job.target, progress, parkKeyFor(transactionId, dueShards), dueAt),
    );
    if (result.kind === "rejected")
      return this.#fail({ ...job, state: { ...job.state, ...progress } }, cannotHold(result.error));
    if (result.kind === "written") count(METRICS.parked);
    await acknowledger.delete(job.held);
  }

  /** No try is used up: the merchant was not called. */
  async #parkForRoom(job: Job, giveUpAt: number): Promise<void> {
    const { now, random } = this.#parts;
    const { attemptCount, attempts } = job.state;
    return this.#park(job, { attemptCount, attempts, giveUpAt }, now() + Math.round(NO_ROOM_PARK_MS * (1 + random())));
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
    const { code, reason, fault } = row["failure"]?.M ?? {};
    await this.#sendDeadLetter(job, { code: code?.S, reason: reason?.S, fault: fault?.S } as Failure);
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

function describe(outcome: AttemptOutcome): { status?: number; error?: string } {
  return {
    ...(outcome.status !== undefined && { status: outcome.status }),
    ...(outcome.kind === "failed" && { error: outcome.error }),
  };
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
  const tries = state.attemptCount === 0 ? "without one attempt" : `after ${state.attemptCount} attempts`;
  return failure(
    state.attemptCount === 0 ? "expired_untried" : "expired",
    `It was to be delivered by ${until} and was given up ${tries}. If it is still wanted, write it again with a higher version.`,
  );
}
