/**
 * HMAC-SHA256 (RFC 2104) with a key that is used many times. `crypto.createHmac` spends nearly all of its time on its
 * key and its stream, and a signature is made for every webhook; two one-shot hashes need neither. A task keeps a key
 * for each of many thousand merchants, so it is one string of a block: buffers took four times the memory. Tests hold
 * it against `createHmac`.
 */
import { hash } from "node:crypto";

const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;
const INNER_PAD = 0x36;
/** Both pads, four bytes at once: it makes the outer block of the inner one. */
const INNER_TO_OUTER = 0x6a6a6a6a;
const WORD_BYTES = 4;

/** Shared by all keys: a text is copied here behind the key's block, hashed, and is of no use afterwards. */
let inner = block(16_384);
const outer = block(BLOCK_BYTES + DIGEST_BYTES);

export class HmacKey {
  /** The inner block, a character a byte. */
  readonly #block: string;
  /** Of the secret in the block. */
  readonly #bytes: number;

  constructor(secret: Uint8Array) {
    const key = secret.length > BLOCK_BYTES ? hash("sha256", secret, "buffer") : secret;
    const padded = Buffer.alloc(BLOCK_BYTES, INNER_PAD);
    for (let index = 0; index < key.length; index += 1) padded[index] = (key[index] as number) ^ INNER_PAD;
    this.#block = padded.toString("latin1");
    this.#bytes = key.length;
  }

  /** As it was given; of one that is longer than a block its hash, which signs the same. */
  get secret(): Buffer {
    const padded = Buffer.from(this.#block.slice(0, this.#bytes), "latin1");
    for (let index = 0; index < padded.length; index += 1) padded[index] = (padded[index] as number) ^ INNER_PAD;
    return padded;
  }

  /**
   * @param text its UTF-8 bytes are signed.
   * @param rest what follows it, so that a long text need not be joined for this
   */
  sign(encoding: "base64" | "hex", text: string, rest = ""): string {
    this.#hashInner(text, rest);
    return hash("sha256", outer.bytes, encoding);
  }

  digest(text: string): Buffer {
    this.#hashInner(text, "");
    return hash("sha256", outer.bytes, "buffer");
  }

  #hashInner(text: string, rest: string): void {
    // A UTF-16 unit takes three bytes at most.
    const most = BLOCK_BYTES + (text.length + rest.length) * 3;
    if (inner.bytes.length < most) inner = block(most * 2);
    const { bytes, words } = inner;
    bytes.write(this.#block, "latin1");
    for (let index = 0; index < BLOCK_BYTES / WORD_BYTES; index += 1)
      outer.words[index] = (words[index] as number) ^ INNER_TO_OUTER;
    let end = BLOCK_BYTES + bytes.write(text, BLOCK_BYTES);
    if (rest !== "") end += bytes.write(rest, end);
    // As text: a buffer for the digest alone would take longer than the digest.
    outer.bytes.write(hash("sha256", bytes.subarray(0, end), "binary"), BLOCK_BYTES, "latin1");
  }
}

/**
 * 32 bytes of HKDF-SHA256 (RFC 5869), as much as one block of it is. `crypto.hkdfSync` takes several times as long, and
 * keys are derived for each merchant that was not called lately. Tests hold it against that one.
 */
export function hkdf(secret: string, salt: Uint8Array, info: string): Buffer {
  const pseudorandomKey = new HmacKey(salt).digest(secret);
  return new HmacKey(pseudorandomKey).digest(`${info}\u0001`);
}

function block(size: number): { readonly bytes: Buffer; readonly words: Uint32Array } {
  const bytes = Buffer.allocUnsafeSlow(size);
  return { bytes, words: new Uint32Array(bytes.buffer, 0, BLOCK_BYTES / WORD_BYTES) };
}
