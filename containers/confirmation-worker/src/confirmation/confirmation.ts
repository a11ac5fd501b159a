/**
 * The way of one message through the worker:
 *
 *   parse -> read its row -> judge (here) -> prepare, call the merchant (`trial`) -> record in the table, delete from
 *     the queue (`settlement`), or wait (`waits`)
 *
 * Record first, delete second: whatever is interrupted comes again and is judged anew. Only a row that says so, or a
 * failed condition, lets a message go; when nothing could be learnt or written it stays in the queue.
 *
 * A row with an ordering key is delivered from its own group of the ordered queue and from nowhere else. There it never
 * parks: it stays at the head of its group until it is settled, and holds back whatever is behind it.
 */
import type { MessageQueue } from "../../../../core/aws/message-queue.ts";
import { reopenStatement } from "../../../../core/aws/statements/release.ts";
import type { AttributeMap } from "../../../../core/transaction/attribute-value.ts";
import { stringOf } from "../../../../core/transaction/attribute-value.ts";
import { dueKeyFor, orderedKeyFor } from "../../../../core/transaction/due-index.ts";
import { failure } from "../../../../core/transaction/failure.ts";
import { type ConfirmationMessage, encodeMessage, parseMessage, sha256 } from "../../../../core/transaction/message.ts";
import { METRICS } from "../../../../core/settings/names.ts";
import { orderedGroupIdOf } from "../../../../core/transaction/ordering.ts";
import { isSettled, judge, releaseFailure, rowStateOf } from "../../../../core/transaction/state.ts";
import { traceHeaderOf, versionOf } from "../../../../core/transaction/transaction.ts";
import type { InFlightMessage } from "../../../../core/confirmation/in-flight-message.ts";
import type { RowReader } from "../read/row-reader.ts";
import {
  type AttemptTrace,
  type AttemptTraceOptions,
  traceAttempt,
} from "../../../../core/confirmation/attempt-trace.ts";
import { DISCARDED_AS } from "../../../../core/confirmation/decide/discards.ts";
import type { Ending, Job } from "../../../../core/confirmation/job.ts";
import { looksWiped, RESTORED_WITHIN_SECONDS } from "../../../../core/confirmation/decide/looks-wiped.ts";
import { newerSchema, notRecordable } from "../../../../core/confirmation/decide/reasons.ts";
import { Settlement, type SettlementParts } from "./settlement.ts";
import { Trial, type TrialParts } from "./trial.ts";
import { pendingBefore } from "./unsettled-before.ts";
import { Waits, type WaitsParts } from "./waits.ts";
import { logError } from "../../../../core/telemetry/log-error.ts";

export interface ConfirmationParts extends SettlementParts, WaitsParts, Omit<TrialParts, "acknowledger" | "gate"> {
  readonly gate: TrialParts["gate"] & WaitsParts["gate"];
  readonly rows: Pick<RowReader, "read">;
  /** Takes the hops of transactions whose way is traced. */
  readonly traces: AttemptTraceOptions["sender"];
  /** Where rows with an ordering key belong. */
  readonly ordered: Pick<MessageQueue, "send">;
}

/** Seconds for which a message of a newer schema is left to newer tasks. */
const NEWER_SCHEMA_SECONDS = 30;
/**
 * Receives after which there is no newer task: ten minutes, longer than a deployment keeps old and new side by side.
 */
const NEWER_SCHEMA_RECEIVES = 20;
/**
 * The same in the ordered queue, where a message is received again and again while it is behind one that is not
 * settled.
 */
const NEWER_SCHEMA_RECEIVES_ORDERED = 400;

/** In the place of a row that was given up since nothing could be recorded on it. */
const QUARANTINED: AttributeMap = {};

export class Confirmation {
  readonly #parts: ConfirmationParts;
  readonly #settlement: Settlement;
  readonly #waits: Waits;
  readonly #trial: Trial;

  constructor(parts: ConfirmationParts) {
    this.#parts = parts;
    this.#settlement = new Settlement(parts);
    this.#waits = new Waits(parts, this.#settlement);
    this.#trial = new Trial(parts, this.#waits, this.#settlement);
  }

