import { createHmac } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { Webhook } from "standardwebhooks";
import { challengeEvent } from "../../../core/delivery/challenge.ts";
import { signatureHeader } from "../../../core/signing/merchant-keys.ts";
import { secretText } from "../../../core/signing/signature.ts";
import { REFUSAL_CODES } from "../../../lambdas/confirmation-webhook/response.ts";
import {
  receiveConfirmation,
  type ConfirmationRequest,
  type ReceiveDependencies,
} from "../../../lambdas/confirmation-webhook/receive-confirmation.ts";
import { keysOf } from "../../support/keys.ts";

const SECRET = Buffer.alloc(32, 7);
const NOW_MS = Date.now();
const BODY = JSON.stringify({
  type: "transaction.approved",
  timestamp: "2026-11-22T10:00:00Z",
  data: { transactionId: "t-1", version: 1, merchantId: "m-1", amount: "12.50" },
});

const TEST_MERCHANT = "fake-merchant-1";
const TEST_BODY = BODY.replace("m-1", TEST_MERCHANT);

/** A delivery signed by the library of the specification, not by our own code. */
function signed(
  changes: {
    id?: string;
    body?: string;
    atMs?: number;
    headers?: Record<string, string>;
    query?: Record<string, string>;
  } = {},
): ConfirmationRequest {
  const { id = "msg_1", body = BODY, atMs = NOW_MS } = changes;
  const signature = new Webhook(secretText(SECRET)).sign(id, new Date(atMs), body);
  return {
    headers: {
      "Webhook-Id": id,
      "Webhook-Timestamp": String(Math.floor(atMs / 1000)),
      "Webhook-Signature": signature,
      ...changes.headers,
    },
    body,
    query: changes.query ?? null,
  };
}

function merchant(changes: Partial<ReceiveDependencies> = {}) {
  const remembered = new Set<string>();
  const slept: number[] = [];
  const dependencies: ReceiveDependencies = {
    merchantOf: async (merchantId) =>
      merchantId === "m-1" || merchantId === TEST_MERCHANT
        ? { kind: "registered", keys: keysOf(SECRET) }
        : { kind: "unknown" },
    takeSlowSlot: async () => true,
    remember: async (id) => remembered.size === remembered.add(id).size,
    nowMs: () => NOW_MS,
    random: () => 0.5,
    sleep: async (milliseconds) => slept.push(milliseconds),
    ...changes,
  };
  return { remembered, slept, receive: (request: ConfirmationRequest) => receiveConfirmation(request, dependencies) };
}

test("a delivery that standardwebhooks signed is received, and its id remembered", async () => {
  const { receive, remembered } = merchant();
  const { kind, answer: response } = await receive(signed());
  expect(kind).toBe("received");
  expect(response).toEqual({ status: 200, body: { received: true, duplicate: false } });
  expect([...remembered]).toEqual(["msg_1"]);
});

test("a second delivery of the same id is answered 200 as a duplicate", async () => {
  const { receive } = merchant();
  await receive(signed());
  const { kind, answer: response } = await receive(signed());
  expect(kind).toBe("duplicate");
  expect(response).toEqual({ status: 200, body: { received: true, duplicate: true } });
});

test("what says that a job sends it again is no duplicate of the sender's, and answered as one", async () => {
  const { receive } = merchant();
  const again = signed({ headers: { "Webhook-Redelivery": "job-1" } });
  expect((await receive(again)).kind).toBe("received");
  const { kind, answer: response } = await receive(again);
  expect(kind).toBe("redelivered");
  expect(response).toEqual({ status: 200, body: { received: true, duplicate: true } });
});

test("one valid signature among others is enough", async () => {
  const valid = signed();
  const header = `v1a,AAAA v1,${Buffer.alloc(32).toString("base64")} ${valid.headers["Webhook-Signature"]}`;
  const { kind } = await merchant().receive({ ...valid, headers: { ...valid.headers, "Webhook-Signature": header } });
  expect(kind).toBe("received");
});

