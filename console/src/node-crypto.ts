/**
 * What the verifiers that merchants copy ask of Node's module, in a browser: keys and signatures by WebCrypto, whose
 * results come later, and SHA-256 at once, since a chain of millions of lines has as many digests.
 */
export const webcrypto = globalThis.crypto;

/** A JSON Web Key. */
interface Jwk {
  readonly kty: string;
  readonly crv: string;
  readonly x: string;
}

interface Ed25519Key {
  readonly jwk: Jwk;
}

export function createPublicKey({ key }: { readonly key: Jwk }): Ed25519Key {
  return { jwk: key };
}

export async function verify(
  _digest: null,
  data: Uint8Array<ArrayBuffer>,
  { jwk }: Ed25519Key,
  signature: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const key = await webcrypto.subtle.importKey("jwk", { ...jwk }, "Ed25519", false, ["verify"]);
  return webcrypto.subtle.verify("Ed25519", key, signature, data);
}

export function createHash(algorithm: "sha256") {
  if (algorithm !== "sha256") throw new Error(`Got the digest ${String(algorithm)}, expected sha256.`);
  return {
    update: (text: string) => ({ digest: (encoding: "base64url" | "hex") => encoded(sha256(text), encoding) }),
  };
}

function encoded(bytes: Uint8Array, encoding: "base64url" | "hex"): string {
  if (encoding === "hex") return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

const BLOCK = 64;
/** FIPS 180-4, 4.2.2 and 5.3.3: fractions of the cube roots and square roots of the first primes. */
const ROUNDS = Uint32Array.from(primes(BLOCK), (prime) => fraction(Math.cbrt(prime)));
const BEGINNING = Uint32Array.from(primes(8), (prime) => fraction(Math.sqrt(prime)));

function primes(count: number): number[] {
  const found: number[] = [];
  for (let next = 2; found.length < count; next += 1) if (found.every((one) => next % one !== 0)) found.push(next);
  return found;
}

function fraction(root: number): number {
  return Math.floor((root % 1) * 2 ** 32);
}

function sha256(text: string): Uint8Array {
  const message = padded(new TextEncoder().encode(text));
  const state = Uint32Array.from(BEGINNING);
  const words = new Uint32Array(BLOCK);
  for (let at = 0; at < message.byteLength; at += BLOCK) addBlock(state, words, message, at);
  const digest = new DataView(new ArrayBuffer(32));
  for (const [index, word] of state.entries()) digest.setUint32(index * 4, word);
  return new Uint8Array(digest.buffer);
}

/** With a one, zeros, and its length in bits, to whole blocks. */
function padded(bytes: Uint8Array): DataView {
  const size = Math.ceil((bytes.length + 9) / BLOCK) * BLOCK;
  const all = new Uint8Array(size);
  all.set(bytes);
  all[bytes.length] = 0x80;
  const view = new DataView(all.buffer);
  view.setUint32(size - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(size - 4, (bytes.length * 8) >>> 0);
  return view;
}

/** FIPS 180-4, 6.2.2. */
function addBlock(state: Uint32Array, words: Uint32Array, message: DataView, at: number): void {
  for (let index = 0; index < BLOCK; index += 1) {
    if (index < 16) {
      words[index] = message.getUint32(at + index * 4);
      continue;
    }
    const [early, late] = [words[index - 15] ?? 0, words[index - 2] ?? 0];
    const small = turned(early, 7) ^ turned(early, 18) ^ (early >>> 3);
    const large = turned(late, 17) ^ turned(late, 19) ^ (late >>> 10);
    words[index] = ((words[index - 16] ?? 0) + small + (words[index - 7] ?? 0) + large) >>> 0;
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let index = 0; index < BLOCK; index += 1) {
    const choice = (e & f) ^ (~e & g);
    const first =
      (h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + choice + (ROUNDS[index] ?? 0) + (words[index] ?? 0)) >>> 0;
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const second = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + majority) >>> 0;
    // One by one: a million lines have some hundred million rounds.
    h = g;
    g = f;
    f = e;
    e = (d + first) >>> 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) >>> 0;
  }
  for (const [index, word] of [a, b, c, d, e, f, g, h].entries()) state[index] = ((state[index] ?? 0) + word) >>> 0;
}

function turned(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}
