/**
 * Cuts what a connection receives into head and body of one response after the other, whatever the pieces it comes in.
 * Bytes are looked at where they lie and handed on from there; only of a line that is not whole yet a copy is kept, up
 * to a bound. Every byte counts to one, whatever it is: those of heads to that of heads, and what follows a head,
 * chunks' sizes, extensions and trailers too, to that of whoever hears it.
 *
 *   head -> head           after an interim response (1xx), which means nothing to us (RFC 9110, section 15.2)
 *   head -> body           by length, by chunks (size, data, its end, …, trailer), or up to the end of the connection
 *   body -> ended          a response is whole; nothing may follow it until the next request
 */
import { HeadReader } from "./head-reader.ts";
import { type ResponseHead, notHttp, parseHeader } from "./response-head.ts";
import { HeldBytes } from "./held-bytes.ts";
import { PipelineError } from "../errors/pipeline-error.ts";

/** Whoever hears a response. */
export interface ResponseListener {
  /** Called once for each response, before its body. */
  onHead(head: ResponseHead): void;
  /** A part of the body, in `bytes` from `from` to before `to`, which is to be copied or lost. */
  onData(bytes: Buffer, from: number, to: number): void;
  /**
   * More follows the head than was to be read, or a line that is longer than any that is meant well. Nothing more of it
   * is heard.
   */
  onCut(): void;
}

/** The head of a response, interim ones before it included, is longer than any that is meant well. */
export class HeadTooLargeError extends PipelineError {
  override readonly name = "HeadTooLargeError";
  readonly code = "HEAD_TOO_LARGE";
}

type Part = "head" | "length" | "chunk size" | "chunk" | "chunk end" | "trailer" | "close" | "ended" | "cut";

