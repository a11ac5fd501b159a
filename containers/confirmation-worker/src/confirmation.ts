/**
 * The way of one message through the worker:
 *
 *   parse -> read its row -> judge -> prepare -> call the merchant -> record in the table -> delete from the queue
 *
 * Record first, delete second: whatever is interrupted comes again and is judged anew. Only a row that says so, or a failed
 * condition, lets a message go; when nothing could be learnt or written it stays in the queue.
 *
 * A row with an ordering key is delivered from its own group of the ordered queue and from nowhere else. There it never parks: it stays at
 * the head of its group until it is settled, and holds back whatever is behind it.
 */
import type { MessageQueue } from "../../../aws/message-queue.ts";
import type { Statement, Target } from "../../../aws/statements.ts";
import * as statements from "../../../aws/statements.ts";
import { type Attempt, withAttempt } from "../../../core/attempt.ts";
import type { AttributeMap } from "../../../core/attribute-value.ts";
import { dueKeyFor, orderedKeyFor, parkKeyFor, waitKeyFor } from "../../../core/due-index.ts";
import { type Failure, failure, readFailure } from "../../../core/failure.ts";
import { gateUrl, OUR_EGRESS, type WaitReason } from "../../../core/gate.ts";
import {
  type ConfirmationMessage,
  deduplicationId,
  encodeDeadLetter,
  encodeMessage,
  encodeUnreadable,
  parseMessage,
  sha256,
} from "../../../core/message.ts";
import { METRICS } from "../../../core/names.ts";
import { type AttemptOutcome, nextStep } from "../../../core/next-step.ts";
import { orderedGroupIdOf } from "../../../core/ordering.ts";
import { usesUpTry } from "../../../core/retry-policy.ts";
import { type RetryPolicy, spreadMs } from "../../../core/retry-schedule.ts";
import { highestVersionOf, isSettled, judge, loweredFailure, type RowState, rowStateOf } from "../../../core/state.ts";
import { traceHeaderOf, versionOf } from "../../../core/transaction.ts";
import type { Call } from "../../../delivery/attempt.ts";
import type { EgressMonitor } from "../../../delivery/egress-monitor.ts";
import type { MerchantGate } from "../../../delivery/gate/merchant-gate.ts";
import type { PreparedCall } from "../../../delivery/prepare.ts";
import type { Acknowledger } from "./acknowledger.ts";
import type { DeadLetters } from "./dead-letters.ts";
import type { HeldMessage } from "./held-message.ts";
import { nextLookAt, secondsInPlace } from "./in-place.ts";
import type { InQueueBudget } from "./in-queue-budget.ts";
import type { Recorded, Recorder } from "./recorder.ts";
import type { RowReader } from "./row-reader.ts";
import { unsettledBefore } from "./unsettled-before.ts";

export interface ConfirmationParts {
  readonly tableName: string;
  readonly rows: Pick<RowReader, "read">;
  readonly prepare: (row: AttributeMap) => Promise<PreparedCall | Failure>;
  readonly call: (call: Call) => Promise<AttemptOutcome>;
  readonly recorder: Pick<Recorder, "record">;
  readonly acknowledger: Pick<Acknowledger, "delete" | "giveBack" | "extend">;
  readonly deadLetters: Pick<DeadLetters, "send">;
  /** Where rows with an ordering key belong. */
  readonly ordered: Pick<MessageQueue, "send">;
  /** Whether the messages come from there. */
  readonly isOrderedQueue: boolean;
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
/** The same in the ordered queue, where a message is received again and again while it is behind one that is not settled. */
const NEWER_SCHEMA_RECEIVES_ORDERED = 400;
const PAUSED: WaitReason = "paused";
/** Seconds, in the mean, after which a call is made again that our own network did not let out, for a schedule without waits. */
const EGRESS_WAIT_SECONDS = 5;
/** Milliseconds after which a disabled URL is looked at again that is not its merchant's own but the transaction's. */
const DISABLED_RECHECK_MS = 3_600_000;
/** What lets go of a transaction within moments is not worth a write. */
const PASSING: ReadonlySet<WaitReason> = new Set(["no room", "rate limit"]);

/** `settled`: the message is deleted. `left`: it comes again, and nothing behind it in its group may go before. */
export type Ending = "settled" | "left";

interface Job {
  readonly held: HeldMessage;
  readonly message: ConfirmationMessage;
  readonly target: Target;
  readonly state: RowState;
  /** A dead letter that was put back: its message is of the release before, so it cannot wait in the queue. */
  readonly isReopened: boolean;
  /** The ordered group that the row belongs to, and the message with it; undefined for a row without an ordering key. */
  readonly orderedGroupId: string | undefined;
  /** The message is of one that must come after it, and goes on with that one. */
  readonly isStandIn: boolean;
}

export class Confirmation {
  readonly #parts: ConfirmationParts;

