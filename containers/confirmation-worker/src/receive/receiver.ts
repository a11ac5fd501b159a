/**
 * Takes messages from the queue while there is room for them. One poller always runs; a full batch starts more, as many
 * as are worth having, and each of those ends with its first empty receive, so that an idle task asks seldom and a busy
 * one is not held up by round trips.
 */
import { MAX_ENTRIES, type MessageQueue, type ReceivedMessage } from "../../../../core/aws/message-queue.ts";
import { POLL_SECONDS } from "../../../../core/settings/worker-rhythm.ts";
import { type Log, logError } from "../../../../core/telemetry/log-error.ts";

import type { TaskClock } from "../../../../core/confirmation/clock/task-clock.ts";

export interface ReceiverOptions<Unit> {
  readonly queue: Pick<MessageQueue, "receive">;
  readonly settings: {
    readonly visibilitySeconds: number;
    /** Units that the task may hold. */
    readonly window: number;
    /** Seconds of a long poll after one that brought nothing. A stop waits for it: an aborted one may take messages. */
    readonly idlePollSeconds: number;
  };
  /** What is handled as one: each message for itself, or what came of a group together. */
  readonly unitsOf: (messages: readonly ReceivedMessage[]) => readonly Unit[];
  /** Handles a unit; must not reject. */
  readonly handle: (unit: Unit, receivedAt: number) => Promise<unknown>;
  readonly control: {
    /** Pollers that are worth having just now, at least one. */
    readonly mostPollers: () => number;
    /** Whether to hold off, for example because too much waits to be recorded. */
    readonly isHeldOff: () => boolean;
    /** Told what a receive brought, be it nothing. @default nobody is */
    readonly received?: (messages: readonly ReceivedMessage[]) => void;
  };
  readonly clock: Pick<TaskClock, "elapsedMs" | "pause">;
  readonly warn: Log;
}

/** A long poll responds at once when something comes: no earlier than this before its response. */
const LATE_MS = 2000;
const HELD_OFF_PAUSE_MS = 200;
const ERROR_PAUSE_MS = 1000;

export class Receiver<Unit = ReceivedMessage> {
  readonly #options: ReceiverOptions<Unit>;
  readonly #abort = new AbortController();
  readonly #pollers = new Set<Promise<void>>();
  /** Resolves when a unit in flight is done; there only while a poller waits for that. */
  #roomMade: PromiseWithResolvers<void> | undefined;
  #inFlight = 0;
  #reserved = 0;
  #isStopping = false;
  #lastTurnAt: number;

  constructor(options: ReceiverOptions<Unit>) {
    this.#options = options;
    this.#lastTurnAt = options.clock.elapsedMs();
  }

  start(): void {
    this.#startPoller(true);
  }

  /** Receives no more; resolves when the last poll has returned. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#makeRoom();
    await Promise.all(this.#pollers);
  }

  /** Ends polls that are still in flight. */
  abort(): void {
    this.#isStopping = true;
    this.#abort.abort();
    this.#makeRoom();
  }

  /** Units that the task has in flight. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** When there was the last sign that messages are being asked for. */
  get lastTurnAt(): number {
    return this.#lastTurnAt;
  }

  #startPoller(isFirst: boolean): void {
    const poller = this.#poll(isFirst).finally(() => this.#pollers.delete(poller));
    this.#pollers.add(poller);
  }

  async #poll(isFirst: boolean): Promise<void> {
    const { settings, control, clock } = this.#options;
    let pollSeconds = POLL_SECONDS;
    while (!this.#isStopping) {
      this.#lastTurnAt = clock.elapsedMs();
      if (control.isHeldOff()) {
        await clock.pause(HELD_OFF_PAUSE_MS);
        continue;
      }
      if (this.#inFlight + this.#reserved + MAX_ENTRIES > Math.max(settings.window, MAX_ENTRIES)) {
        if (!isFirst) return;
        this.#roomMade ??= Promise.withResolvers();
        await this.#roomMade.promise;
        continue;
      }
      const received = await this.#receive(isFirst ? pollSeconds : 0);
      pollSeconds = received === 0 ? settings.idlePollSeconds : POLL_SECONDS;
      const most = control.mostPollers();
      if (!isFirst && (received === 0 || this.#pollers.size > most)) return;
      if (received === MAX_ENTRIES && this.#pollers.size < most) this.#startPoller(false);
    }
  }

  async #receive(waitSeconds: number): Promise<number> {
    const { queue, settings, unitsOf, control, clock, warn } = this.#options;
    this.#reserved += MAX_ENTRIES;
    try {
      const askedAt = clock.elapsedMs();
      const messages = await queue.receive(settings.visibilitySeconds, waitSeconds, this.#abort.signal);
      // The visibility began at some time between asking and answering; a long poll answers at once when something
      // comes.
      const receivedAt = waitSeconds === 0 ? askedAt : Math.max(askedAt, clock.elapsedMs() - LATE_MS);
      control.received?.(messages);
      for (const unit of unitsOf(messages)) this.#take(unit, receivedAt);
      // A queue that has nothing and does not wait either must not be asked again and again.
      const isAtOnce = messages.length === 0 && waitSeconds > 0 && clock.elapsedMs() - askedAt < HELD_OFF_PAUSE_MS;
      if (isAtOnce && !this.#isStopping) await clock.pause(HELD_OFF_PAUSE_MS);
      return messages.length;
    } catch (error) {
      if (this.#isStopping) return 0;
      logError(warn, "receive failed", error);
      await clock.pause(ERROR_PAUSE_MS);
      return 0;
    } finally {
      this.#reserved -= MAX_ENTRIES;
    }
  }

  #take(unit: Unit, receivedAt: number): void {
    this.#inFlight += 1;
    void this.#options.handle(unit, receivedAt).then(this.#letGo);
  }

  readonly #letGo = (): void => {
    this.#inFlight -= 1;
    this.#makeRoom();
  };

  #makeRoom(): void {
    this.#roomMade?.resolve();
    this.#roomMade = undefined;
  }
}
