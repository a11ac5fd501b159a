import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { privateKeyOf, publicJwk, publicKeyText } from "../../core/signing/ed25519-key.ts";
import { challengeResponses, challengeEvent, whyWrongResponse } from "../../core/delivery/challenge.ts";
import { isSignedBy, signatureHeader, type SigningKey } from "../../core/signing/merchant-keys.ts";
import { secretText } from "../../core/signing/signature.ts";
import {
  respondToChallenge,
  verifyWebhook,
  WebhookError,
  type ReceivedWebhook,
} from "../../verifier/verify-webhook.mjs";
import { keysOf } from "../support/keys.ts";

const NOW = Date.UTC(2026, 10, 22);
const SECRET = Buffer.alloc(32, 7);
const BODY = '{"amount":"12.50 €"}';
const KEYS = keysOf(SECRET);
const PUBLIC = textOf(KEYS, "v1a");

interface Vector {
  readonly secret?: string;
  readonly publicKey?: string;
  readonly id: string;
  readonly timestamp: number;
  readonly body: string;
  readonly signature: string;
}

function vectors(name: string): { readonly hmac: readonly Vector[]; readonly webhook: Vector } {
  return JSON.parse(readFileSync(new URL(`../core/vectors/${name}.json`, import.meta.url), "utf8"));
}

function textOf(keys: readonly SigningKey[], scheme: "v1" | "v1a"): string {
  const key = keys.find((one) => one.scheme === scheme);
  if (key === undefined) throw new Error(`no key for ${scheme}`);
  return key.scheme === "v1" ? secretText(key.key.secret) : publicKeyText(key.privateKey);
}

function received(changes: Partial<ReceivedWebhook> = {}, id = "msg_1", signedAt = NOW, keys = KEYS): ReceivedWebhook {
  const timestampSeconds = Math.floor(signedAt / 1000);
  return {
    headers: {
      "webhook-id": id,
      "webhook-timestamp": String(timestampSeconds),
      "webhook-signature": signatureHeader(keys, { id, timestampSeconds, body: BODY }, NOW),
    },
    body: BODY,
    keys: secretText(SECRET),
    now: NOW,
    ...changes,
  };
}

const withHeader = (name: string, value: string | undefined, changes: Partial<ReceivedWebhook> = {}) => {
  const whole = received(changes);
  return { ...whole, headers: { ...(whole.headers as Record<string, string>), [name]: value } };
};

const codeOf = async (webhook: ReceivedWebhook): Promise<string> =>
  verifyWebhook(webhook).then(
    () => "verified",
    (error: unknown) => (error instanceof WebhookError ? error.code : String(error)),
  );

