import { expect, test } from "@jest/globals";
import { MerchantShares, MOST_WAIT_MS } from "../../../lambdas/confirmation-transactions/shares/merchant-shares.ts";
import { NO_SHARE, type Share } from "../../../lambdas/confirmation-transactions/shares/share.ts";

test("a lease that changes hands all the time is not waited for without an end", async () => {
  let at = 1_000_000;
  // Whoever holds it has always only begun.
  const full = (): Share => ({
    ...NO_SHARE,
    leases: new Map([["other", { since: at, until: at + 10_000 }]]),
    version: 1,
  });
  const shares = new MerchantShares({
    table: {
      read: async (owners) => new Map(owners.map((owner) => [owner, owner === "m-1" ? full() : NO_SHARE])),
      take: async () => ({ isTaken: true, share: NO_SHARE }),
      late: async () => NO_SHARE,
      tell: async () => NO_SHARE,
    },
    executions: 5,
    leaseMs: 10_000,
    baseline: { isLate: () => false, withoutOwn: (tookMs) => tookMs },
    openCircuit: async () => undefined,
    warn: () => undefined,
    now: () => at,
    async pause(ms) {
      at += ms;
      if (at > 1_000_000 + 10 * MOST_WAIT_MS) throw new Error("it waits on and on");
    },
  });
  await shares.look(["m-1"]);
  expect(await shares.take("m-1")).toBeUndefined();
  expect(at - 1_000_000).toBeGreaterThanOrEqual(MOST_WAIT_MS);
  expect(at - 1_000_000).toBeLessThan(2 * MOST_WAIT_MS);
  await shares.end();
});
