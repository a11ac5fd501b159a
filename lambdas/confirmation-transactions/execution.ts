/**
 * One execution environment: handles a batch at a time, with a program that lasts until the master keys change. Keys
 * are read again when they are old; while they cannot be, the ones that are known are used.
 */
import type { SQSRecord } from "aws-lambda";
import { FUNCTION_LIMITS } from "../../core/aws/call-limits.ts";
import type { ReceivedMessage } from "../../core/aws/message-queue.ts";
import { programJournal } from "../../core/aws/program-journal.ts";
import { type Connections, connect } from "../../core/confirmation/connections.ts";
import type { Journal } from "../../core/journal/journal.ts";
import { METRICS } from "../../core/settings/names.ts";
import { logError } from "../../core/telemetry/log-error.ts";
import type { MessageQueue } from "../../core/aws/message-queue.ts";
import { handleBatch } from "./batch/handle-batch.ts";
import { InvocationMessage } from "./batch/invocation-message.ts";
import { queueNameOf, receivedMessage } from "./batch/received-message.ts";
import { handleCalls } from "./calls/handle-calls.ts";
import { CALL_EXECUTIONS, ORDERED_EXECUTIONS } from "./environment.ts";
import { holdBatch } from "./hold/hold-batch.ts";
import { holdSeconds, holdSecondsInOrder } from "./hold/hold-seconds.ts";
import { makeProgram, type Program, type ProgramOptions } from "./program.ts";

export interface ExecutionOptions extends Omit<ProgramOptions, "masterKeys" | "connections" | "journal"> {
  /** @returns them as JSON */
  readonly loadMasterKeys: () => Promise<string>;
}

const KEYS_KEPT_MS = 600_000;
/** Milliseconds that a batch waits for copies at most, where somebody listens. */
const COPIES_MS = 500;
/** Seconds after which a call that somebody waits for is looked at again. */
const CALL_HOLD_SECONDS = 5;

export class Execution {
  readonly #options: ExecutionOptions;
  readonly #connections: Connections;
  readonly #journal: Journal | undefined;
  #program: Program | undefined;
  #masterKeys: string | undefined;
  #keysReadAt = Number.NEGATIVE_INFINITY;

  constructor(options: ExecutionOptions) {
    const { env, clock, telemetry, invocation } = options;
    this.#options = options;
    this.#connections = connect(env, clock, telemetry, { ...FUNCTION_LIMITS, leftMs: invocation.leftMs });
    const { count, warn } = telemetry;
    const { now, elapsedMs, pause } = clock;
    const { leftMs } = invocation;
    this.#journal = programJournal({ env: env.journal, leftMs, pause, now, elapsedMs, count, warn });
  }

  /** @returns ids of the messages that come again, in the order of the batch */
  async handle(records: readonly SQSRecord[]): Promise<readonly string[]> {
    const [first] = records;
    if (first === undefined) return [];
    const { merchantCalls } = this.#connections;
    if (merchantCalls?.url.endsWith(`/${queueNameOf(first)}`) === true)
      return this.#handleCalls(records, merchantCalls);
    const isOrdered = this.#options.env.orderedQueueUrl.endsWith(`/${queueNameOf(first)}`);
    const program = await this.#ready();
    const side = isOrdered ? program?.ordered : program?.confirmations;
    if (program === undefined || side === undefined) return this.#hold(records, isOrdered, "not ready");
    const reason = await program.holds.look(side);
    if (reason !== undefined) return this.#hold(records, isOrdered, reason);
    const { env, clock, telemetry, invocation } = this.#options;
    const messages = records.map(
      (record) => new InvocationMessage(record, env.visibilitySeconds, invocation.leftMs, clock),
    );
    telemetry.received(messages.map(({ received }) => received));
    program.shares.begin(
      isOrdered
        ? { name: "ordered", executions: ORDERED_EXECUTIONS }
        : { name: "confirmations", executions: env.executions },
    );
    const endWatch = program.watchStalls();
    const left = await handleBatch(messages, {
      confirm: (message) => program.holds.watch(side.confirmation.handle(message)),
      acknowledger: side.acknowledger,
      onHeldBack: (count) => telemetry.count(METRICS.heldBackInOrder, count),
      elapsedMs: clock.elapsedMs,
    });
    const ends = [program.shares.end(), program.egress.end(), program.copies?.end(COPIES_MS)];
    await Promise.all([...ends, this.#journal?.settle()]);
    endWatch();
    return left.map(({ received }) => received.messageId);
  }

  async #handleCalls(records: readonly SQSRecord[], queue: MessageQueue): Promise<readonly string[]> {
    const program = await this.#ready();
    const reason = program === undefined ? "not ready" : await program.holds.look(queue, false);
    if (program === undefined || reason !== undefined) {
      this.#options.telemetry.warn("no merchant call is begun", { reason, messages: records.length });
      await holdBatch(queue, records.map(receivedMessage), () => CALL_HOLD_SECONDS);
      return records.map(({ messageId }) => messageId);
    }
    program.shares.begin({ name: "calls", executions: CALL_EXECUTIONS });
    const endWatch = program.watchStalls();
    const left = await program.holds.watch(handleCalls(records, program.calls));
    await Promise.all([program.shares.end(), program.egress.end(), program.copies?.end(COPIES_MS)]);
    endWatch();
    return left;
  }

  close(): void {
    this.#program?.close();
    this.#connections.close();
  }

  async #hold(records: readonly SQSRecord[], isOrdered: boolean, reason: string): Promise<readonly string[]> {
    const { clock, telemetry } = this.#options;
    const { ordered, confirmations } = this.#connections;
    telemetry.warn("nothing of a batch is begun", { reason, messages: records.length });
    const secondsOf = (head: ReceivedMessage) =>
      isOrdered ? holdSecondsInOrder(head, clock.now(), clock.random()) : holdSeconds(head, clock.now());
    await holdBatch(isOrdered ? ordered : confirmations, records.map(receivedMessage), secondsOf);
    return records.map(({ messageId }) => messageId);
  }

  /** @returns undefined where there are no keys yet and none can be had, or it cannot begin for another reason */
  async #ready(): Promise<Program | undefined> {
    const { clock, telemetry, loadMasterKeys } = this.#options;
    if (this.#program !== undefined && clock.elapsedMs() - this.#keysReadAt < KEYS_KEPT_MS) return this.#program;
    try {
      const masterKeys = await loadMasterKeys();
      this.#keysReadAt = clock.elapsedMs();
      if (masterKeys !== this.#masterKeys) this.#begin(masterKeys);
    } catch (error) {
      if (this.#program === undefined) logError(telemetry.critical, "the program could not begin", error);
      else logError(telemetry.warn, "master keys not read again, the known ones are used", error);
    }
    return this.#program;
  }

  #begin(masterKeys: string): void {
    const kept = { connections: this.#connections, journal: this.#journal };
    const program = makeProgram({ ...this.#options, ...kept, masterKeys });
    this.#program?.close();
    this.#program = program;
    this.#masterKeys = masterKeys;
  }
}
