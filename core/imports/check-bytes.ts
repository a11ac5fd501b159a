/**
 * Whether a stream of bytes is text in UTF-8, and where it is not. A file in Latin-1, as older programs save it, has
 * letters that are other ones here, or none: guessing would change what merchants are told.
 */
import { isUtf8 } from "node:buffer";
import type { FileFault } from "./file-fault.ts";

const LF = 10;
const CR = 13;
const PIECE_BYTES = 65_536;

export class ByteCheck {
  #at = 0;
  #line = 1;
  #hasCr = false;
  /** The beginning of a character whose end is in the next chunk. */
  #rest: Uint8Array = new Uint8Array();

  /** @returns what is wrong with it, once */
  push(chunk: Uint8Array): FileFault | undefined {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const whole = bytes.subarray(0, bytes.length - unfinishedTail(bytes));
    const fault = this.#faultIn(whole);
    if (fault !== undefined) return fault;
    this.#count(whole);
    this.#at += whole.length;
    this.#rest = Uint8Array.from(bytes.subarray(whole.length));
    return undefined;
  }

  finish(): FileFault | undefined {
    return this.#rest.length === 0 ? undefined : this.#notUtf8(this.#rest, 0);
  }

  #faultIn(bytes: Uint8Array): FileFault | undefined {
    const nul = bytes.indexOf(0);
    const sound = isUtf8(bytes) ? bytes.length : firstInvalid(bytes);
    if (nul >= 0 && nul < sound) {
      this.#count(bytes.subarray(0, nul));
      const byte = this.#at + nul;
      return {
        code: "file_has_nul",
        reason: `got a NUL byte at byte ${byte}, in line ${this.#line}; expected text. Save it as CSV UTF-8`,
        line: this.#line,
        byte,
      };
    }
    return sound === bytes.length ? undefined : this.#notUtf8(bytes, sound);
  }

  #notUtf8(bytes: Uint8Array, index: number): FileFault {
    this.#count(bytes.subarray(0, index));
    const byte = this.#at + index;
    const got = `0x${(bytes[index] ?? 0).toString(16).toUpperCase().padStart(2, "0")}`;
    return {
      code: "file_not_utf8",
      reason:
        `got ${got} at byte ${byte}, in line ${this.#line}, which is no UTF-8 (it may be Latin-1 or Windows-1252); ` +
        "expected UTF-8. Save it as CSV UTF-8",
      line: this.#line,
      byte,
    };
  }

  #count(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (byte === CR || (byte === LF && !this.#hasCr)) this.#line += 1;
      this.#hasCr = byte === CR;
    }
  }
}

/** Bytes at the end that begin a character and do not end it. */
function unfinishedTail(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < lengthOf(byte) ? back : 0;
  }
  return 0;
}

function lengthOf(first: number): number {
  if (first >= 0xf0) return 4;
  return first >= 0xe0 ? 3 : 2;
}

/** Large pieces first, then character by character. */
function firstInvalid(bytes: Uint8Array): number {
  let at = 0;
  for (;;) {
    const piece = bytes.subarray(at, at + PIECE_BYTES);
    const whole = piece.length - unfinishedTail(piece);
    if (whole === 0 || !isUtf8(piece.subarray(0, whole))) break;
    at += whole;
  }
  while (at < bytes.length) {
    const first = bytes[at] as number;
    const length = first < 0x80 ? 1 : lengthOf(first);
    if (!isUtf8(bytes.subarray(at, at + length))) break;
    at += length;
  }
  return at;
}
