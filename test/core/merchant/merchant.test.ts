import { describe, expect, it } from "@jest/globals";
import type { AttributeValue } from "../../../core/transaction/attribute-value.ts";
import { parseMerchant } from "../../../core/merchant/merchant.ts";
import { merchantRow, number, text } from "../../support/rows.ts";

describe("a merchant", () => {
  it("needs no more than its id, and starts with the first master key", () => {
    expect(parseMerchant({ merchantId: text("m-1") })).toEqual({
      merchant: { merchantId: "m-1", secretKeyVersion: "1" },
    });
  });

  it("is read with everything that its row may hold", () => {
    const row = merchantRow({
      secret: text("whsec_AAAA"),
      secretKeyVersion: text("2"),
      maxConcurrency: number(8),
      deadlineMs: number(500),
      retryScheduleSeconds: { L: [number(5), number(300)] },
      note: text("not ours"),
    });
    expect(parseMerchant(row)).toEqual({
      merchant: {
        merchantId: "m-1",
        confirmationUrl: "https://merchant.example/confirmations",
        secretSalt: Buffer.alloc(16, 1).toString("base64"),
        secret: "whsec_AAAA",
        secretKeyVersion: "2",
        maxConcurrency: 8,
        deadlineMs: 500,
        retryScheduleSeconds: [5, 300],
      },
    });
  });

  it.each<[string, AttributeValue]>([
    ["confirmationUrl", text("")],
    ["confirmationUrl", number(1)],
    ["secretSalt", { B: Uint8Array.of(1) }],
    ["secretSalt", text("not base64!")],
    ["secretSalt", text("AAAAA")],
    ["secretSalt", text("AAA==")],
    ["secretSalt", text("====")],
    ["secret", { BOOL: true }],
    ["secretKeyVersion", number(1)],
    ["maxConcurrency", number(0)],
    ["maxConcurrency", text("8")],
    ["deadlineMs", number(0.5)],
    ["retryScheduleSeconds", number(5)],
    ["retryScheduleSeconds", text("5,300")],
    ["retryScheduleSeconds", { NS: ["5", "300"] }],
    ["retryScheduleSeconds", { L: [number(5), text("300")] }],
    ["retryScheduleSeconds", { L: [number(0)] }],
    ["retryScheduleSeconds", { L: [number(604_801)] }],
    ["retryScheduleSeconds", { L: Array.from({ length: 51 }, () => number(1)) }],
  ])("is refused for %s as %j", (name, value) => {
    expect(parseMerchant(merchantRow({ [name]: value }))).toEqual({
      faults: [expect.stringMatching(`^${name}: expected `)],
    });
  });

  it("may have an empty schedule, for one attempt", () => {
    expect(parseMerchant(merchantRow({ retryScheduleSeconds: { L: [] } }))).toMatchObject({
      merchant: { retryScheduleSeconds: [] },
    });
  });

  it("lists every fault at once, and no value, as one may be a secret", () => {
    const parsed = parseMerchant(merchantRow({ secret: number(424_242), deadlineMs: text("soon") }));
    expect(parsed).toEqual({ faults: [expect.stringMatching("^secret"), expect.stringMatching("^deadlineMs")] });
    expect(JSON.stringify(parsed)).not.toContain("424242");
  });

  it("may have its secret encrypted, but not in plain text beside it", () => {
    const encryptedSecret = { B: Buffer.from("sealed") };
    expect(parseMerchant(merchantRow({ encryptedSecret }))).toMatchObject({
      merchant: { encryptedSecret: encryptedSecret.B },
    });
    expect(parseMerchant(merchantRow({ encryptedSecret, secret: text("whsec_AAAA") }))).toEqual({
      faults: ["secret, encryptedSecret: expected one of them"],
    });
    expect(parseMerchant(merchantRow({ encryptedSecret: text("whsec_AAAA") }))).toEqual({
      faults: ["encryptedSecret: expected binary (B) or base64 (S), as KMS encrypted it"],
    });
  });
});
