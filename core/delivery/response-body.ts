/** Keeps the first bytes of a response's body, and counts the rest; nothing is ever decompressed. */
import { isUtf8 } from "node:buffer";
import { asciiResponseText, responseText } from "./response-text.ts";

/** Of a text that has a character a byte. */
const NOT_ASCII = /[\x80-\xff]/;

export class ResponseBody {
  readonly #keptBytes: number;
  readonly #rawBytes: number;
  /** Latin1, a character a byte. */
  #head = "";
  #bytes = 0;
  #isWhole = false;

  /**
   * @param keptBytes of what is kept without secrets
   * @param rawBytes of what is kept as it is. @default none is
   */
  constructor(keptBytes: number, rawBytes = 0) {
    this.#keptBytes = keptBytes;
    this.#rawBytes = rawBytes;
  }

  /** A part of it, in `bytes` from `from` to before `to`. */
  add(bytes: Buffer, from: number, to: number): void {
    const room = Math.max(this.#keptBytes, this.#rawBytes) - this.#head.length;
    if (room > 0) this.#head += bytes.toString("latin1", from, Math.min(to, from + room));
    this.#bytes += to - from;
  }

  /** The response has ended, and this was all of it. */
  close(): void {
    this.#isWhole = true;
  }

  /** What was read so far, even if the rest never came. Undefined for nothing. */
  get text(): string | undefined {
    if (this.#bytes === 0) return undefined;
    const head = this.#rawBytes === 0 ? this.#head : this.#head.slice(0, this.#keptBytes);
    return NOT_ASCII.test(head)
      ? responseText(Buffer.from(head, "latin1"), this.#bytes, this.#isWhole)
      : asciiResponseText(head, this.#bytes, this.#isWhole);
  }

  /** The same as it is; undefined where it is no text, or there was too much of it. */
  get raw(): string | undefined {
    if (this.#bytes === 0 || this.#bytes > this.#rawBytes) return undefined;
    const bytes = Buffer.from(this.#head, "latin1");
    return isUtf8(bytes) ? bytes.toString() : undefined;
  }
}
