/**
 * Carries out what was decided; the only place that writes to the table, the dead-letter queue and the queue for a
 * message. Always in this order:
 *
 *   note at the health row -> send -> record -> delete or give back
 *
 * Dead letter first, record second; record first, delete second: a crash in between sends a letter or makes a call
 * again, and loses neither. What a row refuses is decided anew. Of merchants of the sandbox there are no dead letters:
 * the record alone says that they were given up.
 */
import type { EntryError } from "../../aws/message-queue.ts";
import { logError } from "../../telemetry/log-error.ts";
import { decide } from "../decide/decide.ts";
import type { Effect, EffectOf, EndEffect, Fate, Intend, MessageEffect, Reopen, Send } from "../decide/effect.ts";
import type { DeliveryRecord, RowRecord, WaitRecord } from "../decide/row-record.ts";
import type { InFlightMessage } from "../in-flight-message.ts";
import type { Ending, Job } from "../job.ts";
import { secondsInPlace } from "../order/in-place.ts";
import { type Ports, type Recorded, telemetryOf } from "../ports.ts";
import { stringOf } from "../../transaction/attribute-value.ts";
import type { ConfirmationSettings } from "../settings.ts";
import { outgoing } from "./outgoing.ts";
import { journalIfConfirmed } from "./journal-if-confirmed.ts";
import { quarantineStatement, statementOf } from "./statement-of.ts";
import { tell, tellOfQuarantine, tellUnrecordable } from "./tell.ts";

/** Each takes a write of somebody else between a read and a write of ours. */
const MOST_REWRITES = 20;
/**
 * Milliseconds between two looks at a row that a put has wiped, until `stream-transactions` has restored it, and for
 * all of them: it may be behind.
 */
const RESTORED_MS = { first: 200, longest: 5000, atMost: 300_000 } as const;
/** Milliseconds of visibility that are left at the least for a look at it. */
const LOOK_MS = 15_000;

export class Apply {
  readonly #ports: Ports;
  readonly #settings: ConfirmationSettings;

  constructor(ports: Ports, settings: ConfirmationSettings) {
    this.#ports = ports;
    this.#settings = settings;
  }