describe("a delivery during a rotation", () => {
  const [old, current] = [Buffer.alloc(32, 8), SECRET];
  const keys = [...keysOf(current), ...keysOf(old, NOW_MS + 1000)];
  const signedWith = (secret: Buffer, scheme: string): ConfirmationRequest => {
    const content = { id: "msg_1", timestampSeconds: Math.floor(NOW_MS / 1000), body: BODY };
    const chosen = keysOf(secret).filter((key) => key.scheme === scheme);
    return signed({ headers: { "Webhook-Signature": signatureHeader(chosen, content, NOW_MS) } });
  };
  const merchantOf = async () => ({ kind: "registered", keys }) as const;

  test.each([
    ["new", current, "v1"],
    ["new", current, "v1a"],
    ["previous", old, "v1"],
    ["previous", old, "v1a"],
  ])("is received when only the %s key signed it", async (_, secret, scheme) => {
    expect((await merchant({ merchantOf }).receive(signedWith(secret, scheme))).kind).toBe("received");
  });

  test.each(["v1", "v1a"])("is refused when the previous key signed it and its time is over: %s", async (scheme) => {
    const { receive } = merchant({ merchantOf, nowMs: () => NOW_MS + 1000 });
    expect((await receive(signedWith(old, scheme))).answer.status).toBe(401);
    expect((await receive(signedWith(current, scheme))).kind).toBe("received");
  });
});

const REFUSED: readonly [string, number, string, () => ConfirmationRequest][] = [
  ["a changed body", 401, "SIGNATURE_INVALID", () => ({ ...signed(), body: BODY.replace("12.50", "99.50") })],
  ["a changed id", 401, "SIGNATURE_INVALID", () => signed({ headers: { "Webhook-Id": "msg_2" } })],
  ["a timestamp six minutes old", 401, "TIMESTAMP_OUT_OF_TOLERANCE", () => signed({ atMs: NOW_MS - 360_000 })],
  ["a timestamp six minutes ahead", 401, "TIMESTAMP_OUT_OF_TOLERANCE", () => signed({ atMs: NOW_MS + 360_000 })],
  [
    "a timestamp that is no number",
    400,
    "TIMESTAMP_INVALID",
    () => signed({ headers: { "Webhook-Timestamp": "now" } }),
  ],
  ["no signature", 400, "HEADERS_MISSING", () => signed({ headers: { "Webhook-Signature": "" } })],
  ["no body", 400, "BODY_MISSING", () => ({ ...signed(), body: null })],
  ["a body that is not JSON", 400, "BODY_NOT_A_CONFIRMATION", () => signed({ body: "hello" })],
  ["a body that is null", 400, "BODY_NOT_A_CONFIRMATION", () => signed({ body: "null" })],
  [
    "a body beyond the bound",
    413,
    "BODY_TOO_LARGE",
    () => signed({ body: JSON.stringify({ data: { merchantId: "m-1", text: "x".repeat(400_000) } }) }),
  ],
  ["a merchant that is not registered", 401, "MERCHANT_UNKNOWN", () => signed({ body: BODY.replace("m-1", "m-2") })],
  ["a misspelt query parameter", 400, "BEHAVIOUR_INVALID", () => signed({ query: { failrate: "1" } })],
  ["a rate above 1", 400, "BEHAVIOUR_INVALID", () => signed({ query: { failRate: "2" } })],
  ["a wait beyond the bound", 400, "BEHAVIOUR_INVALID", () => signed({ query: { slowMs: "60000" } })],
];

test.each(REFUSED)("%s is refused with %i %s, and nothing is remembered", async (_, status, code, request) => {
  const { receive, remembered } = merchant();
  const { kind, answer: response } = await receive(request());
  expect(kind).toBe("rejected");
  expect(response).toEqual({
    status,
    body: {
      received: false,
      error: { code, got: expect.any(String), expected: expect.any(String), remedy: expect.any(String) },
    },
  });
  expect(REFUSAL_CODES).toContain(code);
  expect(remembered.size).toBe(0);
});

