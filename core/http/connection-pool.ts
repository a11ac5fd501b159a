/**
 * The connections to one origin. An exchange takes the idle one that was used last; where there is none it waits, has
 * one opened, and takes whichever is free first: its own, or one that another exchange has done with. Each one that
 * waits has a connection of its own on the way, whose failure is its own too. No connection is used for ever, however
 * busy: who never connects anew never asks for the address again.
 */
import type { Endpoint, OpeningPhase } from "./dial.ts";
import { ClosedEarlyError, type ConnectionOwner, type PooledConnection, type RequestHandler } from "./connection.ts";

/** What all origins share. */
export interface ConnectionPoolParts {
  readonly connection: (owner: ConnectionOwner) => PooledConnection;
  readonly keepAliveMs: number;
  readonly reused: () => void;
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  /** To be called once nothing is in flight any more, and once something is again. */
  readonly idleChanged: (pool: ConnectionPool) => void;
  /** To be told when it has rested. */
  readonly rest: (connection: PooledConnection) => void;
}

/** Taken off what a server says that it keeps a connection, for the way of a request to it. */
const KEPT_MARGIN_MS = 2000;
/**
 * What a connection is used for at most; each has its own bounds between half of these and all, so that those that were
 * opened together are not opened together again. A name is resolved for each opening: a merchant that moves is followed
 * within a minute and its name's time to live.
 */
const MOST = { ageMs: 60_000, requests: 10_000 } as const;

export class ConnectionPool implements ConnectionOwner {
  readonly name: string;
  /** Among the idle ones; of `IdlePools` alone. */
  idleBefore: ConnectionPool | undefined;
  idleAfter: ConnectionPool | undefined;
  readonly #endpoint: Endpoint;
  readonly #parts: ConnectionPoolParts;
  /** The one used last at the end. */
  #idle: PooledConnection[] = [];
  readonly #waiting: RequestHandler[] = [];
  /** Those that take no other connection than the one that is opened for them. */
  readonly #waitingForOwn = new Set<RequestHandler>();
  /** What was opened for each that waits. */
  readonly #openings = new WeakMap<RequestHandler, PooledConnection>();
  /** All of them, those on the way included. */
  readonly #connections = new Set<PooledConnection>();
  #isIdle = false;
  #isDestroyed = false;

  /** @param name tells pools apart */
  constructor(name: string, endpoint: Endpoint, parts: ConnectionPoolParts) {
    this.name = name;
    this.#endpoint = endpoint;
    this.#parts = parts;
  }

  /** Whether there are connections and nothing is in flight on them. */
  get isIdle(): boolean {
    return this.#isIdle;
  }

  get connections(): number {
    return this.#connections.size;
  }

