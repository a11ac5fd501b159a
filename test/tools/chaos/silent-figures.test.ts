import { expect, it } from "@jest/globals";
import { silentFigures } from "../../../tools/chaos/silent/figures.ts";
import { delivery } from "./deliveries.ts";

const at = 1_000_000;

it("compares what healthy merchants' confirmations took beside a silent merchant with what they took without", () => {
  const committedAtMs = new Map([
    ["A1-1", at],
    ["A2-1", at],
    ["B1-1", at],
    ["silent-B1-1", at],
  ]);
  const deliveries = [
    delivery(1, { transactionId: "A1-1", respondedAtMs: at + 100 }),
    delivery(1, { transactionId: "A2-1", respondedAtMs: at + 200 }),
    delivery(1, { transactionId: "B1-1", respondedAtMs: at + 300 }),
  ];
  expect(silentFigures({ committedAtMs, deliveries, without: ["A1", "A2"], beside: ["B1"] })).toMatchObject({
    samplesWithout: 2,
    samplesBeside: 1,
    p99Without: 200,
    p99Beside: 300,
    p99Ratio: 1.5,
  });
});

it("counts one that was never accepted as one that took for ever", () => {
  const committedAtMs = new Map([
    ["A1-1", at],
    ["B1-1", at],
  ]);
  const deliveries = [delivery(1, { transactionId: "A1-1", respondedAtMs: at + 100 })];
  expect(silentFigures({ committedAtMs, deliveries, without: ["A1"], beside: ["B1"] }).p99Ratio).toBe(
    Number.POSITIVE_INFINITY,
  );
});
