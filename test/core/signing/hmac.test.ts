import { createHmac, hkdfSync } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { hkdf, HmacKey } from "../../../core/signing/hmac.ts";

const SEED = 20_261_122;

describe("an HMAC key", () => {
  // RFC 4231, section 4.3 and 4.7: a key shorter than a block, and one longer.
  it.each([
    [
      Buffer.from("Jefe"),
      "what do ya want for nothing?",
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ],
    [
      Buffer.alloc(131, 0xaa),
      "Test Using Larger Than Block-Size Key - Hash Key First",
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    ],
  ])("signs as RFC 4231 has it", (secret, text, expected) => {
    expect(new HmacKey(secret).sign("hex", text)).toBe(expected);
  });

  it("signs any text with any key as node:crypto does, again and again", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        fc.array(fc.string({ unit: "binary", maxLength: 400 }), { minLength: 1, maxLength: 5 }),
        (secret, texts) => {
          const key = new HmacKey(secret);
          for (const text of texts) {
            const reference = createHmac("sha256", secret).update(text);
            expect(key.digest(text)).toEqual(reference.digest());
            expect(key.sign("base64", text)).toBe(createHmac("sha256", secret).update(text).digest("base64"));
          }
        },
      ),
      { seed: SEED },
    );
  });

  it("signs a text with what follows it as the two together", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 64 }),
        fc.string({ unit: "grapheme" }),
        fc.string(),
        (secret, text, rest) => {
          const key = new HmacKey(secret);
          expect(key.sign("hex", text, rest)).toBe(key.sign("hex", text + rest));
        },
      ),
    );
  });

  it("gives its secret back, up to the size of a block", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (secret) => {
        expect([...new HmacKey(secret).secret]).toEqual([...secret]);
      }),
    );
  });

  it("signs texts that are larger than any before", () => {
    const key = new HmacKey(Buffer.from("secret"));
    const text = "€".repeat(300_000);
    expect(key.sign("hex", text)).toBe(createHmac("sha256", "secret").update(text).digest("hex"));
  });
});

describe("a derived key", () => {
  it("is what node:crypto derives, with any secret, salt and info", () => {
    const text = fc.string({ unit: "binary", maxLength: 200 });
    fc.assert(
      fc.property(text, fc.uint8Array({ maxLength: 200 }), text, (secret, salt, info) => {
        const expected = Buffer.from(hkdfSync("sha256", secret, salt, info, 32));
        expect(hkdf(secret, salt, info).toString("hex")).toBe(expected.toString("hex"));
      }),
      { seed: SEED },
    );
  });
});
