import { webcrypto } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { MerchantLookup } from "../../../core/aws/registered-merchants.ts";
import { signatureHeader } from "../../../core/signing/merchant-keys.ts";
import { KEYS_REFUSAL_CODES, publishKeys } from "../../../lambdas/signing-keys/publish-keys.ts";
import { keysOf } from "../../support/keys.ts";

const NOW = Date.UTC(2026, 10, 22);
const current = keysOf(Buffer.alloc(32, 1));
const previous = (until: number) => keysOf(Buffer.alloc(32, 2), until);
const registered =
  (keys = current, id = "m-1") =>
  async (merchantId: string): Promise<MerchantLookup> =>
    merchantId === id ? { kind: "registered", keys } : { kind: "unknown" };

describe("the published keys of a merchant", () => {
  it("verify by WebCrypto what the merchant's webhooks are signed with", async () => {
    const { body } = await publishKeys("m-1", registered([...current, ...previous(NOW + 1)]), NOW);
    const content = { id: "msg_1", timestampSeconds: 1, body: "{}" };
    const signed = Buffer.from(`${content.id}.${content.timestampSeconds}.${content.body}`);
    const [byCurrent, byPrevious] = [current, previous(NOW + 1)].map((keys) =>
      Buffer.from(signatureHeader(keys, content, NOW).split("v1a,")[1] ?? "", "base64"),
    );
    const published = body["keys"] as webcrypto.JsonWebKey[];
    const verified = await Promise.all(
      published.map(async (jwk) => {
        const key = await webcrypto.subtle.importKey("jwk", { ...jwk, alg: "Ed25519" }, "Ed25519", false, ["verify"]);
        return Promise.all(
          [byCurrent, byPrevious].map((signature) =>
            webcrypto.subtle.verify("Ed25519", key, signature ?? signed, signed),
          ),
        );
      }),
    );
    expect(verified).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  it("are the current one alone once the overlap is over", async () => {
    const { body } = await publishKeys("m-1", registered([...current, ...previous(NOW)]), NOW);
    expect(body["keys"]).toHaveLength(1);
  });

  it("hold no private or secret material, whatever the keys are", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 32, maxLength: 32 }), async (secret) => {
        const { body } = await publishKeys("m-1", registered(keysOf(secret)), NOW);
        for (const key of body["keys"] as object[])
          expect(Object.keys(key).toSorted()).toEqual(["alg", "crv", "kid", "kty", "use", "x"]);
        expect(JSON.stringify(body)).not.toContain(Buffer.from(secret).toString("base64url"));
      }),
      { numRuns: 20 },
    );
  });

  it.each([
    ["for five minutes", current, 300],
    ["for less where the overlap ends before", [...current, ...previous(NOW + 9500)], 10],
  ])("may be kept %s", async (_, keys, seconds) => {
    const { status, headers } = await publishKeys("m-1", registered(keys), NOW);
    expect(status).toBe(200);
    expect(headers).toEqual({
      "content-type": "application/jwk-set+json",
      "cache-control": `public, max-age=${seconds}`,
    });
  });

  it.each([
    ["as it is", "a b/ü", "a b/ü"],
    ["percent-encoded", encodeURIComponent("a b/ü"), "a b/ü"],
    ["with a percent sign of its own", "100%", "100%"],
  ])("are found by an id that comes %s", async (_, parameter, id) => {
    expect((await publishKeys(parameter, registered(current, id), NOW)).status).toBe(200);
  });
});

describe("a merchant without keys", () => {
  it.each([
    ["unknown", "m-2"],
    ["empty", ""],
    ["longer than any id", "x".repeat(1025)],
  ])("that is %s is answered 404, which nobody may keep", async (_, merchantId) => {
    const { status, headers, body } = await publishKeys(merchantId, registered(), NOW);
    expect([status, headers["cache-control"]]).toEqual([404, "no-store"]);
    expect(body).toEqual({ error: expect.objectContaining({ code: KEYS_REFUSAL_CODES[0] }) });
  });

  it("whose row cannot be used is answered 500; the reason goes to the log only", async () => {
    const unusable = async () => ({ kind: "unusable", reason: "secretSalt: expected a string" }) as const;
    const { status, body, reason } = await publishKeys("m-1", unusable, NOW);
    expect([status, reason]).toEqual([500, "secretSalt: expected a string"]);
    expect(body).toEqual({ error: expect.objectContaining({ code: KEYS_REFUSAL_CODES[1] }) });
    expect(JSON.stringify(body)).not.toContain("secretSalt");
  });
});
