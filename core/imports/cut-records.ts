/**
 * Finds where records begin and end in a stream of bytes, keeping none of it: quotes may hold line ends, and a line end
 * is LF, CR LF or CR. Whether a record is sound is for whoever parses it; one that is too long ends at the next line
 * end, whatever its quotes say, so that one stray quote does not cost the rest of a large file.
 *
 *   at a cell's start -> in quotes | unquoted
 *   in quotes -> after a quote (the quote) -> in quotes (a doubled one) | unquoted
 *   any but in quotes -> at a line end (CR) -> a record is over
 *   any -> skipping (too long) -> at a line end
 */
import { MAX_RECORD_BYTES } from "./limits.ts";

export interface CutRecord {
  /** Bytes of the file, from 0; the line end is within. */
  readonly from: number;
  readonly to: number;
  /** Without the line end. */
  readonly end: number;
  readonly line: number;
  readonly fault?: "too long" | "open quote";
}

export interface CutOptions {
  /** Of cells; undefined for JSON Lines, which have neither cells nor quotes. */
  readonly delimiter: string | undefined;
  /** Where the first byte is in the file, and in which line. */
  readonly from: number;
  readonly line: number;
  /** @default MAX_RECORD_BYTES */
  readonly maxBytes?: number;
}

const LF = 10;
const CR = 13;
const QUOTE = 34;
const SPACE = 32;
const TAB = 9;
const NO_BYTE = -1;

type State = "start" | "quoted" | "after quote" | "unquoted" | "skipping";

/** Blank ones, which have nothing but spaces and delimiters, in quotes or not, are left out. */
export class RecordCutter {
  readonly #delimiter: number;
  readonly #hasQuotes: boolean;
  readonly #maxBytes: number;
  #at: number;
  #line: number;
  #from: number;
  #fromLine: number;
  #state: State = "start";
  #isBlank = true;
  #hasCr = false;
  #hasQuotedCr = false;

  constructor({ delimiter, from, line, maxBytes = MAX_RECORD_BYTES }: CutOptions) {
    this.#delimiter = delimiter?.codePointAt(0) ?? NO_BYTE;
    this.#hasQuotes = delimiter !== undefined;
    this.#maxBytes = maxBytes;
    this.#at = this.#from = from;
    this.#line = this.#fromLine = line;
  }

  /** @returns those that end in it */
  push(bytes: Uint8Array): CutRecord[] {
    const records: CutRecord[] = [];
    const base = this.#at;
    for (let index = 0; index < bytes.length; index += 1) {
      const byte = bytes[index] as number;
      if (this.#hasCr) {
        this.#hasCr = false;
        const isPair = byte === LF;
        this.#end(base + index - 1, base + index + (isPair ? 1 : 0), records);
        if (isPair) continue;
      }
      if (byte === LF || byte === CR) {
        if (this.#state === "quoted") {
          // CR LF is one line end.
          if (byte === CR || !this.#hasQuotedCr) this.#line += 1;
          this.#hasQuotedCr = byte === CR;
        } else if (byte === LF) this.#end(base + index, base + index + 1, records);
        else this.#hasCr = true;
      } else this.#step(byte);
      if (this.#state !== "skipping" && !this.#hasCr && base + index + 1 - this.#from > this.#maxBytes)
        this.#state = "skipping";
    }
    this.#at = base + bytes.length;
    return records;
  }

  /** @returns the last record, where the file does not end with a line end */
  finish(): CutRecord[] {
    const records: CutRecord[] = [];
    if (this.#hasCr) {
      this.#hasCr = false;
      this.#end(this.#at - 1, this.#at, records);
    } else if (this.#at > this.#from) this.#end(this.#at, this.#at, records);
    return records;
  }

  #step(byte: number): void {
    this.#hasQuotedCr = false;
    if (this.#isBlank && !this.#isBlankByte(byte)) this.#isBlank = false;
    if (!this.#hasQuotes) return;
    switch (this.#state) {
      case "start":
        this.#state = byte === QUOTE ? "quoted" : byte === this.#delimiter ? "start" : "unquoted";
        return;
      case "quoted":
        if (byte === QUOTE) this.#state = "after quote";
        return;
      case "after quote":
        this.#state = byte === QUOTE ? "quoted" : byte === this.#delimiter ? "start" : "unquoted";
        return;
      case "unquoted":
        if (byte === this.#delimiter) this.#state = "start";
        return;
      case "skipping":
    }
  }

  /** Of an empty cell: one in quotes is as empty as one without. */
  #isBlankByte(byte: number): boolean {
    const isQuoted = this.#state === "quoted";
    if (byte === QUOTE && this.#hasQuotes) return isQuoted || this.#state === "start";
    if (byte === this.#delimiter) return !isQuoted;
    return (byte === SPACE || byte === TAB) && this.#state !== "after quote";
  }

  #end(end: number, to: number, records: CutRecord[]): void {
    const fault = this.#state === "skipping" ? "too long" : this.#state === "quoted" ? "open quote" : undefined;
    if (!this.#isBlank || fault === "open quote")
      records.push({
        from: this.#from,
        to,
        end,
        line: this.#fromLine,
        ...(fault !== undefined && { fault }),
      });
    this.#line += 1;
    this.#from = to;
    this.#fromLine = this.#line;
    this.#state = "start";
    this.#isBlank = true;
  }
}
