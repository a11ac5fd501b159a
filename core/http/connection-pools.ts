/**
 * Kept-alive connections to all origins, for each as many as exchanges are in flight there at once. They are bounded:
 * idle ones are closed after a moment, and past the limit of origins those of the one that was idle longest, since the
 * sockets of each of 100,000 merchants would else be kept.
 */
import { type Connect, type Endpoint, endpointOf, type OpeningPhase } from "./dial.ts";
import { Connection, type ConnectionOwner, type PooledConnection, type RequestHandler } from "./connection.ts";
import { ConnectionPool, type ConnectionPoolParts } from "./connection-pool.ts";
import { IdlePools } from "./idle-pools.ts";
import type { Transport } from "./transport.ts";
import { PipelineError } from "../errors/pipeline-error.ts";

/** How connections of ours are opened, or what makes others. */
type ConnectionKind =
  | { readonly connect: Connect }
  | { readonly connection: (owner: ConnectionOwner) => PooledConnection };

export type ConnectionPoolsOptions = ConnectionKind & ConnectionPoolsBounds;

export interface ConnectionPoolsBounds {
  /** Origins with open connections; more only while they are in use. */
  readonly maxPools: number;
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
export class ConnectionPoolsClosedError extends PipelineError {
  override readonly name = "ConnectionPoolsClosedError";
  readonly code = "ORIGINS_CLOSED";
}

const KEEP_ALIVE_MS = 4000;
/** Idle connections are looked at so often in the time that they are kept. */
const LOOKS = 8;

const ofOurs = (connect: Connect) => (owner: ConnectionOwner) => new Connection(owner, connect);

export class ConnectionPools implements Transport {
  readonly #maxPools: number;
  readonly #keepAliveMs: number;
  readonly #now: () => number;
  readonly #parts: ConnectionPoolParts;
  readonly #all = new Map<string, ConnectionPool>();
  readonly #idle = new IdlePools();
  /**
   * Connections whose response came in this turn of the loop, and in the one before. Some servers close them right
   * after it without having said so; what comes right after the response is read in the turn after it, so that only
   * then one knows.
   */
  #resting: PooledConnection[] = [];
  #restedOneTurn: PooledConnection[] = [];
  #turn: NodeJS.Immediate | undefined;
  #sweep: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: ConnectionPoolsOptions) {
    const {
      maxPools,
      keepAliveMs = KEEP_ALIVE_MS,
      reused = () => undefined,
      now = () => performance.now(),
      random = Math.random,
    } = options;
    this.#maxPools = maxPools;
    this.#keepAliveMs = keepAliveMs;
    this.#now = now;
    this.#parts = {
      connection: "connection" in options ? options.connection : ofOurs(options.connect),
      keepAliveMs,
      reused,
      now,
      random,
      idleChanged: (pool) => this.#idleChanged(pool),
      rest: (released) => {
        this.#resting.push(released);
        this.#turn ??= setImmediate(this.#turnEnded);
      },
    };
  }

  /**
   * @param origin scheme, host and port, in the spelling of the URL standard; any name, where `to` says where it goes
   * @param isAfresh on a connection that carried no request before
   * @throws never: the exchange hears of what goes wrong
   */
  send(origin: string, handler: RequestHandler, isAfresh = false, to?: Endpoint): void {
    if (this.#isClosed) return handler.onError(new ConnectionPoolsClosedError("the connections are closed"));
    let entry = this.#all.get(origin);
    if (entry === undefined) {
      entry = new ConnectionPool(origin, to ?? endpointOf(origin), this.#parts);
      this.#all.set(origin, entry);
      this.#sweep ??= setInterval(() => this.#closeOld(), Math.ceil(this.#keepAliveMs / LOOKS)).unref();
    }
    entry.send(handler, isAfresh);
    if (this.#all.size > this.#maxPools) this.#evict();
  }

  /**
   * One that waits for a connection there is not wanted any more.
   * @returns how far the opening of one had come, if it was waiting
   */
  withdraw(origin: string, handler: RequestHandler): OpeningPhase | undefined {
    return this.#all.get(origin)?.withdraw(handler);
  }

  get size(): number {
    return this.#all.size;
  }

  /** What is in flight fails; neither connections nor timers are left. */
  close(): void {
    this.#isClosed = true;
    clearInterval(this.#sweep);
    clearImmediate(this.#turn);
    const error = new ConnectionPoolsClosedError("the connections were closed");
    for (const pool of this.#all.values()) pool.destroy(error);
  }

  #idleChanged(pool: ConnectionPool): void {
    this.#idle.takeOut(pool);
    if (pool.isIdle && pool.connections === 0) {
      // One that has ended may be followed by another of its name already.
      if (this.#all.get(pool.name) === pool) this.#all.delete(pool.name);
      if (this.#all.size > 0) return;
      clearInterval(this.#sweep);
      this.#sweep = undefined;
    } else if (pool.isIdle) {
      this.#idle.append(pool);
      if (this.#all.size > this.#maxPools) this.#evict();
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
    for (const pool of this.#all.values()) pool.closeIdle(({ usableUntil }) => usableUntil <= now);
  }

  #evict(): void {
    let pool = this.#idle.first;
    while (pool !== undefined && this.#all.size > this.#maxPools) {
      // Closed, it is taken out.
      const next = pool.idleAfter;
      pool.closeIdle(() => true);
      pool = next;
    }
  }
}
