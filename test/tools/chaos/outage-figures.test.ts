import { expect, test } from "@jest/globals";
import { percentile } from "../../../core/telemetry/percentile.ts";
import { outageFigures } from "../../../tools/chaos/outage/figures.ts";
import { delivery } from "./deliveries.ts";

const SECOND = 1000;

function at(ms: number, merchantId: string, id: string) {
  return delivery(ms, { merchantId, transactionId: id, arrivedAtMs: ms, respondedAtMs: ms });
}

test("the figures of an outage come from what was seen outside", () => {
  const others = Array.from({ length: 40 }, (_, index) => at(index * 500, "other", `o-${index}`));
  const { responseStatus: _, respondedAtMs: __, ...hung } = at(12 * SECOND, "fallen", "f-1");
  const drained = Array.from({ length: 10 }, (_unused, index) => at(15 * SECOND + index * 100, "fallen", `f-${index}`));
  const figures = outageFigures(
    {
      fallenId: "fallen",
      startMs: 0,
      fallMs: 10 * SECOND,
      recoveryMs: 15 * SECOND,
      deliveries: [...others, hung, ...drained],
      inFlightBefore: [1, 2],
      inFlight: [1, 2, 3, 30],
      offeredPerSecond: 20,
    },
    new Set(["f-1", "f-2"]),
  );
  expect(figures).toEqual({
    inFlightBeforeP95: 2,
    inFlightMax: 30,
    inFlightP95: 30,
    inFlightSeconds: 1.5,
    othersRatio: 1,
    drainMaxPerSecond: 10,
    drainMaxPerSecondOverFive: 2,
    drainSeconds: 0.2,
    callsInOutage: 1,
  });
});

test("a percentile is the smallest value that so many do not exceed", () => {
  const values = Array.from({ length: 200 }, (_, index) => 200 - index);
  expect(percentile(values, 0.99)).toBe(198);
  expect(percentile(values, 0.5)).toBe(100);
  expect(percentile([7], 0.99)).toBe(7);
  expect(() => percentile([], 0.5)).toThrow("no values");
});
