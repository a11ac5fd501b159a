/** What stands in the place of Node's module in a browser says what Node says. */
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { createHash as hashHere, createPublicKey, verify } from "../../console/src/node-crypto.ts";

describe("SHA-256", () => {
  it("is that of Node, of any text and length", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), (text) => {
        for (const encoding of ["hex", "base64url"] as const)
          expect(hashHere("sha256").update(text).digest(encoding)).toBe(
            createHash("sha256").update(text).digest(encoding),
          );
      }),
    );
    for (const length of [55, 56, 63, 64, 119, 120, 10_000])
      expect(hashHere("sha256").update("a".repeat(length)).digest("hex")).toBe(
        createHash("sha256").update("a".repeat(length)).digest("hex"),
      );
  });
});

it("a signature is right for its key and text, and for no others", async () => {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const data = new Uint8Array(Buffer.from("what was signed"));
  const signature = new Uint8Array(sign(null, data, privateKey));
  const key = createPublicKey({ key: publicKey.export({ format: "jwk" }) as never });
  expect(await verify(null, data, key, signature)).toBe(true);
  expect(await verify(null, new Uint8Array(Buffer.from("something else")), key, signature)).toBe(false);
});
