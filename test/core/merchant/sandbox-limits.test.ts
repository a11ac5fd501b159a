import { describe, expect, it } from "@jest/globals";
import type { Merchant } from "../../../core/merchant/merchant.ts";
import { sandboxPart, withinLimits } from "../../../core/merchant/sandbox-limits.ts";

const LIMITS = { ratePerSecond: 10, concurrency: 5 };
const merchant: Merchant = { merchantId: "m-1", secretKeyVersion: "1" };

describe("limits of the sandbox", () => {
  it.each<[string, Partial<Merchant>, Partial<Merchant>]>([
    ["none of its own", {}, { rateLimitPerSecond: 10, maxConcurrency: 5 }],
    ["higher ones", { rateLimitPerSecond: 500, maxConcurrency: 64 }, { rateLimitPerSecond: 10, maxConcurrency: 5 }],
    ["lower ones", { rateLimitPerSecond: 2, maxConcurrency: 1 }, { rateLimitPerSecond: 2, maxConcurrency: 1 }],
  ])("hold for one with %s", (_, own, expected) => {
    expect(withinLimits({ ...merchant, environment: "sandbox", ...own }, LIMITS)).toMatchObject(expected);
  });

  it("are none of a live merchant's, which stays the very object that it was", () => {
    const live: Merchant = { ...merchant, rateLimitPerSecond: 500 };
    expect(withinLimits(live, LIMITS)).toBe(live);
  });

  it("are a tenth of what there is for all together, and never nothing", () => {
    expect([1, 9, 10, 19, 512].map(sandboxPart)).toEqual([1, 1, 1, 1, 51]);
  });
});
