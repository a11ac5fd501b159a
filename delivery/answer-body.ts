/**
 * Reads the body of an answer to its end, so that the connection can be used again, or to a bound, past which the connection is given
 * up. The bound counts bytes as they come over the wire; nothing is ever decompressed. Only the first bytes are kept.
 */
import type { Dispatcher } from "undici";
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

  async read(body: Dispatcher.ResponseData["body"]): Promise<void> {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      if (this.#headBytes < this.#keptBytes) {
        const part = chunk.subarray(0, this.#keptBytes - this.#headBytes);
        this.#head.push(part);
        this.#headBytes += part.length;
      }
      this.#bytes += chunk.length;
      if (this.#bytes > MAX_BYTES) return;
    }
    this.#isWhole = true;
  }

  /** What was read so far, even if the rest never came. Undefined for nothing. */
  get text(): string | undefined {
    return this.#bytes === 0 ? undefined : answerText(Buffer.concat(this.#head), this.#bytes, this.#isWhole);
  }
}
