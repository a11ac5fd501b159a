import { createHmac } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import { challengeResponses, challengeEvent, whyWrongResponse } from "../../../core/delivery/challenge.ts";
import { MOST_BYTES } from "../../../core/delivery/recorded-attempt.ts";
import { keysOf } from "../../support/keys.ts";

const SECRET = Buffer.alloc(32, 7);
const OLD = Buffer.alloc(32, 8);
const NONCE = "n".repeat(43);
const NOW = 1000;
const CHALLENGE = { merchantId: "m-1", nonce: NONCE, url: 'https://shop.example/hook?a="b"' };
const hmac = (secret: Buffer, text = NONCE) => createHmac("sha256", secret).update(text).digest("base64");
const answer = (challenge: unknown) => JSON.stringify({ challenge });
const judged = (body: string, keys = keysOf(SECRET)) =>
  whyWrongResponse(Buffer.from(body), NONCE, challengeResponses(keys, NONCE, NOW));

describe("a challenge", () => {
  it("says whose address it is about, and which: who hands it on cannot say another", () => {
    const { id, body } = challengeEvent("ch_1", CHALLENGE, NOW);
    expect([id, JSON.parse(body)]).toEqual([
      "ch_1",
      {
        type: "webhook.challenge",
        timestamp: "1970-01-01T00:00:01.000Z",
        data: { merchantId: "m-1", challenge: NONCE, url: CHALLENGE.url },
      },
    ]);
  });
});

describe("the answer to a challenge", () => {
  it("is the HMAC of its nonce under the merchant's secret, as OpenSSL makes it", () => {
    expect(challengeResponses(keysOf(SECRET), NONCE, NOW)).toEqual([hmac(SECRET)]);
    expect(judged(answer(hmac(SECRET)))).toBeUndefined();
    expect(judged(` {"ok":true,"challenge":"${hmac(SECRET)}"}\n`)).toBeUndefined();
  });

  it("may be of the secret before, for as long as that signs too", () => {
    const keys = [...keysOf(SECRET), ...keysOf(OLD).map((key) => ({ ...key, until: NOW + 1 }))];
    expect(judged(answer(hmac(OLD)), keys)).toBeUndefined();
    const over = keys.map((key) => (key.until === undefined ? key : { ...key, until: NOW }));
    expect(judged(answer(hmac(OLD)), over)).toMatch(/not the HMAC/);
  });

  it.each([
    ["the challenge as it came", answer(NONCE), /the challenge itself/],
    ["the request as it came", challengeEvent("id", CHALLENGE, NOW).body, /no JSON object/],
    ["the HMAC of another nonce", answer(hmac(SECRET, "m".repeat(43))), /not the HMAC/],
    ["the HMAC under another secret", answer(hmac(OLD)), /not the HMAC/],
    ["the HMAC in hex", answer(createHmac("sha256", SECRET).update(NONCE).digest("hex")), /not the HMAC/],
    ["the HMAC beside other text", answer(`${hmac(SECRET)} `), /not the HMAC/],
    ["the HMAC as plain text", hmac(SECRET), /no JSON object/],
    ["the HMAC in a list", JSON.stringify([{ challenge: hmac(SECRET) }]), /no JSON object/],
    ["a number", answer(5), /no JSON object/],
    ["nothing", "", /no JSON object/],
    ["null", "null", /no JSON object/],
    ["brackets without an end", "[".repeat(MOST_BYTES - 1), /no JSON object/],
    ["objects in objects", '{"challenge":'.repeat(300), /no JSON object/],
  ])("is not %s", (_, body, why) => {
    expect(judged(body)).toMatch(why);
  });

  it("is a line, and no more", () => {
    expect(judged(answer(hmac(SECRET)).padEnd(MOST_BYTES))).toMatch(/4096 bytes or more/);
    expect(judged(answer(hmac(SECRET)).padEnd(MOST_BYTES - 1))).toBeUndefined();
  });
});
