/**
 * One connection to a server. It carries one exchange at a time, and is used again only after a response that was
 * whole:
 *
 *   opening -> idle    by `opened`
 *   idle    -> busy    by `send`; the request is written at once, in one piece
 *   busy    -> idle    the response is whole, and the server keeps the connection
 *   any     -> closed  ended by either side, given up by the exchange, or broken; an exchange in flight hears of it
 *
 * Servers close connections that were idle for long enough, and a request may be on its way to one by then. It was most
 * likely never read where the connection had carried one before, no byte of a response came, and the end came about as
 * soon as the network allows.
 */
import type { Socket } from "node:net";
import type { ResponseHead, ResponseHeaders } from "./response-head.ts";
import { type ResponseListener, ResponseParser } from "./response-parser.ts";
import type { Abandon, Connect, Endpoint, OpeningPhase } from "./dial.ts";
import { togetherAfterThis } from "../concurrency/together.ts";
import { PipelineError } from "../errors/pipeline-error.ts";

/**
 * One request, and whoever hears its response. `onEnd`, `onCut` or `onError` comes last, unless the connection was
 * given up.
 */
export interface RequestHandler {
  /**
   * Asked when a connection is there.
   *
   * @returns the whole request, ASCII only if `isAscii`; undefined if it is not wanted any more
   */
  begin(connection: RequestProgress): Request | undefined;
  onHead(status: number, headers: ResponseHeaders): void;
  /** A part of the body, in `bytes` from `from` to before `to`; they are other bytes afterwards. */
  onData(bytes: Buffer, from: number, to: number): void;
  /**
   * Of bytes that follow the head, as they come over the wire, so many are read; past that the connection is closed,
   * and `onCut` called.
   */
  readonly mostBytes: number;
  onCut(): void;
  onEnd(): void;
  /**
   * @param isUnread whether the request was never read: see `Connection`; it may then be sent again, afresh
   */
  onError(error: Error, isUnread?: Unread): void;
}

/** `true`: most likely; `surely`: it was never sent, or the server has said so. */
export type Unread = boolean | "surely";

export interface Request {
  /** Head and body. */
  readonly text: string;
  readonly isAscii: boolean;
}

/** How far the request of a handler has come. */
export interface RequestProgress {
  /** Milliseconds of the owner's clock at which it was written. */
  readonly sentAt: number;
  /** Of a response whose head did not come whole: the status, if that came. */
  readonly statusSoFar: number | undefined;
  /** Whether something of the response has come. */
  readonly isAnswering: boolean;
  /** Whether something of the request is not out of the door yet. */
  readonly isWriting: boolean;
  /** Whatever is in flight is wanted no more; nobody hears of it. */
  giveUp(): void;
}

/** What a pool keeps: it carries one exchange at a time. */
export interface PooledConnection {
  /** Opens it, and says so once, not before it has returned. */
  open(endpoint: Endpoint, opened: (error: Error | undefined) => void): void;
  /** Nobody waits for it any more. @returns how far its opening had come; undefined once it is open or closed */
  abandonOpening(): OpeningPhase | undefined;
  /** @returns false when the exchange does not want to be sent any more */
  send(handler: RequestHandler): boolean;
  /** Was released, and the turn of the loop is over. */
  rested(): void;
  /** Whatever is in flight fails. */
  fail(error: Error): void;
  /** Whatever is in flight is wanted no more; nobody hears of it. */
  giveUp(): void;
  readonly isClosed: boolean;
  /** Requests that it has carried, the one in flight included. */
  readonly requests: number;
  /** Milliseconds of the owner's clock until which it may be used again. */
  usableUntil: number;
  /** The same, when its last request was written. */
  sentAt: number;
  /** The same, past which it carries no further request, however busy it is; and how many it carries at most. */
  retireAt: number;
  maxRequests: number;
  /** The same, when its opening began; and milliseconds that it took. */
  openingAt: number;
  openingMs: number;
}

/** Whoever keeps connections. */
export interface ConnectionOwner {
  /** May be used again. @param keptMs milliseconds for which the server keeps it */
  released(connection: PooledConnection, keptMs: number): void;
  /** Was released, and has rested. */
  rested(connection: PooledConnection): void;
  closed(connection: PooledConnection): void;
  /** It stands, and nothing was sent on it. */
  opened(connection: PooledConnection): void;
  /** Milliseconds, of the clock of `usableUntil`. */
  readonly now: () => number;
}

/** What says that the other side had closed the connection; its plain end has no code. */
const CLOSED_BY_SERVER = new Set<string | undefined>(["ECONNRESET", "EPIPE"]);
/**
 * Milliseconds from the write of a request to the end of its connection, and times that it took to open: what a closing
 * may take to arrive.
 */
const CLOSING_ARRIVES = { leastMs: 100, openings: 3 } as const;

/** The connection was closed before a response was whole. */
export class ClosedEarlyError extends PipelineError {
  override readonly name = "ClosedEarlyError";
  readonly code = "CLOSED_EARLY";
}

const uncorkTogether = togetherAfterThis((socket: Socket) => socket.uncork());

/** Held by the socket until what runs now has run: those of a batch of rows are written one right after the other. */
function writeTogether(socket: Socket, { text, isAscii }: Request): void {
  socket.cork();
  socket.write(text, isAscii ? "latin1" : "utf8");
  uncorkTogether(socket);
}

