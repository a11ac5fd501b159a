import { describe, expect, it } from "@jest/globals";
import type { Merchant } from "../../../core/merchant/merchant.ts";
import { failure } from "../../../core/transaction/failure.ts";
import { AddressGuard } from "../../../core/delivery/address-guard.ts";
import { prepareCall, type PrepareOptions } from "../../../core/delivery/prepare.ts";
import { keysOf } from "../../support/keys.ts";
import { writeAccepted } from "../../../core/transaction/accepted.ts";
import { contentIn, number, text, transactionRow } from "../../support/rows.ts";
import { neverCalled } from "../../support/strict-fake.ts";

const keys = keysOf(Buffer.alloc(32, 1));
const merchant: Merchant = { merchantId: "m-1", secretKeyVersion: "1", confirmationUrl: "https://merchant.example/in" };
const options = (changes: Partial<Merchant> = {}, others: Partial<PrepareOptions> = {}): PrepareOptions => ({
  merchants: { get: async () => ({ merchant: { ...merchant, ...changes }, keys }) },
  guard: new AddressGuard([]),
  deadlineMs: 10_000,
  maxBodyBytes: 1000,
  ...others,
});
const { confirmationUrl: _, ...withoutUrl } = merchant;

describe("preparing a call", () => {
  it("goes to the merchant's URL, signed with its keys", async () => {
    expect(await prepareCall(transactionRow(), options())).toMatchObject({
      merchant,
      keys,
      destination: { origin: "https://merchant.example", path: "/in" },
      webhook: { id: expect.stringMatching(/^msg_/), body: expect.stringContaining('"transactionId":"t-1"') },
      deadlineMs: 10_000,
    });
  });

  it("goes to the transaction's own URL where it has one", async () => {
    const row = transactionRow({ confirmationUrl: text("https://other.example/t-1") });
    expect(await prepareCall(row, options())).toMatchObject({ destination: { origin: "https://other.example" } });
  });

  it("takes the merchant's deadline if it is shorter than the pipeline's", async () => {
    expect(await prepareCall(transactionRow(), options({ deadlineMs: 500 }))).toMatchObject({ deadlineMs: 500 });
    expect(await prepareCall(transactionRow(), options({ deadlineMs: 90_000 }))).toMatchObject({ deadlineMs: 10_000 });
  });

  it("knows until when the producer wants it", async () => {
    const row = transactionRow({ deliverBy: text("2026-11-25T10:00:00+01:00") });
    expect(await prepareCall(row, options())).toMatchObject({ deliverBy: Date.UTC(2026, 10, 25, 9) });
    expect(await prepareCall(transactionRow(), options())).not.toHaveProperty("deliverBy");
  });

  it("takes a body of exactly the limit, in bytes, and none beyond", async () => {
    const row = transactionRow({ payload: { M: { note: text("€") } } });
    const prepared = await prepareCall(row, options());
    const bytes = "webhook" in prepared ? Buffer.byteLength(prepared.webhook.body) : 0;
    expect(bytes).toBeGreaterThan("webhook" in prepared ? prepared.webhook.body.length : 0);
    expect(await prepareCall(row, options({}, { maxBodyBytes: bytes }))).toHaveProperty("webhook");
    expect(await prepareCall(row, options({}, { maxBodyBytes: bytes - 1 }))).toMatchObject({
      code: "body_too_large",
      reason: expect.stringContaining(`has ${bytes} bytes, expected at most ${bytes - 1}`),
    });
  });
});

describe("the form of the body", () => {
  const second = options({ connection: { payloadVersion: 2 } });
  const bodyOf = async (changes: Parameters<typeof transactionRow>[0], given = second) => {
    const prepared = await prepareCall(transactionRow(changes), given);
    if (!("destination" in prepared)) throw new Error(JSON.stringify(prepared));
    return [JSON.parse(prepared.webhook.body).payloadVersion, prepared.content.payloadVersion];
  };
  const pinned = (version: number, more: object = {}) => ({
    accepted: writeAccepted(version, { ...contentIn(transactionRow()), ...more }),
  });

  it("is the one that its merchant wants, and the record of the attempt pins it", async () => {
    expect(await bodyOf({})).toEqual([2, 2]);
    expect(await bodyOf({}, options())).toEqual([undefined, undefined]);
  });

  it("stays as the first attempt of the version had it, whatever the merchant wants since", async () => {
    expect(await bodyOf(pinned(1))).toEqual([undefined, undefined]);
    const confirmedBefore = { confirmationState: text("CONFIRMED"), stateVersion: number(1) };
    expect(await bodyOf(transactionRow(confirmedBefore), second)).toEqual([undefined, undefined]);
    expect(await bodyOf(transactionRow({ ...confirmedBefore, version: number(2) }), second)).toEqual([2, 2]);
    expect(await bodyOf(pinned(1, { payloadVersion: 2 }), options())).toEqual([2, 2]);
  });

  it("is chosen anew for the next version", async () => {
    expect(await bodyOf({ ...pinned(1), version: number(2) })).toEqual([2, 2]);
  });
});

describe("a row that can never be delivered", () => {
  it("says so with all its faults, and costs no look-up", async () => {
    const row = transactionRow({ amount: number(1), currency: undefined });
    const failed = await prepareCall(row, options({}, { merchants: { get: neverCalled("get") } }));
    expect(failed).toMatchObject({
      code: "row_invalid",
      fault: "producer",
      reason: expect.stringMatching(/amount.*currency/),
    });
  });

  it("is the merchant's failure where that cannot be used", async () => {
    const unknown = failure("merchant_unknown", "no such merchant");
    expect(await prepareCall(transactionRow(), options({}, { merchants: { get: async () => unknown } }))).toEqual(
      unknown,
    );
  });

  it("has no URL of its own, nor its merchant one", async () => {
    const merchants = { get: async () => ({ merchant: withoutUrl, keys }) };
    const failed = await prepareCall(transactionRow(), options({}, { merchants }));
    expect(failed).toMatchObject({ code: "url_missing", fault: "merchant" });
  });

  it.each([
    ["not a URL", "url_invalid"],
    ["https://127.0.0.1/", "url_not_allowed"],
  ])("has the URL %s", async (url, code) => {
    expect(await prepareCall(transactionRow({ confirmationUrl: text(url) }), options())).toMatchObject({ code });
  });

  it("is not told from one whose merchant could not be read", async () => {
    const merchants = { get: async () => Promise.reject(new Error("throttled")) };
    await expect(prepareCall(transactionRow(), options({}, { merchants }))).rejects.toThrow("throttled");
  });
});