describe("the verifier", () => {
  it("says which webhook it was, when and by which scheme", async () => {
    const verified = { id: "msg_1", timestampSeconds: NOW / 1000 };
    expect(await verifyWebhook(received())).toEqual({ ...verified, scheme: "v1" });
    expect(await verifyWebhook(received({ keys: PUBLIC }))).toEqual({ ...verified, scheme: "v1a" });
  });

  it("agrees with the published vectors", async () => {
    const published = [...vectors("standard-webhooks").hmac, vectors("ed25519").webhook];
    expect(published).toHaveLength(2);
    for (const { id, timestamp, body, signature, secret, publicKey } of published) {
      const keys = secret ?? publicKey ?? "";
      const headers = { "webhook-id": id, "webhook-timestamp": String(timestamp), "webhook-signature": signature };
      expect(await verifyWebhook({ headers, body, keys, now: timestamp * 1000 })).toMatchObject({ id });
    }
  });

  it("agrees with our signer and the package standardwebhooks, whatever key, id and body", async () => {
    const secrets = fc.uint8Array({ minLength: 24, maxLength: 64 });
    await fc.assert(
      fc.asyncProperty(secrets, fc.stringMatching(/^msg_[0-9a-f]{40}$/), fc.json(), async (secret, id, body) => {
        const now = Date.now();
        const timestampSeconds = Math.floor(now / 1000);
        const keys = keysOf(secret);
        const ours = signatureHeader(keys, { id, timestampSeconds, body }, now);
        const theirs = new Webhook(secretText(secret)).sign(id, new Date(now), body);
        const webhook = (signatures: string) => ({
          body,
          headers: { "webhook-id": id, "webhook-timestamp": String(timestampSeconds), "webhook-signature": signatures },
        });
        expect(new Webhook(secretText(secret)).verify(body, webhook(ours).headers)).toEqual(JSON.parse(body));
        expect(isSignedBy(keys, { id, timestampSeconds, body }, theirs, now)).toBe(true);
        const verified = await Promise.all([
          verifyWebhook({ ...webhook(ours), keys: textOf(keys, "v1") }),
          verifyWebhook({ ...webhook(ours), keys: textOf(keys, "v1a") }),
          verifyWebhook({ ...webhook(theirs), keys: textOf(keys, "v1") }),
        ]);
        expect(verified.map(({ scheme }) => scheme)).toEqual(["v1", "v1a", "v1"]);
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ["v1", secretText(SECRET)],
    ["v1a", PUBLIC],
  ])("refuses every other body, id and time than %s signed", async (_, keys) => {
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1 }), async (text) => {
        const id = text.replaceAll(".", "");
        fc.pre(text !== BODY && id !== "" && id !== "msg_1");
        expect(await codeOf(received({ keys, body: text }))).toBe("SIGNATURE_INVALID");
        expect(await codeOf(withHeader("webhook-id", id, { keys }))).toBe("SIGNATURE_INVALID");
      }),
      { numRuns: 30 },
    );
    expect(await codeOf(withHeader("webhook-timestamp", String(NOW / 1000 + 1), { keys }))).toBe("SIGNATURE_INVALID");
    expect(await codeOf(received({ keys }, "msg_1", NOW, keysOf(Buffer.alloc(32, 8))))).toBe("SIGNATURE_INVALID");
  });

  it.each([
    ["text", BODY],
    ["a Buffer", Buffer.from(BODY)],
    ["bytes", new TextEncoder().encode(BODY)],
    ["an ArrayBuffer", new TextEncoder().encode(BODY).buffer],
  ])("takes the body as %s", async (_, body) => {
    expect(await codeOf(received({ body }))).toBe("verified");
  });

  it.each([
    ["in other letters", (headers: Record<string, string>) => ({ "Webhook-Id": headers["webhook-id"] })],
    ["as lists", (headers: Record<string, string>) => ({ "webhook-id": [headers["webhook-id"] ?? ""] })],
  ])("takes headers %s", async (_, change) => {
    const { "webhook-id": id = "", ...others } = received().headers as Record<string, string>;
    expect(await codeOf(received({ headers: { ...others, ...change({ "webhook-id": id }) } }))).toBe("verified");
  });

  it("takes the headers of a fetch request", async () => {
    expect(await codeOf(received({ headers: new Headers(received().headers as Record<string, string>) }))).toBe(
      "verified",
    );
  });

  it.each([
    [-301, "TIMESTAMP_TOO_OLD"],
    [-300, "verified"],
    [300, "verified"],
    [301, "TIMESTAMP_TOO_NEW"],
  ])("says of a webhook signed %i s from now: %s", async (seconds, code) => {
    expect(await codeOf(received({}, "msg_1", NOW + seconds * 1000))).toBe(code);
  });

  it("has a tolerance that can be set, and none by mistake", async () => {
    const old = (toleranceSeconds: number) => codeOf(received({ toleranceSeconds }, "msg_1", NOW - 600_000));
    expect(await old(600)).toBe("verified");
    expect(await old(Number.NaN)).toBe("TIMESTAMP_TOO_OLD");
  });

  it.each<[string, () => ReceivedWebhook, string]>([
    ["no id", () => withHeader("webhook-id", undefined), "HEADERS_MISSING"],
    ["no signature", () => withHeader("webhook-signature", ""), "HEADERS_MISSING"],
    ["an id with a dot", () => withHeader("webhook-id", "msg.1"), "ID_INVALID"],
    ["a time that is a date", () => withHeader("webhook-timestamp", "2026-11-22"), "TIMESTAMP_INVALID"],
    ["a negative time", () => withHeader("webhook-timestamp", "-1"), "TIMESTAMP_INVALID"],
    ["a body that was parsed", () => received({ body: { amount: 1 } as never }), "BODY_NOT_RAW"],
    ["another scheme only", () => withHeader("webhook-signature", "v2,AAAA"), "SIGNATURE_MISSING"],
    ["what is no base64", () => withHeader("webhook-signature", "v1,***"), "SIGNATURE_MISSING"],
    ["a signature cut short", () => withHeader("webhook-signature", "v1,AAAA v1a,AAAA"), "SIGNATURE_INVALID"],
  ])("says what is wrong with %s", async (_, webhook, code) => {
    expect(await codeOf(webhook())).toBe(code);
  });

  it("passes over what it does not know among several signatures", async () => {
    const header = received().headers as Record<string, string>;
    const others = `v2,AAAA v1a,AAAA v1,${Buffer.alloc(32).toString("base64")}`;
    expect(await codeOf(withHeader("webhook-signature", `${others} ${header["webhook-signature"]}`))).toBe("verified");
  });

  it("does not take a public key for a secret", async () => {
    const forged = new Webhook(PUBLIC.replace("whpk_", "whsec_")).sign("msg_1", new Date(NOW), BODY);
    expect(await codeOf(withHeader("webhook-signature", forged, { keys: PUBLIC }))).toBe("SIGNATURE_MISSING");
    expect(await codeOf(withHeader("webhook-signature", forged.replace("v1,", "v1a,"), { keys: PUBLIC }))).toBe(
      "SIGNATURE_INVALID",
    );
  });
});