export class Connection implements PooledConnection, ResponseListener {
  readonly #owner: ConnectionOwner;
  readonly #connect: Connect;
  readonly #reader = new ResponseParser();
  #socket: Socket | undefined;
  /** Ends the opening. */
  #abandon: Abandon | undefined;
  #handler: RequestHandler | undefined;
  #keptMs = 0;
  #error: Error | undefined;
  #isClosed = false;
  /** Its server spoke before it stood. */
  #isSpoilt = false;
  #requests = 0;
  /** Milliseconds of the owner's clock until which it may be used again. */
  usableUntil = 0;
  /** The same, when its last request was written. */
  sentAt = 0;
  /** The same, past which it carries no further request, however busy it is; and how many it carries at most. */
  retireAt = Number.POSITIVE_INFINITY;
  maxRequests = Number.POSITIVE_INFINITY;
  openingAt = 0;
  /** Milliseconds that it took to open. */
  openingMs = 0;

  constructor(owner: ConnectionOwner, connect: Connect) {
    this.#owner = owner;
    this.#connect = connect;
  }

  /** Requests that it has carried, the one in flight included. */
  get requests(): number {
    return this.#requests;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Of a response whose head did not come whole: the status, if that came. */
  get statusSoFar(): number | undefined {
    return this.#reader.statusSoFar;
  }

  /** Whether something of the response has come. */
  get isAnswering(): boolean {
    return !this.#reader.isUntouched;
  }

  /** Whether something of the request is not out of the door yet. */
  get isWriting(): boolean {
    return this.#socket !== undefined && this.#socket.writableLength > 0;
  }

  open(endpoint: Endpoint, opened: (error: Error | undefined) => void): void {
    this.#abandon = this.#connect(endpoint, this.receive, (error, socket) => {
      if (socket !== undefined) this.#opened(socket);
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

  #opened(socket: Socket): void {
    this.#owner.opened(this);
    if (this.#isClosed) return void socket.destroy();
    this.#abandon = undefined;
    this.#socket = socket;
    if (this.#isSpoilt) return this.#close();
    socket
      .on("error", (error) => {
        this.#error = error;
      })
      .on("end", () => this.#ended())
      .on("close", () => this.#close());
  }

  /** @returns false when the exchange does not want to be sent any more */
  send(handler: RequestHandler): boolean {
    const request = this.#begin(handler);
    if (request === undefined) return false;
    this.#requests += 1;
    this.#handler = handler;
    this.#reader.expect(handler.mostBytes);
    if (this.#socket !== undefined) writeTogether(this.#socket, request);
    return true;
  }

  /** Whose request cannot be made hears of it, and the connection is as good as before. */
  #begin(handler: RequestHandler): Request | undefined {
    try {
      return handler.begin(this);
    } catch (error) {
      handler.onError(error as Error);
      return undefined;
    }
  }

  /**
   * Its server had the time to close it all the same. And only now one knows whether the request is out of the door:
   * TLS says that a write is done a turn after it is. What is left of one that was answered already would be taken for
   * the beginning of the next.
   */
  rested(): void {
    if (this.#isClosed) return;
    if (this.#socket?.writableLength === 0) this.#owner.rested(this);
    else this.#close();
  }

  /** Whatever is in flight fails. */
  fail(error: Error): void {
    this.#error = error;
    this.#close();
  }

  /** Whatever is in flight is wanted no more; nobody hears of it. */
  giveUp(): void {
    this.#handler = undefined;
    this.#close();
  }

  readonly receive = (bytes: Buffer, length: number): void => {
    const handler = this.#handler;
    // Nothing was asked; while it is opened, whoever opens it is to be told.
    if (handler === undefined) return this.#socket === undefined ? void (this.#isSpoilt = true) : this.#close();
    try {
      const read = this.#reader.read(bytes, length, this, this.#isHeard);
      if (this.#handler !== handler || !this.#reader.hasEnded) return;
      // More came than the response, which is whole all the same.
      this.#end(handler, read < length);
    } catch (error) {
      this.fail(error as Error);
    }
  };

  onHead({ status, headers, keptMs }: ResponseHead): void {
    this.#keptMs = keptMs;
    this.#handler?.onHead(status, headers);
  }

  onData(bytes: Buffer, from: number, to: number): void {
    this.#handler?.onData(bytes, from, to);
  }

  /** The status counts, and nothing more of it is read. */
  onCut(): void {
    const handler = this.#handler;
    this.giveUp();
    handler?.onCut();
  }

  readonly #isHeard = (): boolean => this.#handler !== undefined;

  /** @param isOver whether the connection is not to be used again */
  #end(handler: RequestHandler, isOver: boolean): void {
    this.#handler = undefined;
    if (isOver || this.#keptMs === 0) this.#close();
    else this.#owner.released(this, this.#keptMs);
    handler.onEnd();
  }

  /** The server sends no more. */
  #ended(): void {
    const handler = this.#handler;
    if (handler !== undefined && this.#reader.finish()) return this.#end(handler, true);
    this.#close();
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const handler = this.#handler;
    this.#handler = undefined;
    this.#abandon?.();
    this.#socket?.destroy();
    this.#owner.closed(this);
    if (handler === undefined) return;
    const error = this.#error ?? new ClosedEarlyError("the connection was closed before the answer was whole");
    handler.onError(error, this.#isUnread());
  }

  #isUnread(): boolean {
    if (this.#requests < 2 || !this.#reader.isUntouched) return false;
    if (this.#error !== undefined && !CLOSED_BY_SERVER.has((this.#error as NodeJS.ErrnoException).code)) return false;
    const { leastMs, openings } = CLOSING_ARRIVES;
    return this.#owner.now() - this.sentAt <= Math.max(leastMs, openings * this.openingMs);
  }
}
