import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { HmacKey } from "../../../core/signing/hmac.ts";
import {
  parseSecret,
  secretText,
  sign,
  signedText,
  TIMESTAMP_TOLERANCE_SECONDS,
} from "../../../core/signing/signature.ts";

interface Vector {
  readonly secret: string;
  readonly id: string;
  readonly timestamp: number;
  readonly body: string;
  readonly signature: string;
}

const { hmac } = JSON.parse(readFileSync(new URL("../vectors/standard-webhooks.json", import.meta.url), "utf8")) as {
  hmac: Vector[];
};
const secrets = fc.uint8Array({ minLength: 24, maxLength: 64 });
const bodies = fc.json();
const ids = fc.stringMatching(/^msg_[0-9a-f]{40}$/);

describe("signatures", () => {
  it.each(hmac)("are those of the published vector $id", ({ secret, id, timestamp, body, signature }) => {
    expect(sign(new HmacKey(parseSecret(secret)), id, timestamp, body)).toBe(signature);
  });

  it("are verified by the package standardwebhooks, whatever secret, id and body", () => {
    fc.assert(
      fc.property(secrets, ids, bodies, (secret, id, body) => {
        const timestamp = Math.floor(Date.now() / 1000);
        const headers = {
          "webhook-id": id,
          "webhook-timestamp": String(timestamp),
          "webhook-signature": sign(new HmacKey(secret), id, timestamp, body),
        };
        expect(new Webhook(secretText(secret)).verify(body, headers)).toEqual(JSON.parse(body));
      }),
    );
  });
});

describe("what is signed", () => {
  it("is id, timestamp and body with points between", () => {
    expect(signedText("msg_1", 1_700_000_000, '{"a":1}')).toBe('msg_1.1700000000.{"a":1}');
  });

  it("is taken for five minutes, as the specification's libraries take it", () => {
    const secret = Buffer.alloc(32, 7);
    const verified = (ageSeconds: number): unknown => {
      const timestamp = Math.floor(Date.now() / 1000) - ageSeconds;
      const signature = sign(new HmacKey(secret), "msg_1", timestamp, "{}");
      const headers = { "webhook-id": "msg_1", "webhook-timestamp": `${timestamp}`, "webhook-signature": signature };
      return new Webhook(secretText(secret)).verify("{}", headers);
    };
    expect(TIMESTAMP_TOLERANCE_SECONDS).toBe(300);
    expect(() => verified(TIMESTAMP_TOLERANCE_SECONDS + 60)).toThrow("too old");
    expect(verified(TIMESTAMP_TOLERANCE_SECONDS - 60)).toEqual({});
  });
});

describe("a secret as text", () => {
  it("comes back as it was", () => {
    fc.assert(fc.property(secrets, (secret) => expect([...parseSecret(secretText(secret))]).toEqual([...secret])));
  });

  it.each([24, 64])("may have %i bytes", (bytes) => {
    const secret = Buffer.alloc(bytes, 7);
    expect(secretText(secret)).toBe(`whsec_${secret.toString("base64")}`);
    expect(parseSecret(secretText(secret))).toEqual(secret);
  });

  it("says how many bytes it has that cannot be used", () => {
    expect(() => parseSecret(secretText(Buffer.alloc(23)))).toThrow(
      "A secret must be whsec_ and base64 of 24 to 64 bytes, got 23 bytes.",
    );
    // Without its prefix nothing of it is read.
    expect(() => parseSecret(Buffer.alloc(32).toString("base64"))).toThrow("got 0 bytes");
  });

  it.each([
    ["without its prefix", Buffer.alloc(32).toString("base64")],
    ["of 23 bytes", secretText(Buffer.alloc(23))],
    ["of 65 bytes", secretText(Buffer.alloc(65))],
    ["that is empty", ""],
  ])("is refused %s, and not repeated in the error", (_, given) => {
    expect(() => parseSecret(given)).toThrow(expect.objectContaining({ code: "KEY_INVALID" }));
    expect(() => parseSecret(given)).toThrow(/expected|must be whsec_/);
  });
});
