import { describe, expect, it } from "@jest/globals";
import { HEALTHY } from "../../../core/merchant/merchant-health.ts";
import { MerchantCache } from "../../../core/delivery/merchant-cache.ts";

const MIB = 1024 * 1024;
const health = { health: HEALTHY, since: 0, forMs: 1 };

describe("known merchants", () => {
  it("have all that is known of each in one place", () => {
    const cache = new MerchantCache();
    cache.remember("m-1").health = health;
    expect(cache.remember("m-1")).toEqual({ merchant: undefined, health, outcomes: undefined });
    expect(cache.get("m-1")).toBe(cache.remember("m-1"));
    expect(cache.get("m-2")).toBeUndefined();
  });

  it.each([
    ["a heap for a hundred", 5120 * 100, 100],
    ["a heap of four gigabytes", 4096 * MIB, 200_000],
  ])("are as many as fit into %s, those that were asked for last", (_, heapBytes, most) => {
    const cache = MerchantCache.thatFit(heapBytes);
    for (let index = 0; index < 2 * most; index += 1) cache.remember(`m-${index}`);
    expect(cache.get(`m-${most - 1}`)).toBeUndefined();
    expect(cache.get(`m-${2 * most - 1}`)).toBeDefined();
    expect(cache.get(`m-${2 * most - most / 2}`)).toBeDefined();
  });
});
