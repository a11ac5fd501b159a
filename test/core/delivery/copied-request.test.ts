import { describe, expect, it } from "@jest/globals";
import { type Call, webhookRequest } from "../../../core/delivery/attempt.ts";
import { copiedRequest } from "../../../core/delivery/copied-request.ts";
import { verifyWebhook } from "../../../verifier/verify-webhook.mjs";
import { keysOf } from "../../support/keys.ts";

const SECRET = Buffer.alloc(32, 7);
const call: Call = {
  destination: { origin: "https://m.example:8443", path: "/in?shop=1" },
  deadlineMs: 1000,
  now: Date.parse("2026-11-29T12:00:00.789Z"),
  merchant: { merchantId: "m-1" },
  webhook: { id: "msg_1", body: '{"text":"€"}' },
  keys: keysOf(SECRET),
  headerLines: "x-plain: shown\r\nx-key: hunter22\r\nauthorization: Bearer abc\r\n",
  secretNames: ["x-key", "authorization"],
};

describe("the copy of a request", () => {
  it("is what was sent, header by header, but for what is secret", () => {
    const { url, headers, hiddenHeaders, body } = copiedRequest(call);
    const [head = ""] = webhookRequest(call).text.split("\r\n\r\n");
    const sent = head.split("\r\n").slice(1);
    expect(Object.entries(headers).map(([name, value]) => `${name}: ${value}`)).toEqual(
      sent.filter((line) => !/^(?:x-key|authorization):/.test(line)),
    );
    expect([url, body, hiddenHeaders]).toEqual([
      "https://m.example:8443/in?shop=1",
      '{"text":"€"}',
      ["x-key", "authorization"],
    ]);
    expect(JSON.stringify(headers)).not.toMatch(/hunter22|abc/);
  });

  it("verifies as the webhook itself does, with an address or without", async () => {
    const keys = `whsec_${SECRET.toString("base64")}`;
    for (const one of [call, { ...call, destination: undefined }]) {
      const { headers, body, url } = copiedRequest(one);
      expect(await verifyWebhook({ headers, body, keys, now: call.now })).toMatchObject({ id: "msg_1", scheme: "v1" });
      expect([url, headers["host"]]).toEqual(
        one === call ? [expect.any(String), "m.example:8443"] : [undefined, undefined],
      );
    }
  });
});
