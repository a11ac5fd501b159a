/**
 * Reads the body of an answer to its end, so that the connection can be used again, or to a bound, past which the connection is given
 * up. The bound counts bytes as they come over the wire; nothing is ever decompressed. Only the first bytes are kept.
 */
import { answerText } from "../core/answer-text.ts";

const MAX_BYTES = 65_536;

export class AnswerBody {
  readonly #keptBytes: number;
  readonly #head: Buffer[] = [];
  #headBytes = 0;
  #bytes = 0;
  #isWhole = false;

  constructor(keptBytes: number) {
    this.#keptBytes = keptBytes;
  }

  /** @returns false when the bound is passed, and no more is to be read */
  add(chunk: Buffer): boolean {
    if (this.#headBytes < this.#keptBytes) {
      // A copy: the chunk may be a small part of a large buffer, or be used again.
      const part = Buffer.from(chunk.subarray(0, this.#keptBytes - this.#headBytes));
      this.#head.push(part);
      this.#headBytes += part.length;
    }
    this.#bytes += chunk.length;
    return this.#bytes <= MAX_BYTES;
  }

  /** The answer has ended, and this was all of it. */
  close(): void {
    this.#isWhole = true;
  }

  /** What was read so far, even if the rest never came. Undefined for nothing. */
  get text(): string | undefined {
    return this.#bytes === 0 ? undefined : answerText(Buffer.concat(this.#head), this.#bytes, this.#isWhole);
  }
}
