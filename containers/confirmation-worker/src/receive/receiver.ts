/**
 * Takes messages from the queue while there is room for them. One poller always runs; a full batch starts more, as many
 * as are worth having, and each of those ends with its first empty receive, so that an idle task asks seldom and a busy
 * one is not held up by round trips.
 */
import { MAX_ENTRIES, type MessageQueue, type ReceivedMessage } from "../../../../core/aws/message-queue.ts";
import { logError } from "../../../../core/telemetry/log-error.ts";

export interface ReceiverOptions<Unit> {
  readonly queue: Pick<MessageQueue, "receive">;
  readonly visibilitySeconds: number;
  /** What is handled as one: each message for itself, or what came of a group together. */
  readonly unitsOf: (messages: readonly ReceivedMessage[]) => readonly Unit[];
  /** Units that the task may hold. */
  readonly window: number;
  /** Pollers that are worth having just now, at least one. */
  readonly mostPollers: () => number;
  /** Whether to hold off, for example because too much waits to be recorded. */
  readonly isHeldOff: () => boolean;
  /** Told what a receive brought, be it nothing. @default nobody is */
  readonly received?: (messages: readonly ReceivedMessage[]) => void;
  /** Handles a unit; must not reject. */
  readonly handle: (unit: Unit, receivedAt: number) => Promise<unknown>;
  readonly pause: (ms: number) => Promise<void>;
  readonly warn: (message: string, details: Readonly<Record<string, unknown>>) => void;
  /** Milliseconds since any moment, untouched by steps of the clock. */
  readonly elapsedMs: () => number;
}

/**
 * Seconds of long polling; also how long a stop waits for the last poll, since an aborted one may take messages with
 * it.
 */
const WAIT_SECONDS = 2;
const HELD_OFF_PAUSE_MS = 200;
const ERROR_PAUSE_MS = 1000;

export class Receiver<Unit = ReceivedMessage> {
  readonly #options: ReceiverOptions<Unit>;
  readonly #abort = new AbortController();
  readonly #pollers = new Set<Promise<void>>();
  /** Resolves when a held unit is done; there only while a poller waits for that. */
  #roomMade: PromiseWithResolvers<void> | undefined;
  #held = 0;
  #reserved = 0;
  #isStopping = false;
  #lastTurnAt: number;

  constructor(options: ReceiverOptions<Unit>) {
    this.#options = options;
    this.#lastTurnAt = options.elapsedMs();
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

  /** Ends polls that are still under way. */
  abort(): void {
    this.#isStopping = true;
    this.#abort.abort();
    this.#makeRoom();
  }

  /** Units that the task holds. */
  get held(): number {
    return this.#held;
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
    while (!this.#isStopping) {
      this.#lastTurnAt = this.#options.elapsedMs();
      if (this.#options.isHeldOff()) {
        await this.#options.pause(HELD_OFF_PAUSE_MS);
        continue;
      }
      if (this.#held + this.#reserved + MAX_ENTRIES > Math.max(this.#options.window, MAX_ENTRIES)) {
        if (!isFirst) return;
        this.#roomMade ??= Promise.withResolvers();
        await this.#roomMade.promise;
        continue;
      }
      const received = await this.#receive(isFirst ? WAIT_SECONDS : 0);
      const most = this.#options.mostPollers();
      if (!isFirst && (received === 0 || this.#pollers.size > most)) return;
      if (received === MAX_ENTRIES && this.#pollers.size < most) this.#startPoller(false);
    }
  }

  async #receive(waitSeconds: number): Promise<number> {
    const { queue, visibilitySeconds, unitsOf, received, elapsedMs, warn, pause } = this.#options;
    this.#reserved += MAX_ENTRIES;
    try {
      const askedAt = elapsedMs();
      const messages = await queue.receive(visibilitySeconds, waitSeconds, this.#abort.signal);
      // The visibility began at some time between asking and answering; a long poll answers at once when something
      // comes.
      const receivedAt = waitSeconds === 0 ? askedAt : Math.max(askedAt, elapsedMs() - WAIT_SECONDS * 1000);
      received?.(messages);
      for (const unit of unitsOf(messages)) this.#hold(unit, receivedAt);
      // A queue that has nothing and does not wait either must not be asked again and again.
      const isAtOnce = messages.length === 0 && waitSeconds > 0 && elapsedMs() - askedAt < HELD_OFF_PAUSE_MS;
      if (isAtOnce && !this.#isStopping) await pause(HELD_OFF_PAUSE_MS);
      return messages.length;
    } catch (error) {
      if (this.#isStopping) return 0;
      logError(warn, "receive failed", error);
      await pause(ERROR_PAUSE_MS);
      return 0;
    } finally {
      this.#reserved -= MAX_ENTRIES;
    }
  }

  #hold(unit: Unit, receivedAt: number): void {
    this.#held += 1;
    void this.#options.handle(unit, receivedAt).then(this.#letGo);
  }

  readonly #letGo = (): void => {
    this.#held -= 1;
    this.#makeRoom();
  };

  #makeRoom(): void {
    this.#roomMade?.resolve();
    this.#roomMade = undefined;
  }
}
