/**
 * Reads the body of an answer to its end, so that the connection can be used again, or to a bound, past which the connection is given
 * up. The bound counts bytes as they come over the wire; nothing is ever decompressed. Only the first bytes are kept.
 */
import { answerText } from "../core/answer-text.ts";

const MAX_BYTES = 65_536;

export class AnswerBody {
  readonly #keptBytes: number;
  /** Latin1, a character a byte. */
  #head = "";
  #bytes = 0;
  #isWhole = false;

  constructor(keptBytes: number) {
    this.#keptBytes = keptBytes;
  }

  /** A part of it, in `bytes` from `from` to before `to`. @returns false when the bound is passed, and no more is to be read */
  add(bytes: Buffer, from: number, to: number): boolean {
    const room = this.#keptBytes - this.#head.length;
    if (room > 0) this.#head += bytes.toString("latin1", from, Math.min(to, from + room));
    this.#bytes += to - from;
    return this.#bytes <= MAX_BYTES;
  }

  /** The answer has ended, and this was all of it. */
  close(): void {
    this.#isWhole = true;
  }

  /** What was read so far, even if the rest never came. Undefined for nothing. */
  get text(): string | undefined {
    return this.#bytes === 0 ? undefined : answerText(Buffer.from(this.#head, "latin1"), this.#bytes, this.#isWhole);
  }
}
