/**
 * One request on undici, told to whoever hears of it as our own connections tell it. What undici does not bound is
 * bounded here: the head of HTTP/2, interim responses, and the bytes of a body.
 */
import type { Dispatcher } from "undici";
import type { Request, RequestHandler, RequestProgress, Unread } from "../connection.ts";
import { requestParts } from "../request-parts.ts";
import { keptMsOf, type ResponseHeaders } from "../response-head.ts";
import { HeadTooLargeError } from "../response-parser.ts";
import { isClosedByServer, isRefused, ourErrorOf } from "./undici-error.ts";
import type { UndiciSession } from "./undici-session.ts";

type Controller = Dispatcher.DispatchController;

const MAX_HEAD_BYTES = 16_384;
/** Of a line around its name and value, about: `: ` and the end of it; of HTTP/2 as it counts them (RFC 9113). */
const LINE_BYTES = 4;
/** What TLS may add to what comes in small pieces. */
const AROUND_TLS = 2;
const FIRST_FINAL_STATUS = 200;
/** Answers without a body, whatever their headers say. */
const WITHOUT_BODY = new Set([204, 304]);
/** What a connection writes itself, or what HTTP/2 has in another form. */
const OF_THE_CONNECTION = new Set(["host", "connection"]);
/** From a write to the end of its connection: what a closing may take to arrive, as on connections of ours. */
const CLOSING_ARRIVES = { leastMs: 100, openings: 3 } as const;

export class UndiciExchange implements RequestProgress, Dispatcher.DispatchHandler {
  readonly sentAt: number;
  readonly statusSoFar = undefined;
  readonly #session: UndiciSession;
  readonly #handler: RequestHandler;
  readonly #now: () => number;
  /** Told once it is over, with the milliseconds for which the connection is kept; 0 where it is not. */
  readonly #over: (keptMs: number) => void;
  #controller: Controller | undefined;
  #hasBegun = false;
  #isSent = false;
  #isAnswering = false;
  #isOver = false;
  #headBytes = 0;
  #bodyBytes = 0;
  #keptMs = 0;
  #readBefore = 0;

  constructor(
    session: UndiciSession,
    handler: RequestHandler,
    sentAt: number,
    now: () => number,
    over: (keptMs: number) => void,
  ) {
    this.#session = session;
    this.#handler = handler;
    this.sentAt = sentAt;
    this.#now = now;
    this.#over = over;
  }

  get isAnswering(): boolean {
    return this.#isAnswering;
  }

  get isWriting(): boolean {
    return !this.#isSent || this.#session.isWriting;
  }

  /** @returns false when it does not want to be sent any more */
  begin(): boolean {
    let request: Request | undefined;
    try {
      request = this.#handler.begin(this);
    } catch (error) {
      this.#handler.onError(error as Error);
    }
    if (request === undefined) return false;
    const { headers, path, body } = requestParts(request.text);
    const bytes = Buffer.from(body);
    this.#readBefore = this.#session.bytesRead;
    this.#session.dispatch(
      {
        method: "POST",
        path,
        headers: headers.filter(([name]) => !OF_THE_CONNECTION.has(name)).flat(),
        // Of what comes in parts undici repeats nothing by itself, where a server of HTTP/2 refused it.
        body: this.#session.isShared ? ([bytes] as unknown as Buffer) : bytes,
      },
      this,
    );
    return true;
  }

  giveUp(): void {
    this.#end(0);
  }

  /** It is wanted no more, and nobody hears of it. */
  abort(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    // Nothing came of it: the connection may be dead, which nobody else is to find out.
    if (!this.#isAnswering) this.#session.retire();
    this.#controller?.abort(new Error("given up"));
  }

  fail(error: Error): void {
    if (this.#isOver) return;
    this.abort();
    this.#handler.onError(error, this.#isUnread(error));
  }

  onRequestStart(controller: Controller): void {
    this.#hasBegun = true;
    this.#controller = controller;
    if (this.#isOver) controller.abort(new Error("given up"));
  }

  onRequestSent(): void {
    this.#isSent = true;
  }

  onResponseStarted(): void {
    this.#isAnswering = true;
  }

  onResponseStart(_: Controller, status: number, headers: ResponseHeaders): void {
    if (this.#isOver) return;
    this.#isAnswering = true;
    this.#headBytes += bytesOf(headers);
    if (this.#headBytes > MAX_HEAD_BYTES) return this.#broken(headTooLarge());
    if (status < FIRST_FINAL_STATUS) return;
    const hasBody = !WITHOUT_BODY.has(status);
    this.#keptMs = this.#session.isShared ? Number.POSITIVE_INFINITY : keptMsOf(headers, true, hasBody);
    this.#handler.onHead(status, headers);
  }

  onResponseData(_: Controller, chunk: Buffer): void {
    if (this.#isOver) return;
    this.#bodyBytes += chunk.length;
    this.#handler.onData(chunk, 0, chunk.length);
    if (this.#isOver || !this.#isTooLong(this.#handler.mostBytes)) return;
    this.#end(0);
    this.#handler.onCut();
  }

  onResponseEnd(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#over(this.#keptMs);
    this.#handler.onEnd();
  }

  /** Why a connection of HTTP/2 broke is known only after its streams have ended by it. */
  onResponseError(_: Controller, error: Error): void {
    if (this.#isOver) return;
    if (!this.#session.isShared) return this.#broken(error);
    setImmediate(() => {
      if (!this.#isOver) this.#broken(error);
    });
  }

  /** What is around chunks counts as far as can be seen: by the bytes of the connection, which is its own. */
  #isTooLong(mostBytes: number): boolean {
    if (this.#bodyBytes > mostBytes) return true;
    if (this.#session.isShared) return false;
    return this.#session.bytesRead - this.#readBefore > AROUND_TLS * (MAX_HEAD_BYTES + mostBytes);
  }

  #broken(reported: Error): void {
    const isUnread = this.#isUnread(reported);
    // It goes again on another one.
    if (isUnread !== false) this.#session.retire();
    this.#end(0);
    this.#handler.onError(ourErrorOf(this.#session.error ?? reported), isUnread);
  }

  #end(keptMs: number): void {
    if (this.#isOver) return;
    this.abort();
    this.#over(keptMs);
  }

  /**
   * The server says that it did nothing with it; else by the rule of our own connections: it had carried others,
   * nothing of a response came, and it ended before it was begun, or as soon as a closing arrives.
   */
  #isUnread(error: Error): Unread {
    if (isRefused(error)) return "surely";
    if (this.#session.requests < 2 || this.#isAnswering) return false;
    if (!this.#hasBegun) return "surely";
    if (!isClosedByServer(error)) return false;
    const { leastMs, openings } = CLOSING_ARRIVES;
    return this.#now() - this.sentAt <= Math.max(leastMs, openings * this.#session.openingMs);
  }
}

function headTooLarge(): HeadTooLargeError {
  return new HeadTooLargeError(`the head of the answer has more than ${MAX_HEAD_BYTES} bytes`);
}

function bytesOf(headers: ResponseHeaders): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(headers))
    for (const one of typeof value === "string" ? [value] : (value ?? []))
      bytes += name.length + one.length + LINE_BYTES;
  return bytes;
}
