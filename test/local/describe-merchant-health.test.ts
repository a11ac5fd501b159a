import { describe, expect, it } from "@jest/globals";
import { type MerchantHealth, HEALTHY } from "../../core/merchant/merchant-health.ts";
import type { Merchant } from "../../core/merchant/merchant.ts";
import { describeMerchantHealth } from "../../local/describe-merchant-health.ts";
import { START_MS } from "../support/fake-clock.ts";

function described(health: Partial<MerchantHealth> = {}, merchant: Partial<Merchant> = {}, more: object = {}) {
  const state = { health: { ...HEALTHY, ...health }, waiting: { transactions: 0 }, isEverythingPaused: false, ...more };
  return Object.fromEntries(
    describeMerchantHealth({ merchantId: "m-1", secretKeyVersion: "1", ...merchant }, state, START_MS),
  );
}

describe("what is said of a merchant's health row", () => {
  it("is short when all is well", () => {
    expect(described()).toEqual({
      "rate limit": "none",
      "at once": "as many as its answers allow",
      gate: "open",
      waiting: "0 transactions",
    });
  });

  it("has its limits", () => {
    expect(described({}, { rateLimitPerSecond: 20, maxConcurrency: 3 })).toMatchObject({
      "rate limit": "20 calls a second",
      "at once": "3 calls from one task",
    });
  });

  it.each<[Partial<MerchantHealth>, string]>([
    [{ pausedAt: START_MS }, "paused since 2026-11-22T10:00:00.000Z; --resume"],
    [{ pausedAt: 1e300 }, "paused since an unknown time; --resume"],
    [
      { circuitOpenUntil: START_MS + 1000, circuitTrips: 3 },
      "circuit open until 2026-11-22T10:00:01.000Z, opened 3 times in a row",
    ],
    [
      { circuitOpenUntil: START_MS, circuitTrips: 1 },
      "circuit half open: the next call probes the endpoint, opened once in a row",
    ],
  ])("says why nothing gets through: %j", (health, text) => {
    expect(described(health)).toMatchObject({ gate: text });
  });

  it("names the URLs that are disabled, and what to do", () => {
    expect(described({ disabledUrls: ["https://a.example/in"] })).toMatchObject({
      disabled: "https://a.example/in; --enable https://a.example/in, or another --url",
    });
  });

  it("says what waits, and until when", () => {
    const waiting = { transactions: 12, firstGivenUpAt: START_MS + 60_000 };
    expect(described({}, {}, { waiting })).toMatchObject({
      waiting: "12 transactions; the first is given up at 2026-11-22T10:01:00.000Z",
    });
  });

  it("says that everything is paused", () => {
    expect(described({}, {}, { isEverythingPaused: true })).toMatchObject({
      pipeline: "everything is paused; npm run resume",
    });
  });
});