describe("the keys of the verifier", () => {
  const jwkOf = (byte: number) => publicJwk(privateKeyOf(Buffer.alloc(32, byte)));
  const own = KEYS.flatMap((key) => (key.scheme === "v1a" ? [publicJwk(key.privateKey)] : []));

  it.each<[string, ReceivedWebhook["keys"]]>([
    ["a key set", { keys: own }],
    ["a key set of several", { keys: [jwkOf(1), ...own] }],
    [
      "a key set with keys for other uses",
      { keys: [{ kty: "RSA", n: "…" }, { ...own[0], use: "enc", x: "" }, ...own] },
    ],
    ["a key by itself", own[0] ?? {}],
    ["the new secret and the old", [secretText(Buffer.alloc(32, 1)), secretText(SECRET)]],
    ["a list of both kinds", [secretText(Buffer.alloc(32, 1)), { keys: own }]],
  ])("may be %s", async (_, keys) => {
    expect(await codeOf(received({ keys }))).toBe("verified");
  });

  it.each<[string, unknown]>([
    ["missing", undefined],
    ["an empty list", []],
    ["an empty key set", { keys: [] }],
    ["a key set without one for ed25519", { keys: [{ kty: "RSA" }] }],
    ["without a prefix", SECRET.toString("base64")],
    ["too short", "whsec_AAAA"],
    ["a public key of another length", "whpk_AAAA"],
    ["a JWK of another length", { kty: "OKP", crv: "Ed25519", x: "AAAA" }],
    ["a private key", "whsk_AAAA"],
  ])("are refused when they are %s, whatever the webhook says", async (_, keys) => {
    expect(await codeOf(received({ keys: keys as never }))).toBe("KEYS_INVALID");
  });
});

describe("the answer to a challenge", () => {
  const url = "https://shop.example/hook";
  const event = (nonce: string) => challengeEvent("msg_1", { merchantId: "m-1", nonce, url }, NOW).body;
  const challenge = (body: string, keys = KEYS) => {
    const timestampSeconds = Math.floor(NOW / 1000);
    const signatures = signatureHeader(keys, { id: "msg_1", timestampSeconds, body }, NOW);
    const headers = {
      "webhook-id": "msg_1",
      "webhook-timestamp": String(timestampSeconds),
      "webhook-signature": signatures,
    };
    return { headers, body, secret: secretText(SECRET), now: NOW };
  };
  const nonce = "n".repeat(43);

  it("is given for an address of one's own alone, where it is said which those are", async () => {
    const answer = await respondToChallenge(challenge(event(nonce)));
    for (const urls of [url, ["https://eu.shop.example/", "https://SHOP.example:443/hook"]])
      expect(await respondToChallenge({ ...challenge(event(nonce)), urls })).toBe(answer);
    for (const urls of ["https://shop.example/other", "https://evil.example/hook", [], "nowhere"])
      await expect(respondToChallenge({ ...challenge(event(nonce)), urls })).rejects.toMatchObject({
        code: "CHALLENGE_INVALID",
      });
    const without = JSON.stringify({ type: "webhook.challenge", data: { merchantId: "m-1", challenge: nonce } });
    await expect(respondToChallenge({ ...challenge(without), urls: url })).rejects.toMatchObject({
      code: "CHALLENGE_INVALID",
    });
  });

  it("is what the pipeline takes for right, whichever key verified it", async () => {
    const answers = challengeResponses(KEYS, nonce, NOW);
    for (const keys of [undefined, PUBLIC]) {
      const answer = (await respondToChallenge({ ...challenge(event(nonce)), ...(keys && { keys }) })) ?? "";
      expect(whyWrongResponse(Buffer.from(answer), nonce, answers)).toBeUndefined();
    }
  });

  it("is none for any other webhook", async () => {
    expect(await respondToChallenge(challenge(BODY))).toBeUndefined();
  });

  it.each<[string, Parameters<typeof respondToChallenge>[0], string]>([
    ["a stranger", challenge(event(nonce), keysOf(Buffer.alloc(32, 8))), "SIGNATURE_INVALID"],
    ["a nonce that is the text of a signature", challenge(event("msg_2.1795341600.{}aaaaaaaa")), "CHALLENGE_INVALID"],
    ["a nonce that is none", challenge(event("")), "CHALLENGE_INVALID"],
    ["whoever has no secret", { ...challenge(event(nonce)), keys: PUBLIC, secret: PUBLIC }, "KEYS_INVALID"],
  ])("is not given to %s", async (_, webhook, code) => {
    await expect(respondToChallenge(webhook)).rejects.toMatchObject({ name: "WebhookError", code });
  });
});
