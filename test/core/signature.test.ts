import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { isSignedBy, parseSecret, secretText, sign } from "../../core/signature.ts";

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
const nowSeconds = (): number => Math.floor(Date.now() / 1000);

describe("signatures", () => {
  it.each(hmac)("are those of the published vector $id", ({ secret, id, timestamp, body, signature }) => {
    expect(sign(parseSecret(secret), id, timestamp, body)).toBe(signature);
    expect(isSignedBy(parseSecret(secret), id, timestamp, body, signature)).toBe(true);
  });

  it("are verified by the package standardwebhooks, whatever secret, id and body", () => {
    fc.assert(
      fc.property(secrets, ids, bodies, (secret, id, body) => {
        const timestamp = nowSeconds();
        const headers = {
          "webhook-id": id,
          "webhook-timestamp": String(timestamp),
          "webhook-signature": sign(secret, id, timestamp, body),
        };
        expect(new Webhook(secretText(secret)).verify(body, headers)).toEqual(JSON.parse(body));
      }),
    );
  });

  it("of the package standardwebhooks are verified by ours", () => {
    fc.assert(
      fc.property(secrets, ids, bodies, (secret, id, body) => {
        const timestamp = nowSeconds();
        const header = new Webhook(secretText(secret)).sign(id, new Date(timestamp * 1000), body);
        expect(isSignedBy(secret, id, timestamp, body, header)).toBe(true);
      }),
    );
  });

  it("are refused when body, id, timestamp or secret differ", () => {
    const secret = Buffer.alloc(32, 1);
    const header = sign(secret, "msg_1", 1000, "{}");
    expect(isSignedBy(secret, "msg_1", 1000, "{}", header)).toBe(true);
    expect(isSignedBy(secret, "msg_1", 1000, "{ }", header)).toBe(false);
    expect(isSignedBy(secret, "msg_2", 1000, "{}", header)).toBe(false);
    expect(isSignedBy(secret, "msg_1", 1001, "{}", header)).toBe(false);
    expect(isSignedBy(Buffer.alloc(32, 2), "msg_1", 1000, "{}", header)).toBe(false);
  });

  it("may stand among others in a header, as during a rotation of keys", () => {
    const secret = Buffer.alloc(32, 1);
    const others = `v1a,AAAA v1,${Buffer.alloc(32).toString("base64")}`;
    expect(isSignedBy(secret, "msg_1", 1, "{}", `${others} ${sign(secret, "msg_1", 1, "{}")}`)).toBe(true);
    expect(isSignedBy(secret, "msg_1", 1, "{}", others)).toBe(false);
    expect(isSignedBy(secret, "msg_1", 1, "{}", "")).toBe(false);
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
