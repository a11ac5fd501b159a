import { describe, expect, it } from "@jest/globals";
import { askForCall, callMessage, parseCallMessage } from "../../../core/jobs/ask-for-call.ts";
import {
  asSeenAt,
  CALL_EXPIRES_MS,
  EXPIRED,
  type MerchantCall,
  type MerchantCallResult,
  merchantCallRow,
  readMerchantCall,
  resultAttributes,
} from "../../../core/jobs/merchant-call.ts";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { changed, text } from "../../support/rows.ts";

const NOW = 1_795_334_400_123;
const CALL = { jobId: "test_1", kind: "test", merchantId: "m-1", requestedBy: "ada" } as const;
const row = merchantCallRow(CALL, NOW);
const RESULT: MerchantCallResult = {
  outcome: "status_5xx",
  error: "the merchant's side is broken",
  durationMs: 12,
  request: { url: "https://m.example/in", headers: { "webhook-id": "test_1" }, body: "{}" },
  response: { status: 500, headers: { server: "x" }, body: "no" },
};

describe("a merchant call", () => {
  it("is queued for a minute, and kept for a week", () => {
    expect(row).toEqual({
      jobId: { S: "test_1" },
      kind: { S: "test" },
      state: { S: "queued" },
      merchantId: { S: "m-1" },
      requestedBy: { S: "ada" },
      queuedAt: { N: String(NOW) },
      expiresAt: { N: String(NOW + 60_000) },
      purgeAt: { N: String(1_795_334_400 + 7 * 86_400) },
    });
    expect(readMerchantCall(row)).toEqual({
      ...CALL,
      state: "queued",
      queuedAt: NOW,
      expiresAt: NOW + CALL_EXPIRES_MS,
    });
  });

  it("is read with its result as it was recorded", () => {
    const done = { ...row, ...resultAttributes(RESULT), state: text("done"), doneAt: { N: "5" } };
    expect(readMerchantCall(done)).toMatchObject({ state: "done", doneAt: 5, result: RESULT });
    const short = { ...row, ...resultAttributes({ outcome: "no_room" }), state: text("done") };
    expect(readMerchantCall(short)?.result).toEqual({ outcome: "no_room" });
  });

  it.each<[string, Parameters<typeof changed>[1]]>([
    ["of a kind that a newer program knows", { kind: text("redelivery") }],
    ["without a merchant", { merchantId: undefined }],
    ["of another state", { state: text("paused") }],
    ["without a time", { expiresAt: undefined }],
  ])("is none %s", (_, changes) => {
    expect(readMerchantCall(changed(row, changes))).toBeUndefined();
  });

  it.each(["", "a.b", "a b", "x".repeat(65), "../x"])("has no id that cannot be signed: %j", (jobId) => {
    expect(() => merchantCallRow({ ...CALL, jobId }, NOW)).toThrow(RangeError);
  });

  it("is over for its readers though nobody was there to record it", () => {
    const call = readMerchantCall(row) as MerchantCall;
    expect(asSeenAt(call, NOW + 90_000)).toBe(call);
    expect(asSeenAt(call, NOW + 90_001)).toEqual({ ...call, state: "done", doneAt: call.expiresAt, result: EXPIRED });
    const done: MerchantCall = { ...call, state: "done", result: { outcome: "delivered" } };
    expect(asSeenAt(done, NOW + 1e9)).toBe(done);
  });
});

describe("asking for a merchant call", () => {
  const asked = (isNew: boolean) => {
    const steps: unknown[] = [];
    const put = async (one: AttributeMap) => {
      steps.push(one);
      return isNew;
    };
    return { steps, ports: { put, send: async (body: string) => void steps.push(body), now: () => NOW } };
  };

  it("puts its row before its message is sent", async () => {
    const { steps, ports } = asked(true);
    expect(await askForCall(CALL, ports)).toBe(true);
    expect(steps).toEqual([row, callMessage("test_1")]);
  });

  it("sends the message again for one that is there: the first may have been lost", async () => {
    const { steps, ports } = asked(false);
    expect(await askForCall(CALL, ports)).toBe(false);
    expect(steps).toEqual([row, callMessage("test_1")]);
  });

  it("has a message that names its job, and none that says anything else is taken for one", () => {
    expect(parseCallMessage(callMessage("test_1"))).toBe("test_1");
    for (const body of ["", "1", "null", "{}", '{"schema":2,"jobId":"a"}', '{"schema":1,"jobId":""}', '{"schema":1}'])
      expect(parseCallMessage(body)).toBeUndefined();
  });
});