  constructor(parts: ConfirmationParts) {
    this.#parts = parts;
  }

  /** Never rejects; a message that could not be finished stays in the queue. */
  async handle(held: HeldMessage): Promise<Ending> {
    try {
      return await this.#handle(held);
    } catch (error) {
      this.#parts.count(METRICS.leftInQueue);
      this.#parts.warn("message left in the queue", { messageId: held.received.messageId, error: String(error) });
      return this.#lookAgain(held);
    }
  }

  async #handle(held: HeldMessage): Promise<Ending> {
    const { count, warn, isOrderedQueue } = this.#parts;
    count(METRICS.received);
    const parsed = parseMessage(held.received.body);
    if (parsed.kind === "unreadable") return this.#setAside(held, failure("message_unreadable", parsed.reason));
    if (parsed.kind === "newer schema") {
      const { receiveCount } = held.received;
      if (receiveCount >= (isOrderedQueue ? NEWER_SCHEMA_RECEIVES_ORDERED : NEWER_SCHEMA_RECEIVES))
        return this.#setAside(held, failure("message_unreadable", newerSchema(parsed.schema, receiveCount)));
      warn("message left for a newer task", { messageId: held.received.messageId, schema: parsed.schema });
      return this.#giveBack(held, NEWER_SCHEMA_SECONDS);
    }
    return this.#hear(held, parsed.message);
  }

  async #hear(held: HeldMessage, message: ConfirmationMessage): Promise<Ending> {
    const { rows, count } = this.#parts;
    const row = await rows.read(message.transactionId);
    const verdict = judge(message, row);
    if (row === undefined || verdict.kind === "discard") {
      count(METRICS.discarded);
      return this.#delete(held);
    }
    const state = rowStateOf(row);
    const orderedGroupId = orderedGroupIdOf(row);
    const job: Job = { held, message, target: message, state, isReopened: false, orderedGroupId, isStandIn: false };
    if (verdict.kind === "dead-letter again") return this.#deadLetterAgain(job, row);
    if (verdict.kind === "reopen") return this.#reopen(job, row);
    if (orderedGroupId !== undefined && orderedGroupId !== this.#orderedGroupOf(held))
      return this.#moveToOrdered(held, message, orderedGroupId);
    const before = orderedGroupId === undefined ? [] : await unsettledBefore(rows, row, orderedGroupId);
    if (orderedGroupId === undefined || before.length === 0) return this.#confirm(job, row);
    for (const transactionId of before) {
      if ((await this.#standInFor(transactionId, held, orderedGroupId)) === "left") return "left";
    }
    return this.#hear(held, message);
  }

  /** Handles a transaction in the place of one behind it in line: its group gives out nothing else meanwhile, so nobody else is at it. */
  async #standInFor(transactionId: string, held: HeldMessage, orderedGroupId: string): Promise<Ending> {
    const row = await this.#parts.rows.read(transactionId);
    if (row === undefined || orderedGroupIdOf(row) !== orderedGroupId || isSettled(row)) return "settled";
    const state = rowStateOf(row);
    const version = versionOf(row);
    // It is released or set aside by others.
    if (version === undefined || state.state === "SCHEDULED") return this.#lookAgain(held);
    const trace = traceHeaderOf(row);
    const message = { transactionId, version, release: state.release, ...(trace !== undefined && { trace }) };
    this.#parts.count(METRICS.broughtForward);
    return this.#confirm(
      { held, message, target: message, state, isReopened: false, orderedGroupId, isStandIn: true },
      row,
    );
  }

