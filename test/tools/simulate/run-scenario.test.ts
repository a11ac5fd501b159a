import { describe, expect, it, jest } from "@jest/globals";
import { QUOTAS } from "../../../tools/simulate/aws/quotas.ts";
import { type RunOptions, runScenario } from "../../../tools/simulate/run/run-scenario.ts";
import { DRAINS, SCENARIOS } from "../../../tools/simulate/scenarios.ts";
import { parseSettings } from "../../../core/settings/settings.ts";
import { patienceMs } from "../../support/machine-speed.ts";

// On a machine that is busy with other things.
jest.setTimeout(patienceMs(180_000));

const run = async (options: Partial<RunOptions>) => {
  const defaults = {
    scenario: "steady",
    settings: parseSettings({}),
    policy: "pipeline",
    seed: 1,
    sample: 100,
  } as const;
  return (await runScenario({ ...defaults, ...options })).result;
};

describe("a simulated run", () => {
  it("gives the same figures for the same seed, and others for another", async () => {
    const options = { scenario: "outage", writesForSeconds: 180 } as const;
    const [first, again, other] = [await run(options), await run(options), await run({ ...options, seed: 2 })];
    expect(again).toStrictEqual(first);
    expect({ ...other, seed: 1 }).not.toStrictEqual(first);
  });

  it.each(SCENARIOS.map((scenario) => [scenario]))("loses nothing: %s", async (scenario) => {
    const result = await run({ scenario, writesForSeconds: 240 });
    expect(result.lost).toBe(0);
    expect(result.written).toBe(result.confirmed + result.deadLettered + result.waiting);
    expect(result.interrupted).toBe(0);
  });

  it("loses nothing that provisioned capacity throttles: writes wait until scaling has followed", async () => {
    const options = { writesForSeconds: 1500 } as const;
    const [burst, onDemand] = [await run({ scenario: "provisioned", ...options }), await run({ ...options })];
    expect([burst.lost, burst.interrupted, burst.waiting]).toEqual([0, 0, 0]);
    expect(burst.written).toBe(burst.confirmed);
    expect(burst.throttledSeconds).toBeGreaterThan(60);
    expect(burst.maxUnwritten).toBeGreaterThan(100_000);
    expect(onDemand.throttledSeconds).toBe(0);
  });

  it("takes longer from the least number of tasks, and loses nothing", async () => {
    const [cold, warm] = [await run({ scenario: "cold", writesForSeconds: 600 }), await run({ writesForSeconds: 600 })];
    expect(cold.lost).toBe(0);
    expect(cold.p99Ms).toBeGreaterThan(10 * warm.p99Ms);
    expect(cold.p99Ms).toBeLessThan(120_000);
  });

  it.each(DRAINS.map((scenario) => [scenario]))(
    "has recorded everything soon after five minutes of: %s",
    async (scenario) => {
      const result = await run({ scenario, outageUntil: 420, writesForSeconds: 600 });
      expect([result.rows, result.lost, result.killedLooks]).toEqual([600_000, 0, 0]);
      expect(result.recordedSeconds).toBeLessThanOrEqual(480);
    },
  );

  it("confirms the target rate within five seconds", async () => {
    const result = await run({ sample: 50, writesForSeconds: 300 });
    expect(result.written).toBe(600_000);
    expect(result.p99Ms).toBeLessThanOrEqual(5000);
  });

  it("has nothing behind ten minutes after forty times the rate", async () => {
    const result = await run({ scenario: "spike", writesForSeconds: 800 });
    expect(result.maxBacklog).toBeGreaterThan(4_000_000);
    expect(result.drainedSeconds).toBeGreaterThan(60);
    expect(result.drainedSeconds).toBeLessThanOrEqual(600);
  });

  it("shrinks again after a burst, and no stop cuts a delivery off", async () => {
    const settings = parseSettings({ targetRatePerSecond: 500 });
    const result = await run({ scenario: "spike", settings });
    expect([result.maxTasks, result.tasksAtEnd < 5, result.scaledIn > 4]).toEqual([10, true, true]);
    expect(result.interrupted).toBe(0);
  });

  it("gives nearly the same figures whatever number each confirmation stands for", async () => {
    const options = { scenario: "spike", writesForSeconds: 700 } as const;
    const [fine, coarse] = [await run({ ...options, sample: 40 }), await run({ ...options, sample: 100 })];
    expect(Math.abs((coarse.drainedSeconds ?? 0) / (fine.drainedSeconds ?? 1) - 1)).toBeLessThan(0.1);
    expect(Math.abs(coarse.p99Ms / fine.p99Ms - 1)).toBeLessThan(0.1);
    expect(Math.abs(coarse.usdPerMillion / fine.usdPerMillion - 1)).toBeLessThan(0.05);
  });
});

describe("a merchant with three tenths of the traffic that does not answer", () => {
  const outage = { scenario: "outage", writesForSeconds: 600 } as const;

  it("is not felt by the others", async () => {
    const [well, ill] = [await run({ writesForSeconds: 300 }), await run(outage)];
    expect(ill.healthyStoppedSeconds).toBe(0);
    expect(ill.healthyP99Ms).toBeLessThan(well.p99Ms * 1.2);
    expect(ill.maxInFlight).toBeLessThan(QUOTAS.inFlightMessages / 10);
    expect(ill.maxParked).toBeGreaterThan(200_000);
  });

  it("stops every merchant where failing messages stay in the queue: it fills what may be in flight", async () => {
    const result = await run({ ...outage, policy: "no-parking" });
    expect(result.maxInFlight).toBe(QUOTAS.inFlightMessages);
    expect(result.healthyStoppedSeconds).toBeGreaterThan(60);
    expect(result.healthyP99Ms).toBeGreaterThan(60_000);
  });

  it(
    "stops them by that quota alone: with tasks that can call as many at once as they like, and no quota, " +
      "nobody is stopped",
    async () => {
      const settings = parseSettings({ worker: { window: 10_000 } });
      const bounded = await run({ ...outage, policy: "no-parking", settings });
      expect([bounded.maxInFlight, bounded.healthyStoppedSeconds > 60]).toEqual([QUOTAS.inFlightMessages, true]);
      const quotas = { ...QUOTAS, inFlightMessages: Number.POSITIVE_INFINITY };
      const unbounded = await run({ ...outage, policy: "no-parking", settings, quotas });
      expect([unbounded.maxInFlight > QUOTAS.inFlightMessages, unbounded.healthyStoppedSeconds]).toEqual([true, 0]);
    },
  );
});

describe("what limits a burst", () => {
  const burst = { scenario: "spike", writesForSeconds: 400 } as const;

  it.each([
    ["a table that is not warmed", { disposable: true }],
    ["too few shards of the due index", { dueShards: 8 }],
    ["too few tasks", { worker: { maxTasks: 10 } }],
  ])("shows: %s", async (_, settings) => {
    const { drainedSeconds, lost } = await run({ ...burst, settings: parseSettings(settings) });
    expect(drainedSeconds ?? Number.POSITIVE_INFINITY).toBeGreaterThan(600);
    expect(lost).toBe(0);
  });
});
