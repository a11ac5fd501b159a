/**
 * How a message ends: confirmed, failed or let go. Dead letter first, then the record, then the delete: a crash in
 * between sends a dead letter or makes a call again, and loses neither.
 */
import { pinStatement } from "../../../../core/aws/statements/content.ts";
import type { EntryError } from "../../../../core/aws/message-queue.ts";
import { setAsideOf } from "../../../../core/aws/outgoing-messages.ts";
import type { Progress } from "../../../../core/aws/statements/progress.ts";
import { confirmStatement } from "../../../../core/aws/statements/confirm.ts";
import { failStatement, setAsideStatement, settleBarelyStatement } from "../../../../core/aws/statements/settle.ts";
import type { Statement } from "../../../../core/aws/statements/statement.ts";
import type { Accepted } from "../../../../core/transaction/accepted.ts";
import type { AttributeMap } from "../../../../core/transaction/attribute-value.ts";
import { stringOf } from "../../../../core/transaction/attribute-value.ts";
import { type Failure, GIVEN_UP_AS, readFailure } from "../../../../core/transaction/failure.ts";
import {
  type ConfirmationMessage,
  deduplicationId,
  encodeDeadLetter,
  encodeUnreadable,
  sha256,
} from "../../../../core/transaction/message.ts";
import { METRICS } from "../../../../core/settings/names.ts";
import { highestVersionOf } from "../../../../core/transaction/state.ts";
import { versionOf } from "../../../../core/transaction/transaction.ts";
import type { Acknowledger } from "../record/acknowledger.ts";
import type { DeadLetters } from "../record/dead-letters.ts";
import type { InFlightMessage } from "../../../../core/confirmation/in-flight-message.ts";
import type { MessageMeasures } from "../telemetry/measures.ts";
import type { Recorded, Recorder } from "../record/recorder.ts";
import { type Ending, idsOf, type Job } from "../../../../core/confirmation/job.ts";
import { nextRecord } from "./next-record.ts";
import { WITHOUT_REASON } from "../../../../core/confirmation/decide/reasons.ts";

/** Each takes a write of somebody else between a read and a write of ours. */
const MOST_REWRITES = 20;

export interface SettlementParts {
  readonly tableName: string;
  readonly recorder: Pick<Recorder, "record" | "readAgain">;
  readonly acknowledger: Pick<Acknowledger, "delete" | "giveBack" | "extend">;
  readonly deadLetters: Pick<DeadLetters, "send">;
  readonly merchantShards: number;
  readonly settledDays: number;
  readonly measures: MessageMeasures;
  readonly count: (metric: string) => void;
  readonly warn: (message: string, details: Readonly<Record<string, unknown>>) => void;
  readonly now: () => number;
}

export class Settlement {
  readonly #parts: SettlementParts;

  constructor(parts: SettlementParts) {
    this.#parts = parts;
  }

  /** @param delivered what the merchant answered 2xx to */
  async confirm(job: Job, progress: Progress, delivered: Accepted): Promise<Ending> {
    const { tableName, now, settledDays } = this.#parts;
    const statement = confirmStatement(tableName, job.target, progress, delivered, now(), settledDays);
    const recorded = await this.record(job, statement);
    if (recorded.kind === "condition failed") return this.#confirmRewritten(job, progress, delivered);
    return this.#confirmed(job, recorded);
  }

