/** Keeps the first bytes of a response's body, and counts the rest; nothing is ever decompressed. */
import { asciiResponseText, responseText } from "./response-text.ts";

/** Of a text that has a character a byte. */
const NOT_ASCII = /[\x80-\xff]/;

export class ResponseBody {
  readonly #keptBytes: number;
  /** Latin1, a character a byte. */
  #head = "";
  #bytes = 0;
  #isWhole = false;

  constructor(keptBytes: number) {
    this.#keptBytes = keptBytes;
  }

  /** A part of it, in `bytes` from `from` to before `to`. */
  add(bytes: Buffer, from: number, to: number): void {
    const room = this.#keptBytes - this.#head.length;
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
    return NOT_ASCII.test(this.#head)
      ? responseText(Buffer.from(this.#head, "latin1"), this.#bytes, this.#isWhole)
      : asciiResponseText(this.#head, this.#bytes, this.#isWhole);
  }
}
