import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  dueKeyFor,
  failedAtFor,
  failedAtPrefix,
  failedKeyFor,
  failedKeys,
  isSameFailedMerchant,
  dueKeys,
  orderedKeyFor,
  parkKeyFor,
  merchantKeyFor,
} from "../../../../core/transaction/row/index-keys.ts";

describe("keys of the indexes", () => {
  it("put every transaction into a partition that release-due reads", () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 256 }), (id, shards) => {
        expect(dueKeys(shards).pending).toContain(dueKeyFor(id, shards));
        expect(dueKeys(shards).ordered).toContain(orderedKeyFor(id, shards));
        expect(dueKeys(shards).parked).toContain(parkKeyFor(id, shards));
      }),
    );
  });

  it("stay readable when the number of shards is raised", () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.integer({ min: 1, max: 128 }),
        fc.integer({ min: 0, max: 128 }),
        (id, before, more) => {
          expect(dueKeys(before + more).pending).toContain(dueKeyFor(id, before));
        },
      ),
    );
  });

  it("spread transactions evenly over the shards", () => {
    const counts = new Map<string, number>();
    for (let index = 0; index < 16_000; index += 1) {
      const key = dueKeyFor(`transaction-${index}`, 16);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(16);
    expect(Math.max(...counts.values())).toBeLessThan(1200);
  });

  it("are the same for every writer: a known id comes to a known shard", () => {
    expect([dueKeyFor("t-1", 16), dueKeyFor("t-2", 16)]).toEqual(["P#4", "P#6"]);
  });

  it("list what failed of a merchant by reason and time, where its partitions are known", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.integer({ min: 1, max: 64 }), (merchantId, id, shards) => {
        const key = failedKeyFor(merchantId, id, shards);
        expect(failedKeys(merchantId, shards)).toContain(key);
        expect(isSameFailedMerchant(key, failedKeyFor(merchantId, `${id}x`, shards + 1))).toBe(true);
        expect(isSameFailedMerchant(key, failedKeyFor(`${merchantId}#1`, id, shards))).toBe(false);
      }),
    );
    expect(failedAtFor("expired", 0)).toBe("expired#1970-01-01T00:00:00.000Z");
    expect(failedAtFor("expired_untried", 0).startsWith(failedAtPrefix("expired"))).toBe(false);
  });

  it("list a merchant's transactions by UTC day", () => {
    expect(merchantKeyFor("m-1", "2026-11-22T23:30:00-02:00", "t-1", 1)).toBe("m-1#2026-11-23#0");
    expect(merchantKeyFor("m-1", "2026-11-22T00:30:00+01:00", "t-1", 1)).toBe("m-1#2026-11-21#0");
  });
});
