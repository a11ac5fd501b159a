/**
 * The beginning of a head or line of which the rest has not come. What is added is copied once, however small the
 * pieces: the work grows evenly with the bytes.
 */
const FIRST_BYTES = 512;
/** Kept for the next line; more is not worth it. */
const KEPT_BYTES = 2048;

export class HeldBytes {
  #bytes: Buffer | undefined;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** What is in `bytes` from `from` to before `to`. */
  add(bytes: Buffer, from: number, to: number): void {
    const length = this.#length + to - from;
    let held = this.#bytes;
    if (held === undefined || held.length < length) {
      held = Buffer.allocUnsafeSlow(Math.max(FIRST_BYTES, 2 * length));
      this.#bytes?.copy(held, 0, 0, this.#length);
      this.#bytes = held;
    }
    bytes.copy(held, this.#length, from, to);
    this.#length = length;
  }

  /** Latin1, a character a byte. */
  text(from = 0, to = this.#length): string {
    return this.#bytes?.toString("latin1", from, Math.min(to, this.#length)) ?? "";
  }

  clear(): void {
    if (this.#bytes !== undefined && this.#bytes.length > KEPT_BYTES) this.#bytes = undefined;
    this.#length = 0;
  }
}
