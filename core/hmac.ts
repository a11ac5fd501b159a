/**
 * HMAC-SHA256 (RFC 2104) with a key that is used many times. `crypto.createHmac` spends nearly all of its time on its key and its
 * stream, and a signature is made for every webhook; two one-shot hashes need neither. Tests hold it against `createHmac`.
 */
import { hash } from "node:crypto";

const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;
const INNER_PAD = 0x36;
const OUTER_PAD = 0x5c;

/** Shared by all keys: a text is copied here behind the key's block, hashed, and is of no use afterwards. */
let scratch = Buffer.allocUnsafeSlow(16_384);

export class HmacKey {
  readonly #inner: Buffer;
  readonly #outer: Buffer;

  constructor(secret: Uint8Array) {
    const key = secret.length > BLOCK_BYTES ? hash("sha256", secret, "buffer") : secret;
    this.#inner = Buffer.alloc(BLOCK_BYTES, INNER_PAD);
    this.#outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES, OUTER_PAD);
    for (const [index, byte] of key.entries()) {
      this.#inner[index] = byte ^ INNER_PAD;
      this.#outer[index] = byte ^ OUTER_PAD;
    }
  }

  /** @param text its UTF-8 bytes are signed */
  sign(text: string, encoding: "base64" | "hex"): string {
    this.#hashInner(text);
    return hash("sha256", this.#outer, encoding);
  }

  digest(text: string): Buffer {
    this.#hashInner(text);
    return hash("sha256", this.#outer, "buffer");
  }

  #hashInner(text: string): void {
    // A UTF-16 unit takes three bytes at most.
    const most = BLOCK_BYTES + text.length * 3;
    if (scratch.length < most) scratch = Buffer.allocUnsafeSlow(most * 2);
    this.#inner.copy(scratch);
    const end = BLOCK_BYTES + scratch.write(text, BLOCK_BYTES);
    hash("sha256", scratch.subarray(0, end), "buffer").copy(this.#outer, BLOCK_BYTES);
  }
}
