import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { HmacKey } from "../../core/hmac.ts";
import { parseSecret, secretText, sign } from "../../core/signature.ts";

interface Vector {
  readonly secret: string;
  readonly id: string;
  readonly timestamp: number;
  readonly body: string;
  readonly signature: string;
}

const { hmac } = JSON.parse(readFileSync(new URL("vectors/standard-webhooks.json", import.meta.url), "utf8")) as {
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

describe("a secret as text", () => {
  it("comes back as it was", () => {
    fc.assert(fc.property(secrets, (secret) => expect([...parseSecret(secretText(secret))]).toEqual([...secret])));
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