const MAX_HEAD_BYTES = 16_384;
const COMMON_HEAD_BYTES = 1024;
const MAX_LINE_BYTES = 1024;
const HEAD_END = "\r\n\r\n";
const LINE_END = "\r\n";
const CARRIAGE_RETURN = 13;
const LINE_FEED = 10;
/** No part of a head; who waits for its end would wait in vain. */
const BARE_LINE_FEED = /[^\r]\n/;
const BEGINNING = "HTTP/1.";
const FIRST_FINAL_STATUS = 200;
const SWITCHING_PROTOCOLS = 101;
const TOKEN = /[!#$%&'*+\-.^_`|~\w]+/.source;
const QUOTED = /"(?:[\t !#-[\]-~\x80-\xff]|\\[\t -~\x80-\xff])*"/.source;
const EXTENSION = String.raw`[\t ]*;[\t ]*${TOKEN}(?:[\t ]*=[\t ]*(?:${TOKEN}|${QUOTED}))?`;
/** The size, of at most 13 digits that count, and its extensions, which mean nothing to us. */
const CHUNK_SIZE = new RegExp(`^0*([0-9a-f]{1,13})((?:${EXTENSION})*)$`, "i");
/** Of a size that is read as it lies there. */
const MAX_PLAIN_DIGITS = 8;
/** Of a status line that came whole. */
const STATUS_LINE = /^HTTP\/1\.[01] ([1-9]\d\d)[ \r]/;
const STATUS_LINE_BYTES = 13;

export class ResponseParser {
  #part: Part = "ended";
  /** Bytes of the body, or of its chunk, that are still to come. */
  #left = 0;
  readonly #held = new HeldBytes();
  /** Bytes of heads, of this response. */
  #headBytes = 0;
  /** Bytes that may follow the head. */
  #mostBytes = Number.POSITIVE_INFINITY;
  /** Bytes that followed it. */
  #bytes = 0;
  /** The head that could not be read. */
  #badHead = "";
  readonly #heads = new HeadReader();

  /**
   * A request is on its way: what comes next is the head of its response.
   * @param mostBytes that may follow the head, as they come over the wire
   */
  expect(mostBytes: number): void {
    this.#part = "head";
    this.#headBytes = 0;
    this.#mostBytes = mostBytes;
    this.#bytes = 0;
    if (this.#held.length > 0) this.#held.clear();
  }

  /** Nothing has come since the request. */
  get isUntouched(): boolean {
    return this.#part === "head" && this.#held.length === 0 && this.#headBytes === 0;
  }

  /** Of a response whose head did not come whole, or could not be read: the status, if that came. */
  get statusSoFar(): number | undefined {
    const text = this.#badHead === "" ? this.#held.text(0, STATUS_LINE_BYTES) : this.#badHead;
    const status = Number(STATUS_LINE.exec(text)?.[1]);
    return this.#part === "head" && status >= FIRST_FINAL_STATUS ? status : undefined;
  }

  get hasEnded(): boolean {
    return this.#part === "ended";
  }

  /**
   * @param length bytes that came; what is behind them is old
   * @param isHeard whether the listener still wants to hear of it
   * @returns bytes that belong to this response; fewer than `length` if more came than was asked for
   * @throws ResponseNotHttpError, HeadTooLargeError
   */
  read(bytes: Buffer, length: number, listener: ResponseListener, isHeard: () => boolean): number {
    let at = 0;
    while (at < length && this.#part !== "ended" && this.#part !== "cut" && isHeard()) {
      const from = at;
      const isHead = this.#part === "head";
      at = this.#readPart(bytes, from, length, listener);
      if (!isHead && (this.#bytes += at - from) > this.#mostBytes) this.#part = "cut";
    }
    if (this.#part === "cut") listener.onCut();
    return at;
  }

  /** The connection has ended. @returns whether that makes the response whole */
  finish(): boolean {
    if (this.#part !== "close") return false;
    this.#part = "ended";
    return true;
  }

  #readPart(bytes: Buffer, at: number, length: number, listener: ResponseListener): number {
    switch (this.#part) {
      case "head":
        return this.#readHead(bytes, at, length, listener);
      case "length":
      case "chunk":
        return this.#readBody(bytes, at, Math.min(length, at + this.#left), listener);
      case "close":
        listener.onData(bytes, at, length);
        return length;
      default:
        return this.#held.length === 0 ? this.#readPlainLine(bytes, at, length) : this.#readLine(bytes, at, length);
    }
  }

  /** Looks no further than most heads are long, lest a large body is made a text for nothing. */
  #readHead(bytes: Buffer, at: number, length: number, listener: ResponseListener): number {
    const before = this.#held.length;
    const to = Math.min(length, at + COMMON_HEAD_BYTES);
    if (before === 0) {
      const text = bytes.toString("latin1", at, to);
      const end = text.indexOf(HEAD_END);
      if (end !== -1) return at + this.#headRead(text.slice(0, end), listener);
    }
    this.#held.add(bytes, at, to);
    // What is new, and as much before it as the end of a head may have begun in.
    const from = Math.max(0, before - HEAD_END.length + 1);
    const text = this.#held.text(from);
    const end = text.indexOf(HEAD_END);
    if (end !== -1) {
      const head = this.#held.text(0, from + end);
      this.#held.clear();
      return at + this.#headRead(head, listener) - before;
    }
    if (before < BEGINNING.length) {
      const beginning = this.#held.text(0, COMMON_HEAD_BYTES);
      if (!beginning.startsWith(BEGINNING) && !BEGINNING.startsWith(beginning)) notHttp(BEGINNING, beginning);
    }
    if (BARE_LINE_FEED.test(text)) notHttp("lines that end with CRLF", this.#held.text(0, COMMON_HEAD_BYTES));
    if (this.#headBytes + this.#held.length >= MAX_HEAD_BYTES) throw headTooLarge();
    return to;
  }

  /** @returns the bytes of the head and its end */
  #headRead(text: string, listener: ResponseListener): number {
    const bytes = text.length + HEAD_END.length;
    this.#headBytes += bytes;
    this.#badHead = text;
    if (this.#headBytes > MAX_HEAD_BYTES) throw headTooLarge();
    const head = this.#heads.read(text);
    this.#badHead = "";
    if (head.status >= FIRST_FINAL_STATUS) {
      this.#begin(head);
      listener.onHead(head);
    } else if (head.status === SWITCHING_PROTOCOLS) notHttp("no other protocol", "101");
    return bytes;
  }

  #begin({ bodyEnd }: ResponseHead): void {
    if (bodyEnd.kind === "length") {
      this.#left = bodyEnd.bytes;
      this.#part = bodyEnd.bytes === 0 ? "ended" : "length";
    } else this.#part = bodyEnd.kind === "chunked" ? "chunk size" : "close";
  }

  #readBody(bytes: Buffer, at: number, to: number, listener: ResponseListener): number {
    this.#left -= to - at;
    if (this.#left === 0) this.#part = this.#part === "length" ? "ended" : "chunk end";
    listener.onData(bytes, at, to);
    return to;
  }

  /**
   * Those lines of which there is one around each chunk, where they are plain: a text for each would cost more than the
   * chunk.
   */
  #readPlainLine(bytes: Buffer, at: number, length: number): number {
    let to = at;
    let size = 0;
    if (this.#part === "chunk size") {
      for (let digit = hexDigit(bytes[to]); digit !== -1 && to - at < MAX_PLAIN_DIGITS; digit = hexDigit(bytes[to])) {
        size = size * 16 + digit;
        to += 1;
      }
      if (to === at) return this.#readLine(bytes, at, length);
    } else if (this.#part === "trailer") return this.#readLine(bytes, at, length);
    if (to + 2 > length || bytes[to] !== CARRIAGE_RETURN || bytes[to + 1] !== LINE_FEED)
      return this.#readLine(bytes, at, length);
    if (this.#part === "chunk size") this.#chunkBegins(size);
    else this.#part = "chunk size";
    return to + 2;
  }

  /** A line around chunks; one that is empty too. */
  #readLine(bytes: Buffer, at: number, length: number): number {
    const most = Math.min(length, at + MAX_LINE_BYTES - this.#held.length);
    let to = at;
    while (to < most && bytes[to] !== LINE_FEED) to += 1;
    const isWhole = to < most;
    if (isWhole) to += 1;
    this.#held.add(bytes, at, to);
    if (!isWhole) {
      if (this.#held.length >= MAX_LINE_BYTES) this.#part = "cut";
      return to;
    }
    const text = this.#held.text();
    this.#held.clear();
    if (!text.endsWith(LINE_END)) notHttp("a line that ends with CRLF", text);
    this.#lineRead(text.slice(0, -LINE_END.length));
    return to;
  }

  #lineRead(line: string): void {
    if (this.#part === "chunk end") {
      if (line !== "") notHttp("the end of a chunk", line);
      this.#part = "chunk size";
    } else if (this.#part === "chunk size") {
      const [, digits = ""] = CHUNK_SIZE.exec(line) ?? notHttp("the size of a chunk", line);
      this.#chunkBegins(Number.parseInt(digits, 16));
    } else if (line === "") this.#part = "ended";
    else parseHeader(line);
  }

  #chunkBegins(bytes: number): void {
    this.#left = bytes;
    this.#part = bytes === 0 ? "trailer" : "chunk";
  }
}

/** @returns -1 for what is none */
function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 48 && byte <= 57) return byte - 48;
  // Small letters are the large ones with this bit set.
  const letter = byte | 0x20;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

function headTooLarge(): HeadTooLargeError {
  return new HeadTooLargeError(`the head of the answer has more than ${MAX_HEAD_BYTES} bytes`);
}
