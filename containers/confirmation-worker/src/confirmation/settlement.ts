/**
 * How a message ends: confirmed, failed or let go. Dead letter first, then the record, then the delete: a crash in between sends a dead
 * letter or makes a call again, and loses neither.
 */
import type { EntryError } from "../../../../aws/message-queue.ts";
import type { Progress } from "../../../../aws/statements/progress.ts";
import { confirmStatement } from "../../../../aws/statements/confirm.ts";
import { failStatement, settleBarelyStatement } from "../../../../aws/statements/settle.ts";
import type { Statement } from "../../../../aws/statements/statement.ts";
import type { AttributeMap } from "../../../../core/attribute-value.ts";
import { type Failure, readFailure } from "../../../../core/failure.ts";
import { deduplicationId, encodeDeadLetter, encodeUnreadable, sha256 } from "../../../../core/message.ts";
import { METRICS } from "../../../../core/names.ts";
import type { Acknowledger } from "../acknowledger.ts";
import type { DeadLetters } from "../dead-letters.ts";
import type { HeldMessage } from "../held-message.ts";
import type { MessageMeasures } from "../measures.ts";
import type { Recorded, Recorder } from "../recorder.ts";
import { type Ending, idsOf, type Job } from "./job.ts";
import { WITHOUT_REASON } from "./reasons.ts";

export interface SettlementParts {
  readonly tableName: string;
  readonly recorder: Pick<Recorder, "record">;
  readonly acknowledger: Pick<Acknowledger, "delete" | "giveBack" | "extend">;
  readonly deadLetters: Pick<DeadLetters, "send">;
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

  async confirm(job: Job, progress: Progress): Promise<Ending> {
    const { tableName, now, settledDays, count, measures } = this.#parts;
    const statement = confirmStatement(tableName, job.target, progress, now(), settledDays);
    const recorded = await this.record(job, statement);
    const result = recorded.kind === "rejected" ? await this.#settleBarely(job, recorded.error, "CONFIRMED") : recorded;
    if (result.kind === "written") {
      count(METRICS.confirmed);
      measures.confirmed(job);
    }
    return this.done(job);
  }

  async fail(job: Job, reason: Failure): Promise<Ending> {
    const { tableName, now, settledDays, count, measures } = this.#parts;
    job.trace?.givenUp(reason);
    await this.#sendDeadLetter(job, reason);
    const statement = failStatement(tableName, job.target, job.state, reason, now(), settledDays);
    const recorded = await this.record(job, statement);
    const result = recorded.kind === "rejected" ? await this.#settleBarely(job, recorded.error, "FAILED") : recorded;
    if (result.kind !== "condition failed") {
      count(reason.fault === "merchant" ? METRICS.deadLetteredMerchant : METRICS.deadLetteredPipeline);
      measures.gaveUp(job, reason);
    }
    return this.done(job);
  }

  async deadLetterAgain(job: Job, row: AttributeMap): Promise<Ending> {
    job.trace?.becomes("dead letter again");
    await this.#sendDeadLetter(job, readFailure(row["failure"]) ?? WITHOUT_REASON);
    return this.done(job);
  }

  /** A message that names no transaction: kept as a dead letter as it is. */
  async setAside(held: HeldMessage, reason: Failure): Promise<Ending> {
    const { deadLetters, count, warn } = this.#parts;
    const { body, groupId } = held.received;
    // The message's id is part of it: a letter that was put back has another one, and must not be swallowed as its own repetition.
    const deduplication = sha256(`${held.received.messageId} ${body}`);
    await deadLetters.send({ body: encodeUnreadable(body, reason), groupId, deduplicationId: deduplication }, held);
    count(METRICS.setAside);
    count(METRICS.deadLetteredPipeline);
    warn("message set aside", { messageId: held.received.messageId, code: reason.code, reason: reason.reason });
    return this.delete(held);
  }

  /** One that stands in for another keeps its message, which is still to be handled itself. */
  done({ held, isStandIn }: Job): Promise<Ending> | Ending {
    return isStandIn ? "settled" : this.delete(held);
  }

  /** One that could not be deleted comes again, so that what is behind it may not go on. */
  delete(held: HeldMessage): Promise<Ending> {
    return this.#parts.acknowledger.delete(held).then(endingAfterDelete);
  }

  async giveBack(held: HeldMessage, seconds: number): Promise<Ending> {
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

  async #sendDeadLetter(job: Job, reason: Failure): Promise<void> {
    const { held, state, trace } = job;
    const message = trace === undefined ? job.message : { ...job.message, trace: trace.header };
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
}

function endingAfterDelete(error: EntryError): Ending {
  return error === undefined ? "settled" : "left";
}
