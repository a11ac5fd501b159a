/**
 * What a pool keeps of undici: a connection of HTTP/1.1, or the use of one of HTTP/2 that others use too. It carries
 * one request at a time either way, and is closed where a request was given up: of HTTP/2 only its own stream ends.
 */
import { ClosedEarlyError, type ConnectionOwner, type PooledConnection, type RequestHandler } from "../connection.ts";
import type { Abandon, Endpoint, OpeningPhase } from "../dial.ts";
import type { SessionOpenings } from "./session-openings.ts";
import { UndiciExchange } from "./undici-exchange.ts";
import type { SessionUser, UndiciSession } from "./undici-session.ts";

export class UndiciConnection implements PooledConnection, SessionUser {
  readonly #owner: ConnectionOwner;
  readonly #openingsOf: (endpoint: Endpoint) => SessionOpenings;
  #abandon: Abandon | undefined;
  #session: UndiciSession | undefined;
  #exchange: UndiciExchange | undefined;
  #isClosed = false;
  usableUntil = 0;
  sentAt = 0;
  retireAt = Number.POSITIVE_INFINITY;
  maxRequests = Number.POSITIVE_INFINITY;
  openingAt = 0;
  openingMs = 0;

  constructor(owner: ConnectionOwner, openingsOf: (endpoint: Endpoint) => SessionOpenings) {
    this.#owner = owner;
    this.#openingsOf = openingsOf;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Those of others on the same connection included. */
  get requests(): number {
    return this.#session?.requests ?? 0;
  }

  open(endpoint: Endpoint, opened: (error: Error | undefined) => void): void {
    this.#abandon = this.#openingsOf(endpoint).open(this, (error, session) => {
      this.#abandon = undefined;
      if (session !== undefined) this.#opened(session);
      opened(error);
    });
  }

  abandonOpening(): OpeningPhase | undefined {
    const abandon = this.#abandon;
    if (abandon === undefined || this.#isClosed) return undefined;
    this.#abandon = undefined;
    const phase = abandon();
    this.#close();
    return phase;
  }

  #opened(session: UndiciSession): void {
    if (this.#isClosed) return session.leave(this);
    this.#session = session;
    this.#owner.opened(this);
    // Whoever opened it says how old it gets; nobody who joins makes it older.
    session.retireAt = this.retireAt = Math.min(session.retireAt, this.retireAt);
    session.maxRequests = this.maxRequests = Math.min(session.maxRequests, this.maxRequests);
    if (session.isClosed) this.#close();
  }

  send(handler: RequestHandler): boolean {
    const session = this.#session;
    if (session === undefined) return false;
    const exchange = new UndiciExchange(session, handler, this.sentAt, this.#owner.now, (keptMs) => {
      this.#exchange = undefined;
      if (keptMs > 0 && !session.isRetired) this.#owner.released(this, keptMs);
      else this.#close();
    });
    this.#exchange = exchange;
    if (exchange.begin()) return true;
    this.#exchange = undefined;
    return false;
  }

  /** undici has closed what it would not use again, and the server what it would not. */
  rested(): void {
    if (this.#isClosed) return;
    const session = this.#session;
    if (session === undefined || session.isClosed || session.isRetired) return this.#close();
    if (!session.isShared && session.isWriting) return this.#close();
    this.#owner.rested(this);
  }

  sessionRetired(): void {
    if (this.#session !== undefined && this.#exchange === undefined) this.#close();
  }

  sessionClosed(): void {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    this.#close();
    exchange?.fail(new ClosedEarlyError("the connection was closed before the answer was whole"));
  }

  fail(error: Error): void {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    this.#close();
    exchange?.fail(error);
  }

  giveUp(): void {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    exchange?.abort();
    this.#close();
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#abandon?.();
    this.#session?.leave(this);
    this.#owner.closed(this);
  }
}
