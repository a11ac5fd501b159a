import { describe, expect, it } from "@jest/globals";
import { parseMasterKeys, secretText } from "../../core/signing/signature.ts";
import { merchantKeys } from "../../core/signing/merchant-keys.ts";
import type { Merchant } from "../../core/merchant/merchant.ts";
import { describeMerchant } from "../../local/describe-merchant.ts";

const NOW = Date.parse("2026-11-22T10:00:00Z");
const HOUR_MS = 3_600_000;
const masterKeys = parseMasterKeys(JSON.stringify({ "1": "x".repeat(64) }));
const SALT = Buffer.alloc(16, 1).toString("base64");
const merchant: Merchant = {
  merchantId: "m-1",
  secretKeyVersion: "1",
  secretSalt: SALT,
  previousKey: { until: NOW + HOUR_MS, derivation: { secretKeyVersion: "1", secretSalt: "" } },
};
const parts = { merchant, masterKeys, keySetUrl: "http://127.0.0.1/{merchantId}", now: NOW, healthLines: [] };

describe("what is said of a merchant", () => {
  const secrets = merchantKeys(masterKeys, merchant, NOW).flatMap((key) =>
    key.scheme === "v1" ? [secretText(key.key.secret)] : [],
  );

  it("has no secret in it, neither the current one nor the one before", () => {
    const text = describeMerchant({ ...parts, showSecret: false });
    expect(secrets).toHaveLength(2);
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
    expect(text).not.toContain("whsec_");
    expect(text.match(/secret +not shown; --show-secret prints it/g)).toHaveLength(2);
    expect(text).toMatch(/public key +whpk_/);
  });

  it("has its secrets where they are asked for", () => {
    const text = describeMerchant({ ...parts, showSecret: true });
    expect(secrets.filter((secret) => !text.includes(secret))).toEqual([]);
  });
});
