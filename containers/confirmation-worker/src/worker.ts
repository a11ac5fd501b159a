/**
 * The worker's life:
 *
 *   running  -> stopping  by `stop()`: no more messages are taken; calls under way are finished and recorded, what was not started
 *                         is given back
 *   stopping -> stopped   when nothing is held any more, or when the stop timeout ends: what is left comes again by itself
 *
 * `#enter` is the one place that changes the mode.
 */
import type { ReceivedMessage } from "../../../aws/message-queue.ts";
import { HeldMessage } from "./held-message.ts";
import type { Receiver } from "./receiver.ts";
import { Sequence } from "./sequence.ts";

type Mode = "running" | "stopping" | "stopped";

export interface WorkerOptions {
  readonly receiver: (handle: (message: ReceivedMessage, receivedAt: number) => Promise<void>) => Receiver;
  /** Handles one message; must not reject. */
  readonly confirm: (held: HeldMessage) => Promise<void>;
  readonly visibilitySeconds: number;
  readonly stopTimeoutMs: number;
  readonly pause: (ms: number) => Promise<void>;
  readonly now: () => number;
  readonly log: (message: string, details: Readonly<Record<string, unknown>>) => void;
}

/** Taken off the stop timeout, so that the process ends by itself before it is killed. */
const STOP_MARGIN_MS = 2000;
const DRAIN_TURN_MS = 20;
/** A poll that takes longer than this means that the loop has stopped turning. */
const MAX_SILENCE_MS = 60_000;

export class Worker {
  readonly #options: WorkerOptions;
  readonly #receiver: Receiver;
  readonly #groups = new Sequence();
  readonly #transactions = new Sequence();
  #mode: Mode = "running";

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#receiver = options.receiver((message, receivedAt) => this.#take(message, receivedAt));
  }

  start(): void {
    this.#receiver.start();
  }

  get isStopping(): boolean {
    return this.#mode !== "running";
  }

  get isStopped(): boolean {
    return this.#mode === "stopped";
  }

  get held(): number {
    return this.#receiver.held;
  }

  isHealthy(): boolean {
    return (
      this.#mode !== "running" ||
      this.#options.now() - this.#receiver.lastTurnAt < MAX_SILENCE_MS ||
      this.#receiver.held > 0
    );
  }

  /** Resolves when the worker has let go of everything. */
  async stop(): Promise<void> {
    if (this.#mode !== "running") return;
    this.#enter("stopping");
    const { now, pause, stopTimeoutMs } = this.#options;
    const until = now() + stopTimeoutMs - STOP_MARGIN_MS;
    const lastPoll = this.#receiver.stop();
    while (this.#receiver.held > 0 && now() < until) await pause(DRAIN_TURN_MS);
    await lastPoll;
    while (this.#receiver.held > 0 && now() < until) await pause(DRAIN_TURN_MS);
    this.#enter("stopped");
    this.#receiver.abort();
  }

  /** A group's messages one after the other; and a transaction's too, should two groups ever name the same one. */
  #take(message: ReceivedMessage, receivedAt: number): Promise<void> {
    const held = new HeldMessage(message, receivedAt + this.#options.visibilitySeconds * 1000);
    return this.#groups.run(message.groupId, () =>
      this.#transactions.run(transactionOf(message.body), () => this.#options.confirm(held)),
    );
  }

  #enter(mode: Mode): void {
    this.#options.log(`worker ${mode}`, { from: this.#mode, held: this.#receiver.held });
    this.#mode = mode;
  }
}

/** Cheap key for sequencing; the body is parsed and checked where it is handled. */
function transactionOf(body: string): string {
  return /"transactionId":"((?:[^"\\]|\\.)*)"/.exec(body)?.[1] ?? body;
}
