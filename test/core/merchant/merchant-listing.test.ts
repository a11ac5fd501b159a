import { describe, expect, it } from "@jest/globals";
import { merchantKeyOf, missingMerchantKey } from "../../../core/merchant/merchant-listing.ts";
import { isSameMerchantDay, merchantDayKeys } from "../../../core/transaction/row/index-keys.ts";
import { text, transactionRow } from "../../support/rows.ts";

describe("a row's place in the merchant index", () => {
  it("is among those that are read for its merchant's day", () => {
    expect(merchantDayKeys("m-1", "2026-11-22", 4)).toContain(merchantKeyOf(transactionRow(), 4));
  });

  it.each([
    ["no merchant", { merchantId: undefined }],
    ["a merchant id that is too long", { merchantId: text("m".repeat(1025)) }],
    ["a time that is none", { occurredAt: text("today") }],
  ])("is nowhere with %s", (_, changes) => {
    expect(missingMerchantKey(transactionRow(changes), 4)).toBeUndefined();
  });

  it("is not missing when it is there, right or wrong", () => {
    expect(missingMerchantKey(transactionRow({ merchantKey: text("x") }), 4)).toBeUndefined();
  });

  it("is the same merchant's day in every shard, and no other's", () => {
    expect(isSameMerchantDay("a#2026-11-22#0", "a#2026-11-22#3")).toBe(true);
    expect(isSameMerchantDay("a#2026-11-22#0", "a#2026-11-23#0")).toBe(false);
    // The id of the second merchant is `a#2026-11-22`.
    expect(isSameMerchantDay("a#2026-11-22#0", "a#2026-11-22#2026-11-22#0")).toBe(false);
  });
});
