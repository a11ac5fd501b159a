import { describe, expect, it } from "@jest/globals";
import { parseMerchant } from "../../../core/merchant/merchant.ts";
import { isDeleted, tombstone, TOMBSTONE_ATTRIBUTES } from "../../../core/merchant/tombstone.ts";
import { changed, merchantRow } from "../../support/rows.ts";

const DAY_SECONDS = 86_400;
const NOW = 1_795_334_400_999;
const without = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, undefined]));

describe("a merchant's tombstone", () => {
  const { set, remove } = tombstone(NOW, { settledDays: 90, manifestDays: 400 });
  const row = changed(merchantRow(), { ...without(remove), ...set });

  it("is kept until the last manifest that it may be needed for is gone", () => {
    expect(set).toEqual({
      deletedAt: { N: String(NOW) },
      purgeAt: { N: String(1_795_334_400 + 490 * DAY_SECONDS) },
    });
  });

  it("has the keys that its webhooks and manifests are verified with, and no URL", () => {
    expect(parseMerchant(row)).toMatchObject({ merchant: { merchantId: "m-1", secretKeyVersion: "1" } });
    expect(row).not.toHaveProperty("confirmationUrl");
  });

  it("is not found by the beginning of its id", () => {
    expect(remove).toContain("idStart");
  });

  it("is none any more without its own attributes", () => {
    expect(isDeleted(row)).toBe(true);
    expect(isDeleted(changed(row, without(TOMBSTONE_ATTRIBUTES)))).toBe(false);
    expect(isDeleted(merchantRow())).toBe(false);
  });
});
