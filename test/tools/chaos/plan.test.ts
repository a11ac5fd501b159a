import { expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { versionOf } from "../../../core/transaction/transaction.ts";
import { FAULT_KINDS } from "../../../tools/chaos/plan/draw-fault.ts";
import { labelOf } from "../../../tools/chaos/plan/own-fault.ts";
import { DEPENDENCIES, MANNERS } from "../../../tools/chaos/proxy/dependency.ts";
import { ORDERED_MERCHANTS } from "../../../tools/chaos/plan/draw-order.ts";
import { RUN_MERCHANTS } from "../../../tools/chaos/plan/merchants.ts";
import { planRun } from "../../../tools/chaos/plan/plan.ts";
import { hasReadableVersion, POISON, POISON_KINDS } from "../../../tools/chaos/plan/poison-row.ts";
import { RECIPIENTS } from "../../../tools/chaos/plan/recipients.ts";
import { RUN_SIZE } from "../../../tools/chaos/run-suite.ts";
import { BEHAVIOURS, CONNECTION_BEHAVIOURS, HOSTILE_BEHAVIOURS } from "../../../local/demo/fleet/response.ts";

/** But the kinds that are drawn. */
const NOTHING_ELSE = { ownFaults: 0, channelFaults: 0 } as const;
const seed = fc.nat({ max: 2 ** 31 });
const size = fc.record({
  durationMs: fc.integer({ min: 2000, max: 60_000 }),
  ratePerSecond: fc.integer({ min: 1, max: 40 }),
  faults: fc.integer({ min: 1, max: 20 }),
});

test("the same seed gives the same plan", () => {
  fc.assert(
    fc.property(seed, size, (one, given) => {
      expect(planRun(one, given)).toEqual(planRun(one, given));
    }),
    { numRuns: 30 },
  );
});

test("another seed gives another plan", () => {
  fc.assert(
    fc.property(seed, (one) => {
      expect(planRun(one, RUN_SIZE).transactions).not.toEqual(planRun(one + 1, RUN_SIZE).transactions);
    }),
    { numRuns: 20 },
  );
});

test("every kind of fault occurs in any row of seeds whose faults add up to as many kinds", () => {
  fc.assert(
    fc.property(fc.nat({ max: 1_000_000 }), fc.integer({ min: 1, max: 16 }), (first, faults) => {
      const seeds = Array.from({ length: Math.ceil(FAULT_KINDS.length / faults) }, (_, index) => first + index);
      const plans = seeds.map((one) =>
        planRun(one, { ...NOTHING_ELSE, durationMs: 5000, ratePerSecond: 1, faults, redeliveries: 0 }),
      );
      const kinds = plans.flatMap((plan) => plan.faults.map(({ fault }) => fault.kind));
      expect(new Set(kinds)).toEqual(new Set(FAULT_KINDS));
    }),
  );
});

test("faults come in order of time and end with the traffic", () => {
  fc.assert(
    fc.property(seed, size, (one, given) => {
      const { faults } = planRun(one, { ...given, ...NOTHING_ELSE });
      expect(faults.map(({ atMs }) => atMs)).toEqual(faults.map(({ atMs }) => atMs).toSorted((a, b) => a - b));
      for (const { atMs, fault } of faults) {
        const durationMs = "durationMs" in fault ? fault.durationMs : 0;
        expect(atMs + durationMs).toBeLessThanOrEqual(Math.max(given.durationMs, atMs + 500));
      }
    }),
    { numRuns: 30 },
  );
});

test("each run has every fault of our own once: dependencies by name, names, egress, clocks, functions, items", () => {
  for (const one of [1, 2, 3, 4]) {
    const own = planRun(one, RUN_SIZE).faults.flatMap(({ fault }) => (labelOf(fault) === undefined ? [] : [fault]));
    const dependencies = own.flatMap((fault) => (fault.kind === "dependency down" ? [fault.dependency] : []));
    expect(dependencies.toSorted()).toEqual(DEPENDENCIES.toSorted());
    const kinds = new Set(own.map(({ kind }) => kind));
    for (const kind of ["names down", "family down", "egress down", "clock off", "function killed", "item throttled"])
      expect(kinds).toContain(kind);
    const off = own.flatMap((fault) => (fault.kind === "clock off" ? [fault.program] : []));
    expect(off.toSorted()).toEqual(["functions", "worker"]);
  }
});

test("within five seeds in a row every dependency fails in every manner", () => {
  fc.assert(
    fc.property(fc.nat({ max: 1_000_000 }), (first) => {
      const seen = new Set<string>();
      for (let one = first; one < first + MANNERS.length; one += 1)
        for (const { fault } of planRun(one, { ...RUN_SIZE, ratePerSecond: 1 }).faults)
          if (fault.kind === "dependency down") seen.add(`${fault.dependency} ${fault.manner}`);
      expect(seen.size).toBe(DEPENDENCIES.length * MANNERS.length);
    }),
    { numRuns: 5 },
  );
});

test("a run of fewer faults of our own takes them from the kinds in turn", () => {
  const labels = new Set<string | undefined>();
  for (let one = 0; one < 10; one += 1)
    for (const { fault } of planRun(one, { ...RUN_SIZE, ratePerSecond: 1, faults: 0, ownFaults: 4 }).faults)
      labels.add(fault.kind === "dependency down" ? fault.dependency : fault.kind);
  expect(labels.size).toBeGreaterThanOrEqual(DEPENDENCIES.length + 6);
});

test("a run has merchants of every behaviour, and traffic for each", () => {
  const behaviours = new Set(RUN_MERCHANTS.map(({ behaviour }) => behaviour));
  expect(behaviours).toEqual(new Set([...BEHAVIOURS, ...CONNECTION_BEHAVIOURS, ...HOSTILE_BEHAVIOURS]));
  const called = new Set(planRun(1, RUN_SIZE).transactions.map(({ merchantId }) => merchantId));
  const all = [...RUN_MERCHANTS, ...RECIPIENTS];
  expect(called).toEqual(new Set(all.map(({ merchantId }) => merchantId)));
});

test("every kind of poison row occurs within three runs", () => {
  const plans = [1, 2, 3].map((one) => planRun(one, RUN_SIZE));
  const kinds = new Set(plans.flatMap(({ transactions }) => transactions.map(({ poison }) => poison)));
  expect([...POISON_KINDS].filter((kind) => !kinds.has(kind))).toEqual([]);
});

test("versions of a transaction are raised one by one, later and later", () => {
  for (const { versions } of planRun(3, RUN_SIZE).transactions) {
    expect(versions.map(({ version }) => version)).toEqual(versions.map((_, index) => index + 1));
    expect(versions.map(({ atMs }) => atMs)).toEqual(versions.map(({ atMs }) => atMs).toSorted((a, b) => a - b));
  }
});

test("a poison row is known by its id alone exactly if its version cannot be read", () => {
  for (const kind of POISON_KINDS) {
    const row = POISON[kind]({ transactionId: { S: "t" }, version: { N: "1" } });
    expect([kind, versionOf(row as never) !== undefined]).toEqual([kind, hasReadableVersion(kind)]);
  }
});

test("a part of the traffic has ordering keys, some naming the one that is written before theirs", () => {
  fc.assert(
    fc.property(seed, (one) => {
      const { transactions } = planRun(one, RUN_SIZE);
      const ordered = transactions.filter(({ orderingKey }) => orderingKey !== undefined);
      expect(new Set(ordered.map(({ merchantId }) => merchantId))).toEqual(new Set(ORDERED_MERCHANTS));
      expect(ordered.length).toBeGreaterThan(transactions.length / 10);
      const known = new Map(transactions.map((transaction) => [transaction.transactionId, transaction]));
      const named = ordered.filter(({ orderingAfter }) => orderingAfter !== undefined);
      expect(named.length).toBeGreaterThan(ordered.length / 4);
      for (const { merchantId, orderingKey, orderingAfter = "", versions } of named) {
        const before = known.get(orderingAfter);
        expect(before).toMatchObject({ merchantId, orderingKey });
        expect(before?.versions[0]?.atMs).toBeLessThanOrEqual(versions[0]?.atMs ?? 0);
      }
    }),
    { numRuns: 20 },
  );
});
