import { expect, it } from "@jest/globals";
import { planCutover } from "../../../../local/demo/cutover/plan-cutover.ts";

it("is the same for the same seed, of fifty merchants with as many transactions each", () => {
  const plan = planCutover(1000, 7);
  expect(planCutover(1000, 7)).toEqual(plan);
  expect(planCutover(1000, 8)).not.toEqual(plan);
  const { merchants, versions } = plan;
  expect(merchants).toHaveLength(50);
  expect(merchants.filter(({ goesBack }) => goesBack)).toHaveLength(10);
  expect(new Set(versions.map(({ transactionId }) => transactionId)).size).toBe(1000);
  for (const { merchantId } of merchants) {
    const own = versions.filter((version) => version.merchantId === merchantId && version.version === 1);
    expect(own).toHaveLength(20);
  }
});

it("has versions in the order in which they are written, a second one after its first", () => {
  const { versions } = planCutover(2000, 7);
  expect(versions.map(({ writtenAt }) => writtenAt)).toEqual(
    versions.map(({ writtenAt }) => writtenAt).toSorted((one, other) => one - other),
  );
  const seconds = versions.filter(({ version }) => version === 2);
  expect(seconds.length).toBeGreaterThan(50);
  for (const { transactionId, writtenAt } of seconds) {
    const first = versions.find((one) => one.transactionId === transactionId && one.version === 1);
    expect(first?.isLast).toBe(false);
    expect(writtenAt).toBeGreaterThan(first?.writtenAt ?? Number.POSITIVE_INFINITY);
  }
});

it("switches one merchant after the other, and has transactions until the last one is back", () => {
  const { merchants, versions } = planCutover(10_000, 7);
  const times = merchants.map(({ switchedAt }) => switchedAt);
  expect(times).toEqual(times.toSorted((one, other) => one - other));
  expect(new Set(times).size).toBe(50);
  const last = versions.findLast(({ version }) => version === 1)?.writtenAt ?? 0;
  expect(last).toBeGreaterThan((times.at(-1) ?? 0) + 26_000);
});
