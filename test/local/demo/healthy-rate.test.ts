import { expect, test } from "@jest/globals";
import type { Delivery } from "../../../local/demo/fleet/ledger.ts";
import { healthyRate } from "../../../local/demo/healthy-rate.ts";
import { isHealthy, MERCHANTS } from "../../../local/demo/merchants.ts";

const START_MS = 1_000_000;

function delivery(merchantId: string, transactionId: string, afterMs: number, responseStatus = 200): Delivery {
  return {
    sequence: 1,
    merchantId,
    webhookId: `msg_${transactionId}`,
    transactionId,
    version: 1,
    verified: true,
    arrivedAtMs: START_MS + afterMs,
    responseStatus,
  };
}

test("the rate ends with the last acceptance by a healthy merchant, and counts each version once", () => {
  const deliveries = [
    delivery("good-1", "a", 500),
    delivery("good-1", "a", 600),
    delivery("slow-1", "b", 2000),
    delivery("good-2", "c", 9000, 503),
    delivery("failing-at-first-1", "d", 30_000),
  ];
  expect(healthyRate(deliveries, isHealthy, START_MS)).toEqual({ confirmed: 2, seconds: 2, perSecond: 1 });
});

test("without an acceptance there is none", () => {
  expect(healthyRate([], isHealthy, START_MS)).toEqual({ confirmed: 0, seconds: 0, perSecond: 0 });
});

test("most merchants of the demo are healthy, and none that fails is", () => {
  const healthy = MERCHANTS.filter(({ merchantId }) => isHealthy(merchantId));
  expect(new Set(healthy.map(({ behaviour }) => behaviour))).toEqual(new Set(["good", "slow"]));
  expect(healthy.length).toBeGreaterThan(MERCHANTS.length / 2);
});
