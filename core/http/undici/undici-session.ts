/**
 * undici on a connection that we have opened: it writes requests and reads responses, and never opens anything itself.
 * Over HTTP/1.1 it has one user, over HTTP/2 up to a hundred at a time.
 *
 *   open -> retired  old, worn out, or told by the server to go; who uses it ends what is under way, and nobody joins
 *   any  -> closed   its socket is closed, or its last user has left
 */
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { buildConnector, Client, Dispatcher } from "undici";
import { ClosedEarlyError } from "../connection.ts";

/** Whoever sends on it, one request at a time. */
export interface SessionUser {
  /** Nothing further is to be sent on it. */
  sessionRetired(): void;
  /** The connection is gone. */
  sessionClosed(): void;
}

export type ClientClass = typeof Client;

/** What broke a socket: TLS may say why, and then its plain end follows, which says less. */
export class FirstError {
  error: Error | undefined;

  constructor(socket: Socket) {
    socket.on("error", (error) => {
      this.error ??= error;
    });
  }
}

export interface SessionParts {
  readonly origin: string;
  readonly socket: Socket;
  readonly broken: FirstError;
  /** Milliseconds that it took to open. */
  readonly openingMs: number;
  readonly now: () => number;
}

/** Streams of one connection at a time; a server may allow fewer, and then they wait for each other. */
const MOST_STREAMS = 100;
const MAX_HEAD_BYTES = 16_384;
/** Of time: the deadline of each request is its sender's, the life of an idle connection its pool's. */
const NEVER_MS = 0;
const NOT_BY_UNDICI_MS = 3_600_000;

export class UndiciSession {
  readonly isShared: boolean;
  /** Milliseconds that it took to open. */
  readonly openingMs: number;
  readonly #socket: Socket;
  readonly #broken: FirstError;
  readonly #client: Client;
  readonly #now: () => number;
  readonly #users = new Set<SessionUser>();
  #isTaken = false;
  #isRetired = false;
  requests = 0;
  /** Milliseconds of the clock past which it carries no further request; and how many it carries at most. */
  retireAt = Number.POSITIVE_INFINITY;
  maxRequests = Number.POSITIVE_INFINITY;

  constructor(ClientOf: ClientClass, { origin, socket, broken, openingMs, now }: SessionParts) {
    this.isShared = (socket as Partial<TLSSocket>).alpnProtocol === "h2";
    this.openingMs = openingMs;
    this.#socket = socket;
    this.#broken = broken;
    this.#now = now;
    this.#client = new ClientOf(origin, {
      connect: (_, callback) => this.#handOver(callback),
      pipelining: 1,
      maxHeaderSize: MAX_HEAD_BYTES,
      headersTimeout: NEVER_MS,
      bodyTimeout: NEVER_MS,
      keepAliveTimeout: NOT_BY_UNDICI_MS,
      keepAliveMaxTimeout: NOT_BY_UNDICI_MS,
      h2Options: { maxConcurrentStreams: MOST_STREAMS, pingInterval: 0 },
    });
    this.#client.on("disconnect", () => this.retire());
    socket.once("close", () => this.#closed());
  }

  get isClosed(): boolean {
    return this.#socket.destroyed;
  }

  /** Over the wire, TLS's own included. */
  get bytesRead(): number {
    return this.#socket.bytesRead;
  }

  /** What broke it first, if anything did. */
  get error(): Error | undefined {
    return this.#broken.error;
  }

  get isWriting(): boolean {
    return this.#socket.writableLength > 0;
  }

  get mayBeJoined(): boolean {
    const { size } = this.#users;
    const isWorn = this.#isRetired || this.requests >= this.maxRequests || this.retireAt <= this.#now();
    return this.isShared && size < MOST_STREAMS && !isWorn && !this.isClosed;
  }

  get isRetired(): boolean {
    return this.#isRetired;
  }

  join(user: SessionUser): void {
    this.#users.add(user);
  }

  leave(user: SessionUser): void {
    if (!this.#users.delete(user) || this.#users.size > 0) return;
    this.retire();
    void this.#client.destroy().catch(() => undefined);
    this.#socket.destroy();
  }

  /** Nobody joins it any more, and nothing further is sent. */
  retire(): void {
    if (this.#isRetired) return;
    this.#isRetired = true;
    for (const user of this.#users) user.sessionRetired();
  }

  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.requests += 1;
    this.#client.dispatch(options, handler);
  }

  /**
   * Not before undici waits for it, and once: what it would have opened anew fails, with an error that is not one of
   * its own, for which it would try again at once.
   */
  #handOver(callback: buildConnector.Callback): void {
    const isFirst = !this.#isTaken;
    this.#isTaken = true;
    queueMicrotask(() => {
      if (isFirst && !this.isClosed) callback(null, this.#socket);
      else callback(new ClosedEarlyError("the connection was closed before the request was sent"), null);
    });
  }

  #closed(): void {
    this.retire();
    // What is under way hears of it from undici first, with the reason: of HTTP/2 a turn later.
    setImmediate(() => setImmediate(() => this.#users.forEach((user) => user.sessionClosed())));
  }
}
