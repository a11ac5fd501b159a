/**
 * Kept-alive connections to all origins, for each as many as exchanges are under way there at once. They are bounded:
 * idle ones are closed after a moment, and past the limit of origins those of the one that was idle longest, since the
 * sockets of each of 100,000 merchants would else be kept.
 */
import type { Connect, OpeningPhase } from "./dial.ts";
import type { Connection, Exchange } from "./connection.ts";
import { Origin, type OriginParts } from "./origin.ts";
import { PipelineError } from "../errors/pipeline-error.ts";

export interface OriginsOptions {
  readonly connect: Connect;
  /** Origins with open connections; more only while they are in use. */
  readonly maxOrigins: number;
  /**
   * Milliseconds that an idle connection is kept; to be below what common servers and load balancers allow.
   * @default 4000
   */
  readonly keepAliveMs?: number;
  /** Told of each exchange that goes out on a connection that carried one before. @default nobody is */
  readonly reused?: () => void;
  /** Milliseconds. @default a clock that nobody puts back */
  readonly now?: () => number;
  /** In [0, 1), for the bounds of each connection. @default Math.random */
  readonly random?: () => number;
}

/** Nothing is sent any more. */
export class OriginsClosedError extends PipelineError {
  override readonly name = "OriginsClosedError";
  readonly code = "ORIGINS_CLOSED";
}

const KEEP_ALIVE_MS = 4000;
/** Idle connections are looked at so often in the time that they are kept. */
const LOOKS = 8;

export class Origins {
  readonly #maxOrigins: number;
  readonly #keepAliveMs: number;
  readonly #now: () => number;
  readonly #parts: OriginParts;
  readonly #all = new Map<string, Origin>();
  /** The one for longest first. */
  readonly #idle = new Set<Origin>();
  /**
   * Connections whose answer came in this turn of the loop, and in the one before. Some servers close them right after
   * it without having said so; what comes right after the answer is read in the turn after it, so that only then one
   * knows.
   */
  #resting: Connection[] = [];
  #restedOneTurn: Connection[] = [];
  #turn: NodeJS.Immediate | undefined;
  #sweep: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor({
    connect,
    maxOrigins,
    keepAliveMs = KEEP_ALIVE_MS,
    reused = () => undefined,
    now = () => performance.now(),
    random = Math.random,
  }: OriginsOptions) {
    this.#maxOrigins = maxOrigins;
    this.#keepAliveMs = keepAliveMs;
    this.#now = now;
    this.#parts = {
      connect,
      keepAliveMs,
      reused,
      now,
      random,
      idleChanged: (origin) => this.#idleChanged(origin),
      rest: (connection) => {
        this.#resting.push(connection);
        this.#turn ??= setImmediate(this.#turnEnded);
      },
    };
  }

  /**
   * @param origin scheme, host and port, in the spelling of the URL standard
   * @param isAfresh on a connection that carried no request before
   * @throws never: the exchange hears of what goes wrong
   */
  send(origin: string, exchange: Exchange, isAfresh = false): void {
    if (this.#isClosed) return exchange.onError(new OriginsClosedError("the connections are closed"));
    let entry = this.#all.get(origin);
    if (entry === undefined) {
      entry = new Origin(origin, this.#parts);
      this.#all.set(origin, entry);
      this.#sweep ??= setInterval(() => this.#closeOld(), Math.ceil(this.#keepAliveMs / LOOKS)).unref();
    }
    entry.send(exchange, isAfresh);
    if (this.#all.size > this.#maxOrigins) this.#evict();
  }

  /**
   * One that waits for a connection there is not wanted any more.
   * @returns how far the opening of one had come, if it was waiting
   */
  withdraw(origin: string, exchange: Exchange): OpeningPhase | undefined {
    return this.#all.get(origin)?.withdraw(exchange);
  }

  get size(): number {
    return this.#all.size;
  }

  /** What is under way fails; neither connections nor timers are left. */
  close(): void {
    this.#isClosed = true;
    clearInterval(this.#sweep);
    clearImmediate(this.#turn);
    const error = new OriginsClosedError("the connections were closed");
    for (const origin of this.#all.values()) origin.destroy(error);
  }

  #idleChanged(origin: Origin): void {
    this.#idle.delete(origin);
    if (origin.isIdle && origin.connections === 0) {
      // One that has ended may be followed by another of its name already.
      if (this.#all.get(origin.name) === origin) this.#all.delete(origin.name);
      if (this.#all.size > 0) return;
      clearInterval(this.#sweep);
      this.#sweep = undefined;
    } else if (origin.isIdle) {
      this.#idle.add(origin);
      if (this.#all.size > this.#maxOrigins) this.#evict();
    }
  }

  readonly #turnEnded = (): void => {
    const rested = this.#restedOneTurn;
    this.#restedOneTurn = this.#resting;
    this.#resting = [];
    this.#turn = this.#restedOneTurn.length > 0 ? setImmediate(this.#turnEnded) : undefined;
    for (const connection of rested) connection.rested();
  };

  #closeOld(): void {
    const now = this.#now();
    for (const origin of this.#all.values()) origin.closeIdle(({ usableUntil }) => usableUntil <= now);
  }

  #evict(): void {
    for (const origin of this.#idle) {
      if (this.#all.size <= this.#maxOrigins) return;
      origin.closeIdle(() => true);
    }
  }
}