  /** @param isAfresh on a connection of its own, whether others are idle or not */
  send(handler: RequestHandler, isAfresh = false): void {
    const now = this.#parts.now();
    let connection = isAfresh ? undefined : this.#idle.pop();
    let worn: PooledConnection[] | undefined;
    for (; connection !== undefined && connection.usableUntil <= now; connection = this.#idle.pop())
      (worn ??= []).push(connection);
    if (connection === undefined) this.#dialFor(handler, isAfresh);
    else if (!this.#start(connection, handler, now) && !connection.isClosed) this.#idle.push(connection);
    if (worn !== undefined) for (const one of worn) one.giveUp();
    this.#look();
  }

  get now(): () => number {
    return this.#parts.now;
  }

  /**
   * One that waits is not wanted any more. The connection on its way is its own: whoever else waits has another.
   *
   * @returns how far that had come; undefined if it was not waiting
   */
  withdraw(handler: RequestHandler): OpeningPhase | undefined {
    if (!this.#takeWaiting(handler)) return undefined;
    const phase = this.#openings.get(handler)?.abandonOpening();
    this.#look();
    return phase;
  }

  rested(connection: PooledConnection): void {
    this.#free(connection);
    this.#look();
  }

  closeIdle(isOver: (connection: PooledConnection) => boolean): void {
    for (const connection of this.#idle.filter(isOver)) connection.giveUp();
  }

  /** What waits and what is in flight fails; no connection is left, and none is on the way. */
  destroy(error: Error): void {
    this.#isDestroyed = true;
    const waiting = [...this.#waiting.splice(0), ...this.#waitingForOwn];
    this.#waitingForOwn.clear();
    for (const handler of waiting) handler.onError(error);
    for (const connection of this.#connections) connection.fail(error);
  }

  released(connection: PooledConnection, keptMs: number): void {
    const { keepAliveMs, now, rest } = this.#parts;
    const releasedAt = now();
    const usableUntil = Math.min(releasedAt + Math.min(keepAliveMs, keptMs - KEPT_MARGIN_MS), connection.retireAt);
    const isWornOut = usableUntil <= releasedAt || connection.requests >= connection.maxRequests;
    if (isWornOut || this.#isDestroyed) return connection.giveUp();
    connection.usableUntil = usableUntil;
    rest(connection);
  }

  closed(connection: PooledConnection): void {
    this.#connections.delete(connection);
    const index = this.#idle.indexOf(connection);
    if (index >= 0) this.#idle.splice(index, 1);
    this.#look();
  }

  #dialFor(handler: RequestHandler, isAfresh: boolean): void {
    const { connection: create, now } = this.#parts;
    const connection = create(this);
    connection.openingAt = now();
    this.#connections.add(connection);
    if (isAfresh) this.#waitingForOwn.add(handler);
    else this.#waiting.push(handler);
    this.#openings.set(handler, connection);
    connection.open(this.#endpoint, (error) => {
      const isWaiting = this.#takeWaiting(handler);
      if (error === undefined && !connection.isClosed) {
        this.#free(connection, isWaiting ? handler : undefined);
        return this.#look();
      }
      connection.giveUp();
      this.#look();
      if (isWaiting) handler.onError(error ?? new ClosedEarlyError("the connection was closed as it was opened"));
    });
  }

  opened(connection: PooledConnection): void {
    const { now, random, keepAliveMs } = this.#parts;
    const openedAt = now();
    const share = 1 - random() / 2;
    connection.openingMs = openedAt - connection.openingAt;
    connection.usableUntil = openedAt + keepAliveMs;
    connection.retireAt = openedAt + share * MOST.ageMs;
    connection.maxRequests = Math.ceil(share * MOST.requests);
  }

  #takeWaiting(handler: RequestHandler): boolean {
    if (this.#waitingForOwn.delete(handler)) return true;
    const index = this.#waiting.indexOf(handler);
    if (index >= 0) this.#waiting.splice(index, 1);
    return index >= 0;
  }

  /**
   * For the next that waits; idle if there is none.
   *
   * @param own comes first: were it given to another, one that waits could be left without a connection on the way
   */
  #free(connection: PooledConnection, own?: RequestHandler): void {
    let handler = own ?? (this.#waiting.length > 0 ? this.#waiting.shift() : undefined);
    while (handler !== undefined) {
      if (this.#start(connection, handler, this.#parts.now()) || connection.isClosed) return;
      handler = this.#waiting.shift();
    }
    this.#idle.push(connection);
  }

  #start(connection: PooledConnection, handler: RequestHandler, now: number): boolean {
    connection.sentAt = now;
    if (!connection.send(handler)) return false;
    if (connection.requests > 1) this.#parts.reused();
    return true;
  }

  #look(): void {
    const isWaited = this.#waiting.length > 0 || this.#waitingForOwn.size > 0;
    const isIdle = this.#idle.length === this.#connections.size && !isWaited;
    if (isIdle === this.#isIdle && this.#connections.size > 0) return;
    this.#isIdle = isIdle;
    this.#parts.idleChanged(this);
  }
}
