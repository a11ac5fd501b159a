/**
 * Lines of the journal that wait for their file, oldest first, as bytes outside of the heap: entries that were kept as
 * objects for seconds would each be copied twice by the collector of young garbage, and then be left to a full
 * collection.
 */
import { Buffer } from "node:buffer";

/** A part of a file is as long as one of these bounds allows; a longer line has a part of its own. */
const MOST_OF_PART = { lines: 1000, bytes: 256 * 1024 } as const;
/** Bytes of UTF-8 that a UTF-16 unit of a text takes at most. */
const MOST_BYTES_A_UNIT = 3;
const LINE_FEED = 0x0a;

export interface JournalPart {
  /** As many bytes as there may be; of them `length` are written. */
  readonly bytes: Buffer;
  length: number;
  lines: number;
  /** Epoch milliseconds of its last line. */
  lastAt: number;
}

export class JournalLines {
  #parts: JournalPart[] = [];
  #length = 0;

  /** Lines that wait. */
  get length(): number {
    return this.#length;
  }

  /** @param at epoch milliseconds */
  add(line: string, at: number): void {
    const part = this.#partFor(line.length * MOST_BYTES_A_UNIT + 1);
    part.length += part.bytes.write(line, part.length);
    part.bytes[part.length] = LINE_FEED;
    part.length += 1;
    part.lines += 1;
    part.lastAt = at;
    this.#length += 1;
  }

  /** Takes the oldest out, whole parts: no more lines than `most`, as long as no part has more. */
  take(most: number): readonly JournalPart[] {
    let taken = 0;
    let lines = 0;
    for (const part of this.#parts) {
      if (taken > 0 && lines + part.lines > most) break;
      lines += part.lines;
      taken += 1;
    }
    this.#length -= lines;
    return this.#parts.splice(0, taken);
  }

  /** Before all others, in the order in which they were taken. */
  putBack(parts: readonly JournalPart[]): void {
    this.#parts = [...parts, ...this.#parts];
    this.#length += linesOf(parts);
  }

  #partFor(bytes: number): JournalPart {
    const last = this.#parts.at(-1);
    if (last !== undefined && last.lines < MOST_OF_PART.lines && last.length + bytes <= last.bytes.length) return last;
    const part = {
      bytes: Buffer.allocUnsafeSlow(Math.max(MOST_OF_PART.bytes, bytes)),
      length: 0,
      lines: 0,
      lastAt: 0,
    };
    this.#parts.push(part);
    return part;
  }
}

export function linesOf(parts: readonly JournalPart[]): number {
  return parts.reduce((sum, { lines }) => sum + lines, 0);
}
