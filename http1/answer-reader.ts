/**
 * Cuts what a connection receives into head and body of one answer after the other, whatever the pieces it comes in. Bytes are looked at where
 * they lie and handed on from there; only of a line that is not whole yet a copy is kept, up to a bound.
 *
 *   head -> head           after an interim answer (1xx), which means nothing to us (RFC 9110, section 15.2)
 *   head -> body           by length, by chunks (size, data, its end, …, trailer), or up to the end of the connection
 *   body -> ended          an answer is whole; nothing may follow it until the next request
 */
import { type AnswerHead, notHttp, parseHead, parseHeader } from "./answer-head.ts";

/** Whoever hears an answer. */
export interface AnswerListener {
  /** Called once for each answer, before its body. */
  onHead(head: AnswerHead): void;
  /** A part of the body, in `bytes` from `from` to before `to`, which is to be copied or lost. */
  onData(bytes: Buffer, from: number, to: number): void;
}

/** The head of an answer, interim ones before it included, or a line of its chunks, is longer than any that is meant well. */
export class HeadTooLargeError extends Error {
  readonly code = "HEAD_TOO_LARGE";
}

type Part = "head" | "length" | "chunk size" | "chunk" | "chunk end" | "trailer" | "close" | "ended";

const MAX_HEAD_BYTES = 16_384;
const COMMON_HEAD_BYTES = 1024;
const MAX_CHUNK_LINE_BYTES = 1024;
const HEAD_END = "\r\n\r\n";
const LINE_END = "\r\n";
const LINE_FEED = 10;
/** No part of a head; who waits for its end would wait in vain. */
const BARE_LINE_FEED = /[^\r]\n/;
const BEGINNING = "HTTP/1.";
const FIRST_FINAL_STATUS = 200;
const SWITCHING_PROTOCOLS = 101;
/** The size, of at most 13 digits that count, and its extensions, which mean nothing to us. */
const CHUNK_SIZE =
  /^0*([0-9a-f]{1,13})((?:[\t ]*;[\t ]*[!#$%&'*+\-.^_`|~\w]+(?:[\t ]*=[\t ]*(?:[!#$%&'*+\-.^_`|~\w]+|"(?:[\t !#-[\]-~\x80-\xff]|\\[\t -~\x80-\xff])*"))?)*)$/i;

export class AnswerReader {
  #part: Part = "ended";
  /** Bytes of the body, or of its chunk, that are still to come. */
  #left = 0;
  /** The beginning of a head or line, of which the rest has not come. Latin1, a character a byte. */
  #held = "";
  /** Bytes of heads, trailers and what is sent around chunks for nothing, of this answer. */
  #headBytes = 0;
  /** Servers answer much the same again and again: a head that is the one before is not parsed anew. */
  #lastText = "";
  #lastHead: AnswerHead | undefined;

  /** A request is on its way: what comes next is the head of its answer. */
  expect(): void {
    this.#part = "head";
    this.#held = "";
    this.#headBytes = 0;
  }

  /** Nothing has come since the request. */
  get isUntouched(): boolean {
    return this.#part === "head" && this.#held === "" && this.#headBytes === 0;
  }

  get hasEnded(): boolean {
    return this.#part === "ended";
  }

  /**
   * @param length bytes that came; what is behind them is old
   * @param isHeard whether the listener still wants to hear of it
   * @returns bytes that belong to this answer; fewer than `length` if more came than was asked for
   * @throws AnswerNotHttpError, HeadTooLargeError
   */
  read(bytes: Buffer, length: number, listener: AnswerListener, isHeard: () => boolean): number {
    let at = 0;
    while (at < length && this.#part !== "ended" && isHeard()) at = this.#readPart(bytes, at, length, listener);
    return at;
  }

  /** The connection has ended. @returns whether that makes the answer whole */
  finish(): boolean {
    if (this.#part !== "close") return false;
    this.#part = "ended";
    return true;
  }

  #readPart(bytes: Buffer, at: number, length: number, listener: AnswerListener): number {
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
        return this.#readLine(bytes, at, length);
    }
  }

  /** Looks no further than most heads are long, lest a large body is made a text for nothing. */
  #readHead(bytes: Buffer, at: number, length: number, listener: AnswerListener): number {
    const held = this.#held.length;
    const to = Math.min(length, at + COMMON_HEAD_BYTES);
    const text = this.#held + bytes.toString("latin1", at, to);
    const end = text.indexOf(HEAD_END, Math.max(0, held - HEAD_END.length));
    if (end === -1) {
      if (!text.startsWith(BEGINNING) && !BEGINNING.startsWith(text)) notHttp(BEGINNING, text);
      if (BARE_LINE_FEED.test(text.slice(Math.max(0, held - 1)))) notHttp("lines that end with CRLF", text);
      if (this.#headBytes + text.length >= MAX_HEAD_BYTES) throw tooLarge("head", MAX_HEAD_BYTES);
      this.#held = text;
      return to;
    }
    const after = end + HEAD_END.length;
    this.#held = "";
    this.#headBytes += after;
    if (this.#headBytes > MAX_HEAD_BYTES) throw tooLarge("head", MAX_HEAD_BYTES);
    const head = this.#parse(text.slice(0, end));
    if (head.status >= FIRST_FINAL_STATUS) {
      this.#begin(head);
      listener.onHead(head);
    } else if (head.status === SWITCHING_PROTOCOLS) notHttp("no other protocol", "101");
    return at + after - held;
  }

  #parse(text: string): AnswerHead {
    if (this.#lastHead !== undefined && text === this.#lastText) return this.#lastHead;
    const head = parseHead(text);
    this.#lastText = text;
    this.#lastHead = head;
    return head;
  }

  #begin({ bodyEnd }: AnswerHead): void {
    if (bodyEnd.kind === "length") {
      this.#left = bodyEnd.bytes;
      this.#part = bodyEnd.bytes === 0 ? "ended" : "length";
    } else this.#part = bodyEnd.kind === "chunked" ? "chunk size" : "close";
  }

  #readBody(bytes: Buffer, at: number, to: number, listener: AnswerListener): number {
    this.#left -= to - at;
    if (this.#left === 0) this.#part = this.#part === "length" ? "ended" : "chunk end";
    listener.onData(bytes, at, to);
    return to;
  }

  /** A line around chunks; one that is empty too. */
  #readLine(bytes: Buffer, at: number, length: number): number {
    const end = bytes.indexOf(LINE_FEED, at);
    const isWhole = end !== -1 && end < length;
    const to = isWhole ? end + 1 : length;
    const text = this.#held + bytes.toString("latin1", at, Math.min(to, at + MAX_CHUNK_LINE_BYTES));
    if (text.length >= MAX_CHUNK_LINE_BYTES) throw tooLarge("line of a chunk", MAX_CHUNK_LINE_BYTES);
    if (isWhole && !text.endsWith(LINE_END)) notHttp("a line that ends with CRLF", text);
    this.#held = isWhole ? "" : text;
    if (isWhole) this.#lineRead(text.slice(0, -LINE_END.length));
    return to;
  }

  #lineRead(line: string): void {
    if (this.#part === "chunk end") {
      if (line !== "") notHttp("the end of a chunk", line);
      this.#part = "chunk size";
    } else if (this.#part === "chunk size") {
      const [, digits = "", extension = ""] = CHUNK_SIZE.exec(line) ?? notHttp("the size of a chunk", line);
      this.#count(extension.length);
      this.#left = Number.parseInt(digits, 16);
      this.#part = this.#left === 0 ? "trailer" : "chunk";
    } else if (line === "") this.#part = "ended";
    else {
      parseHeader(line);
      this.#count(line.length + LINE_END.length);
    }
  }

  #count(bytes: number): void {
    this.#headBytes += bytes;
    if (this.#headBytes > MAX_HEAD_BYTES) throw tooLarge("lines around chunks", MAX_HEAD_BYTES);
  }
}

function tooLarge(what: string, mostBytes: number): HeadTooLargeError {
  return new HeadTooLargeError(`the ${what} of the answer has more than ${mostBytes} bytes`);
}
