import { expect, test } from "@jest/globals";
import { LatencyBaseline } from "../../../core/delivery/admission/latency-baseline.ts";
import { MerchantShares } from "../../../lambdas/confirmation-transactions/shares/merchant-shares.ts";
import { NO_SHARE } from "../../../lambdas/confirmation-transactions/shares/share.ts";
import { FakeClock } from "../../support/fake-clock.ts";

test.each([
  { ours: "stood still all the while", ticks: [2000], isQuick: true },
  { ours: "was slow all the while", ticks: [180, 180, 180, 180], isQuick: true },
  { ours: "had time to take it", ticks: [100, 100, 100, 100, 100, 100, 100], isQuick: false },
])("a late response while our process $ours is quick: $isQuick", async ({ ticks, isQuick }) => {
  const clock = new FakeClock();
  const baseline = new LatencyBaseline(clock.now);
  const told: boolean[] = [];
  const shares = new MerchantShares({
    table: {
      read: async () => new Map(),
      take: async (_owner, _id, _lease, share) => ({ isTaken: true, share }),
      late: async () => NO_SHARE,
      tell: async (owner, news) => {
        if (owner === "m-1") told.push(news.isQuick && news.demerits < 0);
        return NO_SHARE;
      },
    },
    leaseMs: 10_000,
    baseline,
    openCircuit: async () => undefined,
    warn: () => undefined,
    now: clock.now,
    pause: async () => undefined,
  });
  shares.begin({ name: "confirmations", executions: 5 });
  const call = await shares.take("m-1");
  for (const ms of ticks) {
    clock.advance(ms);
    baseline.tick();
  }
  shares.ended(call!, { kind: "delivered", status: 204, answer: "" });
  await shares.end();
  expect(told).toEqual([isQuick]);
});