  /** Never rejects; a message that could not be finished stays in the queue. */
  async handle(held: InFlightMessage): Promise<Ending> {
    try {
      return await this.#handle(held);
    } catch (error) {
      this.#parts.count(METRICS.leftInQueue);
      logError(this.#parts.warn, "message left in the queue", error, { messageId: held.received.messageId });
      return this.#waits.lookAgain(held);
    }
  }

  #handle(held: InFlightMessage): Promise<Ending> {
    const { count, warn, isOrderedQueue } = this.#parts;
    count(METRICS.received);
    const parsed = parseMessage(held.received.body);
    if (parsed.kind === "unreadable")
      return this.#settlement.quarantineMessage(held, failure("message_unreadable", parsed.reason));
    if (parsed.kind === "newer schema") {
      const { messageId, receiveCount } = held.received;
      if (receiveCount >= (isOrderedQueue ? NEWER_SCHEMA_RECEIVES_ORDERED : NEWER_SCHEMA_RECEIVES))
        return this.#settlement.quarantineMessage(held, newerSchema(parsed.schema, receiveCount));
      warn("message left for a newer task", { messageId, schema: parsed.schema });
      return this.#settlement.giveBack(held, NEWER_SCHEMA_SECONDS);
    }
    const { message } = parsed;
    const trace = this.#traceOf(message, held);
    return trace === undefined
      ? this.#hear(held, message, undefined)
      : this.#traced(trace, () => this.#hear(held, message, trace));
  }

  /** @param held undefined for one that is brought forward: its own message is still in the queue */
  #traceOf(message: ConfirmationMessage, held?: InFlightMessage): AttemptTrace | undefined {
    return traceAttempt(message, held, { sender: this.#parts.traces, now: this.#parts.now });
  }

  async #traced(trace: AttemptTrace, work: () => Promise<Ending>): Promise<Ending> {
    try {
      return await work();
    } catch (error) {
      trace.left(error);
      throw error;
    } finally {
      trace.end();
    }
  }

