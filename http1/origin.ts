/**
 * The connections to one origin. An exchange takes the idle one that was used last; where there is none it waits, has one opened, and takes
 * whichever is free first: its own, or one that another exchange has done with. Each one that waits has a connection of its own on the way, whose
 * failure is its own too.
 */
import { type Connect, type Endpoint, endpointOf } from "./dial.ts";
import { ClosedEarlyError, Connection, type ConnectionOwner, type Exchange } from "./connection.ts";

/** What all origins share. */
export interface OriginParts {
  readonly connect: Connect;
  readonly keepAliveMs: number;
  readonly reused: () => void;
  readonly now: () => number;
  /** To be called once nothing is under way any more, and once something is again. */
  readonly idleChanged: (origin: Origin) => void;
  /** To be told when it has rested. */
  readonly rest: (connection: Connection) => void;
}

/** Taken off what a server says that it keeps a connection, for the way of a request to it. */
const KEPT_MARGIN_MS = 2000;

export class Origin implements ConnectionOwner {
  readonly name: string;
  readonly #endpoint: Endpoint;
  readonly #parts: OriginParts;
  /** The one used last at the end. */
  #idle: Connection[] = [];
  readonly #waiting: Exchange[] = [];
  /** All of them, those on the way included. */
  readonly #connections = new Set<Connection>();
  #isIdle = false;
  #isDestroyed = false;

  /** @param name scheme, host and port, in the spelling of the URL standard */
  constructor(name: string, parts: OriginParts) {
    this.name = name;
    this.#endpoint = endpointOf(name);
    this.#parts = parts;
  }

  /** Whether there are connections and nothing is under way on them. */
  get isIdle(): boolean {
    return this.#isIdle;
  }

  get connections(): number {
    return this.#connections.size;
  }

  send(exchange: Exchange): void {
    const connection = this.#idle.pop();
    if (connection !== undefined && connection.usableUntil > this.#parts.now()) {
      if (!this.#start(connection, exchange) && !connection.isClosed) this.#idle.push(connection);
      return this.#look();
    }
    this.#dialFor(exchange);
    if (connection === undefined) return this.#look();
    // The others are idle for longer.
    connection.giveUp();
    this.closeIdle(() => true);
  }

  rested(connection: Connection): void {
    this.#free(connection);
    this.#look();
  }

  closeIdle(isOver: (connection: Connection) => boolean): void {
    for (const connection of this.#idle.filter(isOver)) connection.giveUp();
  }

  /** What waits and what is under way fails; no connection is left, and none is on the way. */
  destroy(error: Error): void {
    this.#isDestroyed = true;
    for (const exchange of this.#waiting.splice(0)) exchange.onError(error);
    for (const connection of this.#connections) connection.fail(error);
  }

  released(connection: Connection, keptMs: number): void {
    const { keepAliveMs, now, rest } = this.#parts;
    const usableMs = Math.min(keepAliveMs, keptMs - KEPT_MARGIN_MS);
    if (usableMs <= 0 || this.#isDestroyed) return connection.giveUp();
    connection.usableUntil = now() + usableMs;
    rest(connection);
  }

  closed(connection: Connection): void {
    this.#connections.delete(connection);
    const index = this.#idle.indexOf(connection);
    if (index >= 0) this.#idle.splice(index, 1);
    this.#look();
  }

  #dialFor(exchange: Exchange): void {
    const connection = new Connection(this);
    this.#connections.add(connection);
    this.#waiting.push(exchange);
    const abandon = this.#parts.connect(this.#endpoint, connection.receive, (error, socket) => {
      if (socket !== undefined) connection.opened(socket);
      const isWaiting = this.#takeWaiting(exchange);
      if (socket !== undefined && !connection.isClosed) {
        this.#free(connection, isWaiting ? exchange : undefined);
        return this.#look();
      }
      connection.giveUp();
      this.#look();
      if (isWaiting) exchange.onError(error ?? new ClosedEarlyError("the connection was closed as it was opened"));
    });
    connection.opening(abandon);
  }

  #takeWaiting(exchange: Exchange): boolean {
    const index = this.#waiting.indexOf(exchange);
    if (index >= 0) this.#waiting.splice(index, 1);
    return index >= 0;
  }

  /**
   * For the next that waits; idle if there is none.
   *
   * @param own comes first: were it given to another, one that waits could be left without a connection on the way
   */
  #free(connection: Connection, own?: Exchange): void {
    let exchange = own ?? this.#waiting.shift();
    while (exchange !== undefined) {
      if (this.#start(connection, exchange) || connection.isClosed) return;
      exchange = this.#waiting.shift();
    }
    if (connection.requests === 0) connection.usableUntil = this.#parts.now() + this.#parts.keepAliveMs;
    this.#idle.push(connection);
  }

  #start(connection: Connection, exchange: Exchange): boolean {
    if (!connection.send(exchange)) return false;
    if (connection.requests > 1) this.#parts.reused();
    return true;
  }

  #look(): void {
    const isIdle = this.#idle.length === this.#connections.size && this.#waiting.length === 0;
    if (isIdle === this.#isIdle && this.#connections.size > 0) return;
    this.#isIdle = isIdle;
    this.#parts.idleChanged(this);
  }
}
