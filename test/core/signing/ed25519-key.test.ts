import { createPublicKey, sign, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  isSignedAsymmetrically,
  merchantPrivateKey,
  privateKeyOf,
  publicJwk,
  publicKeyText,
  signAsymmetric,
} from "../../../core/signing/ed25519-key.ts";
import { deriveKey, parseMasterKeys } from "../../../core/signing/signature.ts";

interface Vectors {
  readonly signatures: readonly { name: string; seed: string; publicKey: string; message: string; signature: string }[];
  readonly jwk: { readonly seed: string; readonly x: string; readonly thumbprint: string };
  readonly webhook: {
    readonly seed: string;
    readonly publicKey: string;
    readonly id: string;
    readonly timestamp: number;
    readonly body: string;
    readonly signature: string;
  };
}

const vectors = JSON.parse(readFileSync(new URL("../vectors/ed25519.json", import.meta.url), "utf8")) as Vectors;
const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe("an ed25519 key", () => {
  it.each(vectors.signatures)("signs as in RFC 8032, test $name", ({ seed, publicKey, message, signature }) => {
    const key = privateKeyOf(Buffer.from(seed, "hex"));
    expect(Buffer.from(publicJwk(key).x, "base64url").toString("hex")).toBe(publicKey);
    expect(sign(null, Buffer.from(message, "hex"), key).toString("hex")).toBe(signature);
  });

  it("is published as in RFC 8037, named by its thumbprint, without its private member", () => {
    const { seed, x, thumbprint } = vectors.jwk;
    expect(publicJwk(privateKeyOf(Buffer.from(seed, "base64url")))).toStrictEqual({
      kty: "OKP",
      crv: "Ed25519",
      x,
      kid: thumbprint,
      use: "sig",
      alg: "EdDSA",
    });
  });

  it("makes the v1a signature that Standard Webhooks implementations test with", () => {
    const { seed, publicKey, id, timestamp, body, signature } = vectors.webhook;
    const key = privateKeyOf(Buffer.from(seed, "base64"));
    expect(publicKeyText(key)).toBe(publicKey);
    expect(signAsymmetric(key, id, timestamp, body)).toBe(signature);
    expect(isSignedAsymmetrically(key, id, timestamp, body, signature)).toBe(true);
  });

  it("is verified with nothing but what its JWK holds, whatever was signed", () => {
    fc.assert(
      fc.property(seeds, fc.string(), fc.nat(), fc.json(), (seed, id, timestamp, body) => {
        const key = privateKeyOf(seed);
        const { kty, crv, x } = publicJwk(key);
        const published = createPublicKey({ key: { kty, crv, x }, format: "jwk" });
        const signature = Buffer.from(signAsymmetric(key, id, timestamp, body).slice("v1a,".length), "base64");
        expect(verify(null, Buffer.from(`${id}.${timestamp}.${body}`), published, signature)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    ["nothing", ""],
    ["half a signature", vectors.webhook.signature.slice(0, 40)],
    ["no base64", "v1a,***"],
    ["the scheme v1", vectors.webhook.signature.replace("v1a,", "v1,")],
  ])("finds %s wrong", (_, given) => {
    const { seed, id, timestamp, body } = vectors.webhook;
    expect(isSignedAsymmetrically(privateKeyOf(Buffer.from(seed, "base64")), id, timestamp, body, given)).toBe(false);
  });
});

describe("a merchant's ed25519 key", () => {
  const keys = parseMasterKeys(JSON.stringify({ 1: "k".repeat(32), 2: "l".repeat(32) }));
  const merchant = { merchantId: "m-1", secretKeyVersion: "1", secretSalt: Buffer.alloc(16, 1).toString("base64") };
  const textOf = (changes: Partial<typeof merchant> = {}) =>
    publicKeyText(merchantPrivateKey(keys, { ...merchant, ...changes }));

  it("is the same each time, and stays so across releases of this program", () => {
    expect(textOf()).toBe(textOf());
    expect(textOf()).toBe("whpk_IpxHpqDoeswzyD/EqstW/Nx5LZdQ29qGwXW5KbYa5rM=");
  });

  it("differs by merchant, by version of the master key, and by salt", () => {
    const others = [{ merchantId: "m-2" }, { secretKeyVersion: "2" }, { secretSalt: "" }];
    expect(new Set([textOf(), ...others.map(textOf)]).size).toBe(4);
  });

  it("has nothing in common with the secret of the same merchant", () => {
    expect(deriveKey(keys, "v1a", merchant).equals(deriveKey(keys, "v1", merchant))).toBe(false);
  });

  it("cannot be derived from a key version that does not exist", () => {
    expect(() => textOf({ secretKeyVersion: "3" })).toThrow(expect.objectContaining({ code: "KEY_INVALID" }));
  });
});
