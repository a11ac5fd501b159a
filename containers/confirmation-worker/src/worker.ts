/**
 * The worker's life:
 *
 *   running  -> stopping  by `stop()`: no more messages are taken; calls in flight are finished and recorded, what was
 *     not started is given back
 *   stopping -> stopped   when nothing is in flight any more, or when the stop timeout ends: what is left comes again
 *     by itself
 *
 * `#enter` is the one place that changes the mode.
 */
import type { ReceivedMessage } from "../../../core/aws/message-queue.ts";
import { InFlightMessage } from "../../../core/confirmation/in-flight-message.ts";
import type { Ending } from "../../../core/confirmation/job.ts";
import { confirmInOrder, type OrderedGroupParts } from "../../../core/confirmation/order/ordered-group.ts";
import type { Receiver } from "./receive/receiver.ts";
import type { Log } from "../../../core/telemetry/log-error.ts";
import type { TaskClock } from "../../../core/confirmation/clock/task-clock.ts";
import { Sequence } from "../../../core/concurrency/sequence.ts";

type Mode = "running" | "stopping" | "stopped";

export interface WorkerOptions {
  readonly unordered: {
    readonly receiver: (handle: (message: ReceivedMessage, receivedAt: number) => Promise<unknown>) => Receiver;
    /** Handles one message; must not reject. */
    readonly confirm: (inFlight: InFlightMessage) => Promise<Ending>;
  };
  /** What is delivered in order; a receive's messages of one group come together. */
  readonly ordered: OrderedGroupParts & {
    readonly receiver: (
      handle: (group: readonly ReceivedMessage[], receivedAt: number) => Promise<void>,
    ) => Receiver<readonly ReceivedMessage[]>;
  };
  /** What is received beside them, with no part in either; a task ends when it holds nothing of that any more. */
  readonly beside?: BesideReceiver | undefined;
  readonly settings: { readonly visibilitySeconds: number; readonly stopTimeoutMs: number };
  /** A task has its time whatever time of day it is told. */
  readonly clock: Pick<TaskClock, "elapsedMs" | "pause">;
  readonly log: Log;
}

type BesideReceiver = Pick<Receiver, "start" | "stop" | "abort" | "inFlight" | "lastTurnAt">;

/** Taken off the stop timeout, so that the process ends by itself before it is killed. */
const STOP_MARGIN_MS = 2000;
const DRAIN_TURN_MS = 20;
/** A poll that takes longer than this means that the loop has stopped turning. */
const MAX_SILENCE_MS = 60_000;

export class Worker {
  readonly #options: WorkerOptions;
  readonly #receivers: readonly BesideReceiver[];
  readonly #orderedGroups = new Sequence();
  /** By group, of what needs no order, and by transaction. Nothing that runs in it waits for an ordered group. */
  readonly #transactions = new Sequence();
  #mode: Mode = "running";

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#receivers = [
      options.unordered.receiver((message, receivedAt) => this.#take(message, receivedAt)),
      options.ordered.receiver((group, receivedAt) => this.#takeGroup(group, receivedAt)),
      ...(options.beside === undefined ? [] : [options.beside]),
    ];
  }

  start(): void {
    for (const receiver of this.#receivers) receiver.start();
  }

  get isStopping(): boolean {
    return this.#mode !== "running";
  }

  get isStopped(): boolean {
    return this.#mode === "stopped";
  }

  /** What it has taken and not let go of: messages, and groups of those that are in order. */
  get inFlight(): number {
    return this.#receivers.reduce((sum, { inFlight }) => sum + inFlight, 0);
  }

  isHealthy(): boolean {
    if (this.#mode !== "running") return true;
    const since = this.#options.clock.elapsedMs() - MAX_SILENCE_MS;
    return this.#receivers.every(({ lastTurnAt, inFlight }) => lastTurnAt > since || inFlight > 0);
  }

  /** Resolves when the worker has let go of everything. */
  async stop(): Promise<void> {
    if (this.#mode !== "running") return;
    this.#enter("stopping");
    const { clock, settings } = this.#options;
    const until = clock.elapsedMs() + settings.stopTimeoutMs - STOP_MARGIN_MS;
    const lastPolls = { areOver: false };
    void Promise.all(this.#receivers.map((receiver) => receiver.stop())).then(() => (lastPolls.areOver = true));
    // A last poll that never returns is ended with the rest: nobody is told what it may bring, and it comes again.
    while ((this.inFlight > 0 || !lastPolls.areOver) && clock.elapsedMs() < until) await clock.pause(DRAIN_TURN_MS);
    this.#enter("stopped");
    for (const receiver of this.#receivers) receiver.abort();
  }

  /** A group's messages one after the other; and a transaction's too, should two groups ever name the same one. */
  #take(message: ReceivedMessage, receivedAt: number): Promise<unknown> {
    const inFlight = this.#inFlight(message, receivedAt);
    return this.#transactions.run([message.groupId, inFlight.transactionId], () =>
      this.#options.unordered.confirm(inFlight),
    );
  }

  #takeGroup(messages: readonly ReceivedMessage[], receivedAt: number): Promise<void> {
    const { ordered } = this.#options;
    const group = messages.map((message) => this.#inFlight(message, receivedAt));
    const confirm = (inFlight: InFlightMessage) =>
      this.#transactions.run([inFlight.transactionId], () => ordered.confirm(inFlight));
    return this.#orderedGroups.run([messages[0]?.groupId ?? ""], () => confirmInOrder(group, { ...ordered, confirm }));
  }

  #inFlight(message: ReceivedMessage, receivedAt: number): InFlightMessage {
    return new InFlightMessage(message, receivedAt, this.#options.settings.visibilitySeconds);
  }

  #enter(mode: Mode): void {
    this.#options.log(`worker ${mode}`, { from: this.#mode, held: this.inFlight });
    this.#mode = mode;
  }
}