  async #confirm(job: Job, row: AttributeMap): Promise<Ending> {
    const { prepare, gate, egress, isStopping, now, count } = this.#parts;
    const highest = highestVersionOf(row);
    if (job.target.version < highest) return this.#fail(job, loweredFailure(job.target.version, highest));
    const call = await prepare(row);
    if ("code" in call) return this.#fail(job, call);

    const giveUpAt = call.deliverBy ?? job.state.giveUpAt ?? this.#giveUpAt(job);
    if (now() > giveUpAt) return this.#fail(job, expired(giveUpAt, job));
    if (isStopping()) return this.#giveBack(job.held, 0);
    const { nextTryAt = 0 } = job.state;
    if (job.orderedGroupId !== undefined && nextTryAt > now()) return this.#stay(job, nextTryAt);
    const entry = await gate.enter(call.merchant, call.destination);
    const { attemptCount, attempts } = job.state;
    const untried = { attemptCount, attempts, giveUpAt };
    if (entry.kind === "closed" && job.orderedGroupId !== undefined)
      return this.#waitInPlace(job, untried, entry.reason);
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
    if (isOurs) return this.#spare(job, untried);
    if (outcome !== undefined) return this.#learn(job, call, giveUpAt, at, outcome);
    count(METRICS.leftInQueue);
    return "left";
  }

  /** In order, the time counts from when it was sent: a row that waits behind others must not wait as long again once its turn comes. */
  #giveUpAt({ held, orderedGroupId }: Job): number {
    const now = this.#parts.now();
    const { sentAt } = held.received;
    const isOrdered = orderedGroupId !== undefined && sentAt > 0;
    // It is tried once all the same.
    return Math.max(now, (isOrdered ? sentAt : now) + this.#parts.deliverWithinMs);
  }

  async #learn(job: Job, call: PreparedCall, giveUpAt: number, at: number, outcome: AttemptOutcome): Promise<Ending> {
    const { now, random, inQueueBudget, count, gate, isOrderedQueue } = this.#parts;
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
      if (isDisabled && outcome.kind === "failed" && outcome.abortsMessage !== true) {
        if (job.orderedGroupId !== undefined) return this.#waitInPlace(job, progress, "url disabled");
        return this.#wait(job, call, progress, "url disabled");
      }
    }
    const hasRoomInQueue = !job.isReopened && !isOrderedQueue && inQueueBudget.hasRoom;
    const step = nextStep(retry, { outcome, ...progress, now: now(), hasRoomInQueue, random: random() });
    if (step.kind === "confirm") return this.#recordConfirmed(job, progress);
    if (step.kind === "retry in queue") return this.#retryInQueue(job, progress, step.delaySeconds);
    if (step.kind === "park" && job.orderedGroupId !== undefined)
      return this.#stayUntil(job, job.orderedGroupId, progress, step.dueAt);
    if (step.kind === "park") return this.#park(job, progress, step.dueAt);
    return this.#fail({ ...job, state: { ...job.state, ...progress } }, step.failure);
  }

  async #recordConfirmed(job: Job, progress: statements.Progress): Promise<Ending> {
    const { tableName, now, settledDays, count } = this.#parts;
    const statement = statements.confirmStatement(tableName, job.target, progress, now(), settledDays);
    const result = await this.#settle(job, statement, "CONFIRMED");
    if (result.kind === "written") count(METRICS.confirmed);
    return this.#done(job);
  }

  /** Tried again from where it is, and what is behind it waits with it. */
  async #stayUntil(
    job: Job,
    groupId: string,
    progress: statements.Progress,
    nextTryAt: number,
    waitingFor?: string,
  ): Promise<Ending> {
    const { tableName, dueShards, leaseMs } = this.#parts;
    const due = { dueKey: orderedKeyFor(groupId, dueShards), dueAt: nextTryAt + leaseMs };
    const stay = { ...due, nextTryAt, ...(waitingFor !== undefined && { waitingFor }) };
    const result = await this.#record(job, statements.stayStatement(tableName, job.target, progress, stay));
    if (result.kind === "rejected")
      return this.#fail({ ...job, state: { ...job.state, ...progress } }, cannotHold(result.error));
    if (result.kind === "condition failed") return this.#done(job);
    return this.#stay(job, nextTryAt);
  }

  /** Not tried for its merchant's sake. Written down once for each reason that lasts, so that the row says what it waits for. */
  async #waitInPlace(job: Job, progress: statements.Progress, reason: WaitReason): Promise<Ending> {
    const { state, orderedGroupId = "", held } = job;
    this.#parts.count(METRICS.waiting);
    const lookAt = this.#nextLookAt(held, reason);
    const isWritten = PASSING.has(reason) || state.waitedFor === reason;
    if (isWritten && progress.attempts === state.attempts) return this.#stay(job, lookAt);
    return this.#stayUntil(job, orderedGroupId, progress, lookAt, reason);
  }

  #nextLookAt(held: HeldMessage, reason: WaitReason | "error"): number {
    const { now, random } = this.#parts;
    return nextLookAt(held, reason, now(), random());
  }

  /** Nothing could be learnt, or done; whatever it was may last. */
  #lookAgain(held: HeldMessage): Promise<Ending> {
    if (!this.#parts.isOrderedQueue) return this.#giveBack(held, GIVE_BACK_SECONDS);
    return this.#giveBack(held, secondsInPlace(held, this.#nextLookAt(held, "error"), this.#parts.now()));
  }

  /** @param until epoch milliseconds */
  #stay({ held }: Job, until: number): Promise<Ending> {
    this.#parts.count(METRICS.stayedInOrder);
    return this.#giveBack(held, secondsInPlace(held, until, this.#parts.now()));
  }

  async #retryInQueue(job: Job, progress: statements.Progress, delaySeconds: number): Promise<Ending> {
    const { tableName, inQueueBudget } = this.#parts;
    inQueueBudget.add(delaySeconds);
    const result = await this.#record(job, statements.attemptStatement(tableName, job.target, progress));
    if (result.kind === "rejected")
      return this.#fail({ ...job, state: { ...job.state, ...progress } }, cannotHold(result.error));
    if (result.kind === "condition failed") return this.#done(job);
    return this.#giveBack(job.held, delaySeconds);
  }

  #park(job: Job, progress: statements.Progress, dueAt: number, waitingFor?: WaitReason): Promise<Ending> {
    const { tableName, dueShards } = this.#parts;
    const dueKey = parkKeyFor(job.target.transactionId, dueShards);
    const statement = statements.parkStatement(tableName, job.target, progress, dueKey, dueAt, waitingFor);
    return this.#parkAs(job, progress, statement);
  }

  /** Parked for the merchant's sake: no try is used up, and `release-due` lets it go when the merchant can take it. */
  async #wait(job: Job, call: PreparedCall, progress: statements.Progress, reason: WaitReason): Promise<Ending> {
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

  /** Our own network let the call not out: it waits for a moment, without a try used up. */
  #spare(job: Job, progress: statements.Progress): Promise<Ending> {
    const { tableName, dueShards, retry, now, random, count } = this.#parts;
    count(METRICS.spared);
    const dueAt = now() + spreadMs(retry.scheduleSeconds[0] ?? EGRESS_WAIT_SECONDS, random());
    const until = Math.min(dueAt, progress.giveUpAt);
    if (job.orderedGroupId !== undefined) return this.#stayUntil(job, job.orderedGroupId, progress, until, OUR_EGRESS);
    const dueKey = parkKeyFor(job.target.transactionId, dueShards);
    return this.#parkAs(
      job,
      progress,
      statements.parkStatement(tableName, job.target, progress, dueKey, until, OUR_EGRESS),
    );
  }

  async #parkAs(job: Job, progress: statements.Progress, statement: Statement): Promise<Ending> {
    const result = await this.#record(job, statement);
    if (result.kind === "rejected")
      return this.#fail({ ...job, state: { ...job.state, ...progress } }, cannotHold(result.error));
    if (result.kind === "written") this.#parts.count(METRICS.parked);
    return this.#done(job);
  }

  /** Dead letter first, then the record, then the delete: a crash in between sends the dead letter again, never none. */
  async #fail(job: Job, reason: Failure): Promise<Ending> {
    const { tableName, now, settledDays, count } = this.#parts;
    await this.#sendDeadLetter(job, reason);
    const statement = statements.failStatement(tableName, job.target, job.state, reason, now(), settledDays);
    const result = await this.#settle(job, statement, "FAILED");
    if (result.kind !== "condition failed")
      count(reason.fault === "merchant" ? METRICS.deadLetteredMerchant : METRICS.deadLetteredPipeline);
    return this.#done(job);
  }

  async #deadLetterAgain(job: Job, row: AttributeMap): Promise<Ending> {
    await this.#sendDeadLetter(job, readFailure(row["failure"]) ?? WITHOUT_REASON);
    return this.#done(job);
  }

  async #reopen(job: Job, row: AttributeMap): Promise<Ending> {
    const { tableName, dueShards, leaseMs, now, count } = this.#parts;
    const { target, orderedGroupId } = job;
    const statement = statements.reopenStatement(
      tableName,
      target,
      orderedGroupId === undefined
        ? dueKeyFor(target.transactionId, dueShards)
        : orderedKeyFor(orderedGroupId, dueShards),
      now() + leaseMs,
    );
    const result = await this.#record(job, statement);
    if (result.kind !== "written") return this.#done(job);
    count(METRICS.reopened);
    const { giveUpAt: _, ...state } = job.state;
    const next = { ...target, release: target.release + 1 };
    if (orderedGroupId !== undefined) {
      const { deadLettered: __, ...message } = job.message;
      return this.#moveToOrdered(job.held, { ...message, release: next.release }, orderedGroupId);
    }
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

  /** It goes to the end of its ordered group, and is deleted here: a dead letter that was put back, or a row that got its key since. */
  async #moveToOrdered(held: HeldMessage, message: ConfirmationMessage, groupId: string): Promise<Ending> {
    const body = encodeMessage(message);
    const [error] = await this.#parts.ordered.send([
      {
        body,
        groupId,
        deduplicationId: sha256(`${held.received.messageId} ${body}`),
        ...(message.trace !== undefined && { trace: message.trace }),
      },
    ]);
    if (error !== undefined) throw new Error(`not moved to the ordered queue: ${error.error}`);
    this.#parts.count(METRICS.movedToOrdered);
    return this.#delete(held);
  }

  #orderedGroupOf(held: HeldMessage): string | undefined {
    return this.#parts.isOrderedQueue ? held.received.groupId : undefined;
  }

  async #setAside(held: HeldMessage, reason: Failure): Promise<Ending> {
    const { deadLetters, count } = this.#parts;
    const { body, groupId } = held.received;
    // The message's id is part of it: a letter that was put back has another one, and must not be swallowed as its own repetition.
    const deduplication = sha256(`${held.received.messageId} ${body}`);
    await deadLetters.send({ body: encodeUnreadable(body, reason), groupId, deduplicationId: deduplication }, held);
    count(METRICS.deadLetteredPipeline);
    return this.#delete(held);
  }

  /** One that stands in for another keeps its message, which is still to be handled itself. */
  #done({ held, isStandIn }: Job): Promise<Ending> | Ending {
    return isStandIn ? "settled" : this.#delete(held);
  }

  /** One that could not be deleted comes again, so that what is behind it may not go on. */
  async #delete(held: HeldMessage): Promise<Ending> {
    return (await this.#parts.acknowledger.delete(held)) === undefined ? "settled" : "left";
  }

  async #giveBack(held: HeldMessage, seconds: number): Promise<Ending> {
    await this.#parts.acknowledger.giveBack(held, seconds);
    return "left";
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

function expired(giveUpAt: number, { state, orderedGroupId }: Job): Failure {
  const until = new Date(giveUpAt).toISOString();
  // An attempt after which the merchant asked for time is no try, but it was made.
  const attempts = Math.max(state.attemptCount, state.attempts.length);
  const tries = attempts === 0 ? "without one attempt" : `after ${attempts} attempt${attempts === 1 ? "" : "s"}`;
  const { waitedFor = PAUSED } = state;
  const waited = state.waitedFor === undefined ? "" : ` What it waited for last: ${waitedFor}.`;
  const behind = orderedGroupId === undefined ? "" : " It may have waited behind earlier ones of its ordering key.";
  const isOurs = attempts === 0 && (waitedFor === PAUSED || waitedFor === OUR_EGRESS);
  return failure(
    isOurs ? "expired_untried" : "expired",
    `It was to be delivered by ${until} and was given up ${tries}.${waited}${behind} If it is still wanted, write it again with a higher version.`,
  );
}