  /** @returns `reopened` where a row was opened again, `intended` once it says what is about to be sent: it goes on. */
  to(job: Job, decided: Reopen): Promise<Ending | "reopened">;
  to(job: Job, decided: Intend): Promise<Ending | "intended">;
  to(job: Job, decided: EndEffect): Promise<Ending>;
  async to(job: Job, decided: Effect): Promise<Ending | "reopened" | "intended"> {
    const { table, clock } = this.#ports;
    const { inFlight, trace } = job;
    let effect = decided;
    let wipedMs = 0;
    for (let rewrites = 0; ;) {
      if (!job.isSandbox && isLetter(effect.send)) job.isSandbox = await this.#isSandbox(job);
      const telemetry = telemetryOf(this.#ports, job);
      for (const metric of effect.counts) telemetry.count(metric);
      if (effect.traced !== undefined) trace?.becomes(effect.traced);
      const { note, send, record } = effect;
      if (note !== undefined && record?.kind === "parked" && !(await this.#isNoted(note))) {
        const wait = { progress: record.progress, reason: note.reason };
        effect = decide.unnoted(job, wait, this.#settings, { now: clock.now(), random: clock.random() });
        continue;
      }
      if (send !== undefined) {
        if (effect.givenUp !== undefined) trace?.givenUp(effect.givenUp.failure);
        if (!(job.isSandbox && isLetter(send))) await this.#send(send, inFlight, trace?.header);
      }
      if (record === undefined) break;
      const result = await this.#record(record, job);
      if (result.kind === "written") {
        if (this.#ports.journal !== undefined) journalIfConfirmed(record, job, this.#ports.journal);
        break;
      }
      if (result.kind === "condition failed" && isDelivery(record)) {
        if (rewrites === MOST_REWRITES)
          throw new Error(`the row was written to ${MOST_REWRITES} times while its delivery was recorded`);
        rewrites += 1;
        effect = decide.rewritten(job, await table.readAgain(job.target.transactionId, inFlight), record);
      } else if (result.kind === "condition failed" && isStep(record) && rewrites < MOST_REWRITES) {
        const row = await table.readAgain(job.target.transactionId, inFlight);
        const next = decide.stepRefused(job, row, record);
        // What was sent is not to be forgotten for that: it is recorded once the row has its steps again.
        if (next === "wiped" && wipedMs < RESTORED_MS.atMost && (await this.#isKept(inFlight))) {
          const pauseMs = Math.min(RESTORED_MS.longest, Math.max(RESTORED_MS.first, wipedMs / 4));
          await clock.pause(pauseMs);
          wipedMs += pauseMs;
          continue;
        }
        rewrites += 1;
        effect = next === "wiped" ? decide.refusal(job, record, result) : next;
      } else {
        effect = decide.refusal(job, record, result);
        if (result.kind === "rejected" && effect.record?.kind === "barely")
          tellUnrecordable(job, result.error, telemetry);
      }
    }
    tell(effect, job, telemetryOf(this.#ports, job));
    if (effect.kind === "intend") return "intended";
    if (effect.kind === "reopen") return "reopened";
    // As most end; a promise less.
    if (effect.fate.kind === "delete") return endingOf(await this.#ports.queue.delete(inFlight));
    return await this.#end(effect.fate, inFlight);
  }

  /** What is decided about a message alone. @throws where a row cannot be quarantined either */
  async toMessage(effect: MessageEffect, inFlight: InFlightMessage): Promise<Ending> {
    const { table, telemetry, clock } = this.#ports;
    for (const metric of effect.counts) telemetry.count(metric);
    const { send } = effect;
    const isSandbox =
      send?.kind === "unusable row" && (await this.#ports.merchants.isSandbox(stringOf(send.row["merchantId"])));
    if (send !== undefined && !isSandbox) await this.#send(send, inFlight, undefined);
    if (effect.record?.kind === "quarantined") {
      const statement = quarantineStatement(effect.record, table.name, this.#settings, clock.now());
      const result = await table.record(statement, inFlight);
      if (result.kind === "rejected") throw new Error(`the row cannot be given up: ${result.error}`);
      if (result.kind !== "written") return this.#end(effect.fate, inFlight);
    }
    if (effect.kind === "quarantine") tellOfQuarantine(effect, inFlight, telemetryOf(this.#ports, { isSandbox }));
    return this.#end(effect.fate, inFlight);
  }

  /** Whether this task goes on, and has its message for long enough. */
  async #isKept(inFlight: InFlightMessage): Promise<boolean> {
    const { queue, clock } = this.#ports;
    if (queue.isStopping()) return false;
    return inFlight.remainingMs(clock.elapsedMs()) >= LOOK_MS || queue.extend(inFlight);
  }

  #record(record: RowRecord, job: Job): Promise<Recorded> {
    const { queue, table, clock } = this.#ports;
    const { inFlight, trace } = job;
    if (record.kind === "attempted") queue.failing.add(record.delaySeconds);
    const now = clock.now();
    const statement =
      record.kind === "quarantined"
        ? quarantineStatement(record, table.name, this.#settings, now)
        : statementOf(record, table.name, job, this.#settings, now, trace?.header);
    const recorded = table.record(statement, inFlight);
    return trace === undefined ? recorded : trace.recording(recorded);
  }

  async #send(send: Send, inFlight: InFlightMessage, trace: string | undefined): Promise<void> {
    const { queue } = this.#ports;
    const message = outgoing(send, inFlight, trace);
    if (send.kind !== "to ordered group") return queue.sendDeadLetter(message, inFlight);
    const [error] = await queue.sendInOrder([message]);
    if (error !== undefined) throw new Error(`not moved to the ordered queue: ${error.error}`);
  }

  /** Of whoever is told that it failed. */
  #isSandbox({ state, merchantId }: Job): Promise<boolean> {
    return this.#ports.merchants.isSandbox(state.accepted?.merchantId ?? merchantId);
  }

  /** The item of one merchant's health row may be throttled; the row can be parked all the same. */
  async #isNoted({ merchantId, reason }: NonNullable<EffectOf<string>["note"]>): Promise<boolean> {
    const { merchants, telemetry } = this.#ports;
    try {
      await merchants.markWaiting(merchantId, reason);
      return true;
    } catch (error) {
      logError(telemetry.warn, "not noted at its gate that something waits", error, { merchantId, reason });
      return false;
    }
  }

  async #end(fate: Fate, inFlight: InFlightMessage): Promise<Ending> {
    const { queue, clock } = this.#ports;
    switch (fate.kind) {
      case "delete":
        return endingOf(await queue.delete(inFlight));
      case "keep":
        return "completed";
      case "leave":
        break;
      case "give back":
        if (fate.isInShare) queue.troubled.add(fate.seconds);
        await queue.giveBack(inFlight, fate.seconds);
        break;
      case "give back until":
        await queue.giveBack(inFlight, secondsInPlace(inFlight, fate.until - clock.now(), clock.elapsedMs()));
        break;
    }
    return "left";
  }
}

/** One that could not be deleted comes again, so that what is behind it may not go on. */
function endingOf(error: EntryError): Ending {
  return error === undefined ? "completed" : "left";
}

function isLetter(send: Send | undefined): boolean {
  return send !== undefined && send.kind !== "to ordered group";
}

/** Something new of a plan that goes on. */
function isStep(record: RowRecord): record is WaitRecord {
  const isWait = record.kind === "parked" || record.kind === "stays" || record.kind === "attempted";
  return isWait && record.progress.steps !== undefined;
}

function isDelivery(record: RowRecord): record is DeliveryRecord {
  const { kind } = record;
  if (kind === "confirmed" || kind === "confirmed as seen") return true;
  return kind === "confirmed too" || kind === "content changed";
}
