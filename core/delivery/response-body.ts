/** Keeps the first bytes of a response's body, and counts the rest; nothing is ever decompressed. */
import { responseText } from "./response-text.ts";

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
    return this.#bytes === 0 ? undefined : responseText(Buffer.from(this.#head, "latin1"), this.#bytes, this.#isWhole);
  }
}