  async #confirmed(job: Job, recorded: Recorded): Promise<Ending> {
    const result = recorded.kind === "rejected" ? await this.#settleBarely(job, recorded.error, "CONFIRMED") : recorded;
    if (result.kind === "written") {
      this.#parts.count(METRICS.confirmed);
      this.#parts.measures.confirmed(job);
    }
    return this.done(job);
  }

  /** Somebody wrote to the row meanwhile: what it says now is read and judged until a record fits it. */
  async #confirmRewritten(job: Job, progress: Progress, delivered: Accepted): Promise<Ending> {
    for (let round = 0; round < MOST_REWRITES; round += 1) {
      const next = await nextRecord(job, progress, delivered, this.#parts);
      if (next === undefined) return this.done(job);
      const { statement, givenUp } = next;
      if (givenUp !== undefined) {
        job.trace?.givenUp(givenUp.reason);
        await this.#sendDeadLetter(job, givenUp.reason, { ...job.message, release: givenUp.release });
      }
      const recorded = await this.record(job, statement);
      if (recorded.kind === "condition failed") continue;
      if (givenUp === undefined) return this.#confirmed(job, recorded);
      if (recorded.kind === "rejected") await this.#settleBarely(job, recorded.error, "FAILED");
      this.#gaveUp(job, givenUp.reason);
      return this.done(job);
    }
    throw new Error(`the row was written to ${MOST_REWRITES} times while its delivery was recorded`);
  }

  async fail(job: Job, reason: Failure): Promise<Ending> {
    const { tableName, now, settledDays } = this.#parts;
    job.trace?.givenUp(reason);
    await this.#sendDeadLetter(job, reason);
    const statement = failStatement(tableName, job.target, job.state, reason, now(), settledDays);
    const recorded = await this.record(job, statement);
    const result = recorded.kind === "rejected" ? await this.#settleBarely(job, recorded.error, "FAILED") : recorded;
    if (result.kind === "condition failed") return this.pinned(job, job.state);
    this.#gaveUp(job, reason);
    return this.done(job);
  }

  /**
   * The record of an attempt does not fit the row any more. Its merchant may have accepted it all the same: what it
   * offered is kept.
   */
  async pinned(job: Job, { accepted }: Pick<Progress, "accepted">): Promise<Ending> {
    if (accepted !== undefined) await this.record(job, pinStatement(this.#parts.tableName, job.target, accepted));
    return this.done(job);
  }

  #gaveUp(job: Job, reason: Failure): void {
    this.#parts.count(GIVEN_UP_AS[reason.fault]);
    this.#parts.measures.gaveUp(job, reason);
  }

  async deadLetterAgain(job: Job, row: AttributeMap): Promise<Ending> {
    job.trace?.becomes("dead letter again");
    const reason = readFailure(row["failure"]) ?? WITHOUT_REASON;
    // Put back, it has another message's id, and must not be swallowed as its own repetition.
    const { messageId } = job.held.received;
    const deduplication = job.message.deadLettered === true ? sha256(`${messageId} ${job.message.release}`) : undefined;
    await this.#sendDeadLetter(job, reason, job.message, deduplication);
    return this.done(job);
  }

  /** A message that names no transaction: kept as a dead letter as it is. */
  async quarantineMessage(held: InFlightMessage, reason: Failure): Promise<Ending> {
    const { deadLetters, count, warn } = this.#parts;
    const { body, groupId } = held.received;
    // The message's id is part of it: a letter that was put back has another one, and must not be swallowed as its own
    // repetition.
    const deduplication = sha256(`${held.received.messageId} ${body}`);
    await deadLetters.send({ body: encodeUnreadable(body, reason), groupId, deduplicationId: deduplication }, held);
    count(METRICS.setAside);
    count(GIVEN_UP_AS[reason.fault]);
    warn("message set aside", { messageId: held.received.messageId, code: reason.code, reason: reason.reason });
    return this.delete(held);
  }

  /** A row on which nothing can be recorded is given up as it is, so that what comes after it may go on. */
  async quarantine(row: AttributeMap, reason: Failure, held: InFlightMessage): Promise<Ending> {
    const { tableName, deadLetters, recorder, settledDays, count, warn, now } = this.#parts;
    const letter = setAsideOf(row, versionOf(row), "transaction", reason);
    await deadLetters.send({ ...letter, groupId: held.received.groupId }, held);
    const statement = setAsideStatement(tableName, row, highestVersionOf(row), reason, now(), settledDays);
    const result = await recorder.record(statement, held);
    if (result.kind === "rejected") throw new Error(`the row cannot be given up: ${result.error}`);
    if (result.kind !== "written") return "completed";
    count(METRICS.setAside);
    count(GIVEN_UP_AS[reason.fault]);
    warn("row set aside", { transactionId: stringOf(row["transactionId"]), code: reason.code, reason: reason.reason });
    return "completed";
  }

  /** One that stands in for another keeps its message, which is still to be handled itself. */
  done({ held, isPredecessor }: Job): Promise<Ending> | Ending {
    return isPredecessor ? "completed" : this.delete(held);
  }

  /** One that could not be deleted comes again, so that what is behind it may not go on. */
  delete(held: InFlightMessage): Promise<Ending> {
    return this.#parts.acknowledger.delete(held).then(endingAfterDelete);
  }

  async giveBack(held: InFlightMessage, seconds: number): Promise<Ending> {
    await this.#parts.acknowledger.giveBack(held, seconds);
    return "left";
  }

  record(job: Job, statement: Statement): Promise<Recorded> {
    const recorded = this.#parts.recorder.record(statement, job.held);
    return job.trace === undefined ? recorded : job.trace.recording(recorded);
  }

  /** A row that cannot take the whole record is settled all the same, with as little as it takes. */
  #settleBarely(job: Job, error: string, state: "CONFIRMED" | "FAILED"): Promise<Recorded> {
    const { tableName, count, warn } = this.#parts;
    count(METRICS.unrecordable);
    warn("the row cannot take the whole record", { ...idsOf(job), error });
    return this.record(job, settleBarelyStatement(tableName, job.target, state));
  }

  async #sendDeadLetter(
    job: Job,
    reason: Failure,
    of: ConfirmationMessage = job.message,
    deduplication?: string,
  ): Promise<void> {
    const { held, state, trace } = job;
    const message = trace === undefined ? of : { ...of, trace: trace.header };
    await this.#parts.deadLetters.send(
      {
        body: encodeDeadLetter(message, reason, state.attemptCount),
        groupId: held.received.groupId,
        deduplicationId: deduplication ?? deduplicationId({ ...message, deadLettered: true }),
        ...(message.trace !== undefined && { trace: message.trace }),
      },
      held,
    );
  }
}

function endingAfterDelete(error: EntryError): Ending {
  return error === undefined ? "completed" : "left";
}