  /**
   * @param handledBefore rows that were handled for this very message already, as they were then: none of them is
   * handled once more
   */
  async #hear(
    held: InFlightMessage,
    message: ConfirmationMessage,
    trace: AttemptTrace | undefined,
    handledBefore?: Map<string, AttributeMap>,
  ): Promise<Ending> {
    const { rows, count } = this.#parts;
    const row = await rows.read(message.transactionId);
    const state = row === undefined ? undefined : rowStateOf(row);
    const verdict = judge(message, row, state);
    if (row === undefined || state === undefined || verdict.kind === "discard") {
      count(METRICS.discarded);
      const reason = verdict.kind === "discard" ? verdict.reason : "gone";
      if (reason !== "gone") count(DISCARDED_AS[reason]);
      return this.#settlement.delete(held);
    }
    trace?.read(row);
    const orderedGroupId = orderedGroupIdOf(row);
    const merchantId = stringOf(row["merchantId"]);
    const job: Job = {
      held,
      message,
      target: message,
      state,
      isReopened: false,
      orderedGroupId,
      isPredecessor: false,
      merchantId,
      trace,
    };
    this.#parts.measures.step(job, "heard", () => ({ verdict: verdict.kind, state: state.state }));
    if (verdict.kind === "dead-letter again") return this.#settlement.deadLetterAgain(job, row);
    if (verdict.kind === "too early") return this.#waits.lookAgain(held);
    if (verdict.kind === "reopen") return this.#reopen(job, row);
    if (looksWiped(row, held, message.release, this.#parts.leaseMs)) {
      trace?.becomes("waits for what was wiped");
      return this.#settlement.giveBack(held, RESTORED_WITHIN_SECONDS);
    }
    if (orderedGroupId === undefined) return this.#trial.make(job, row);
    if (orderedGroupId !== this.#orderedGroupOf(held)) return this.#moveToOrdered(held, message, orderedGroupId, trace);
    const before = await pendingBefore(rows, row, orderedGroupId);
    if (before.length === 0) return this.#trial.make(job, row);
    const handled = handledBefore ?? new Map<string, AttributeMap>();
    const behind = { orderedGroupId, trace: trace?.header ?? message.trace };
    for (const transactionId of before) {
      if ((await this.#handlePredecessor(transactionId, held, behind, handled)) === "left") return "left";
    }
    return this.#hear(held, message, trace, handled);
  }

  /**
   * Handles a transaction in the place of one behind it in line: its group gives out nothing else meanwhile, so nobody
   * else is at it. What the stream decided about its trace is in its own message, which comes later: without a header
   * on its row it is traced with the one behind.
   */
  async #handlePredecessor(
    transactionId: string,
    held: InFlightMessage,
    behind: { readonly orderedGroupId: string; readonly trace: string | undefined },
    handled: Map<string, AttributeMap>,
  ): Promise<Ending> {
    const { orderedGroupId } = behind;
    const row = await this.#parts.rows.read(transactionId);
    if (row === undefined || orderedGroupIdOf(row) !== orderedGroupId || isSettled(row)) return "completed";
    const before = handled.get(transactionId);
    const unusable =
      releaseFailure(row) ?? (before !== undefined && isAsBefore(row, before) ? notRecordable : undefined);
    if (unusable !== undefined && before !== QUARANTINED) {
      handled.set(transactionId, QUARANTINED);
      return this.#settlement.quarantine(row, unusable, held);
    }
    // Somebody writes to it while it is handled.
    if (before !== undefined) return this.#waits.lookAgain(held);
    handled.set(transactionId, row);
    const state = rowStateOf(row);
    const version = versionOf(row);
    // It is released or set aside by others.
    if (version === undefined || state.state === "SCHEDULED") return this.#waits.lookAgain(held);
    const header = traceHeaderOf(row) ?? behind.trace;
    const message = { transactionId, version, release: state.release, ...(header !== undefined && { trace: header }) };
    this.#parts.count(METRICS.broughtForward);
    const trace = this.#traceOf(message);
    trace?.read(row);
    const merchantId = stringOf(row["merchantId"]);
    const asPredecessor = { isReopened: false, isPredecessor: true, merchantId } as const;
    const make = () =>
      this.#trial.make({ held, message, target: message, state, orderedGroupId, trace, ...asPredecessor }, row);
    return trace === undefined ? make() : this.#traced(trace, make);
  }

  /** A dead letter was put back: the row is owed again, as its next release. */
  async #reopen(job: Job, row: AttributeMap): Promise<Ending> {
    const { tableName, dueShards, leaseMs, now, count } = this.#parts;
    const { target, orderedGroupId, held } = job;
    const dueKey =
      orderedGroupId === undefined
        ? dueKeyFor(target.transactionId, dueShards)
        : orderedKeyFor(orderedGroupId, dueShards);
    const statement = reopenStatement(tableName, target, dueKey, now() + leaseMs);
    const result = await this.#settlement.record(job, statement);
    if (result.kind !== "written") return this.#settlement.done(job);
    count(METRICS.reopened);
    const { deadLettered: _, ...letter } = job.message;
    const message = { ...letter, release: target.release + 1 };
    if (orderedGroupId !== undefined) return this.#moveToOrdered(held, message, orderedGroupId, job.trace);
    const { giveUpAt: __, ...state } = job.state;
    return this.#trial.make(
      { ...job, target: message, message, state: { ...state, state: "PENDING", attemptCount: 0 }, isReopened: true },
      row,
    );
  }

  /**
   * It goes to the end of its ordered group, and is deleted here: a dead letter that was put back, or a row that got
   * its key since.
   */
  async #moveToOrdered(
    held: InFlightMessage,
    message: ConfirmationMessage,
    groupId: string,
    trace: AttemptTrace | undefined,
  ): Promise<Ending> {
    const goingOn = trace === undefined ? message : { ...message, trace: trace.header };
    const body = encodeMessage(goingOn);
    const [error] = await this.#parts.ordered.send([
      {
        body,
        groupId,
        deduplicationId: sha256(`${held.received.messageId} ${encodeMessage(message)}`),
        ...(goingOn.trace !== undefined && { trace: goingOn.trace }),
      },
    ]);
    if (error !== undefined) throw new Error(`not moved to the ordered queue: ${error.error}`);
    this.#parts.count(METRICS.movedToOrdered);
    trace?.becomes("moved to the ordered queue");
    return this.#settlement.delete(held);
  }

  #orderedGroupOf(held: InFlightMessage): string | undefined {
    return this.#parts.isOrderedQueue ? held.received.groupId : undefined;
  }
}

/** What every record's condition rests on is as it was, and still nothing could be recorded: it is none of ours. */
function isAsBefore(row: AttributeMap, before: AttributeMap): boolean {
  const names = ["version", "releaseNumber", "confirmationState", "stateVersion"];
  return names.every((name) => JSON.stringify(row[name]) === JSON.stringify(before[name]));
}