test("a merchant whose row cannot be used is refused; the reason goes to the log only", async () => {
  const { receive } = merchant({
    merchantOf: async () => ({ kind: "unusable", reason: "secretSalt: expected a string" }),
  });
  const { answer: response, facts } = await receive(signed());
  expect(response.status).toBe(401);
  expect(JSON.stringify(response.body)).not.toContain("secretSalt");
  expect(facts).toEqual({ code: "MERCHANT_UNUSABLE", merchantId: "m-1", reason: "secretSalt: expected a string" });
});

test("told to fail, it fails at that rate with that status and remembers nothing", async () => {
  const draws = [0.9, 0.09, 0.9, 0.11];
  const { receive, remembered } = merchant({ random: () => draws.shift() ?? 1 });
  const query = { failRate: "0.1", failStatus: "500" };
  const failed = await receive(signed({ query, body: TEST_BODY }));
  expect(failed).toMatchObject({ kind: "failed on request", answer: { status: 500, body: { received: false } } });
  expect(remembered.size).toBe(0);
  expect((await receive(signed({ query, body: TEST_BODY }))).kind).toBe("received");
});

test("told to be slow, it waits and then receives", async () => {
  const { receive, slept } = merchant();
  const { kind } = await receive(signed({ query: { slowRate: "1", slowMs: "2000" }, body: TEST_BODY }));
  expect(kind).toBe("received");
  expect(slept).toEqual([2000]);
});

test("told to be slow while all places are held, it receives at once", async () => {
  const { receive, slept } = merchant({ takeSlowSlot: async () => false });
  const { kind } = await receive(signed({ query: { slowRate: "1", slowMs: "20000" }, body: TEST_BODY }));
  expect([kind, slept]).toEqual(["received", []]);
});

test.each(["m-1", "fake-merchant-1x", "fake-merchant-", "pipeline-canary"])(
  "behaves towards %s, which is none of the pipeline's test merchants",
  async (merchantId) => {
    const { receive, slept } = merchant({
      merchantOf: async () => ({ kind: "registered", keys: keysOf(SECRET) }),
      takeSlowSlot: () => Promise.reject(new Error("not asked for")),
    });
    const query = { slowRate: "1", slowMs: "20000", failRate: "1" };
    const { kind } = await receive(signed({ query, body: BODY.replace("m-1", merchantId) }));
    expect([kind, slept]).toEqual(["received", []]);
  },
);

test("nothing that a stranger wrote is handed to the log", async () => {
  const { facts } = await merchant().receive(
    signed({ id: "4111 1111 1111 1111", headers: { "Webhook-Signature": "v1,forged" } }),
  );
  expect(facts).toEqual({ code: "SIGNATURE_INVALID" });
});

test("a challenge is answered with the HMAC of its nonce, and no confirmation is remembered", async () => {
  const nonce = "n".repeat(43);
  const { receive, remembered } = merchant();
  const body = challengeEvent("msg_1", { merchantId: "m-1", nonce, url: "https://shop.example/hook" }, NOW_MS).body;
  const { kind, answer: response } = await receive(signed({ body, query: { failRate: "1" } }));
  const challenge = createHmac("sha256", SECRET).update(nonce).digest("base64");
  expect([kind, response]).toEqual(["challenged", { status: 200, body: { challenge } }]);
  expect(remembered.size).toBe(0);
});

test.each([
  ["of a stranger", "n".repeat(43), { "Webhook-Signature": "v1,AAAA" }, "SIGNATURE_INVALID"],
  ["that is the text of a signature", "msg_2.1795341600.{}aaaa", {}, "BODY_NOT_A_CONFIRMATION"],
])("a challenge %s is not answered", async (_, nonce, headers, code) => {
  const { receive } = merchant();
  const body = challengeEvent("msg_1", { merchantId: "m-1", nonce, url: "https://shop.example/hook" }, NOW_MS).body;
  const { kind, answer: response } = await receive(signed({ body, headers }));
  expect([kind, response.body]).toEqual(["rejected", { received: false, error: expect.objectContaining({ code }) }]);
});
