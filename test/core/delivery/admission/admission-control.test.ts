import { describe, expect, it } from "@jest/globals";
import { HEALTHY } from "../../../../core/merchant/merchant-health.ts";
import type { Merchant } from "../../../../core/merchant/merchant.ts";
import { METRICS } from "../../../../core/settings/names.ts";
import type { AttemptOutcome } from "../../../../core/retry/next-step.ts";
import { AdaptiveBulkhead } from "../../../../core/delivery/admission/adaptive-bulkhead.ts";
import { MerchantHealthDirectory } from "../../../../core/delivery/admission/merchant-health-directory.ts";
import { type Entry, AdmissionControl } from "../../../../core/delivery/admission/admission-control.ts";
import { LatencyBaseline } from "../../../../core/delivery/admission/latency-baseline.ts";
import { RateLimiter } from "../../../../core/delivery/admission/rate-limiter.ts";
import { BoundedWaitQueue } from "../../../../core/delivery/admission/bounded-wait-queue.ts";
import { FakeClock } from "../../../support/fake-clock.ts";
import { MemoryMerchantHealth } from "../../../support/memory-merchant-health.ts";
import { neverCalled } from "../../../support/strict-fake.ts";
import { NO_WAIT_QUEUE } from "../../../support/worker-harness.ts";

const OPEN_MS = 15_000;
const merchant: Merchant = { merchantId: "m-1", secretKeyVersion: "1" };
const destination = { origin: "https://merchant.example", path: "/in" };
const well: AttemptOutcome = { kind: "delivered", status: 200 };
const ill = { kind: "failed", class: "timeout", error: "no response" } as const;

function parts(clock: FakeClock, healthTable: MemoryMerchantHealth, openMs = OPEN_MS) {
  return {
    table: healthTable,
    healthDirectory: new MerchantHealthDirectory(healthTable, clock.elapsedMs),
    bulkhead: new AdaptiveBulkhead(512, clock.elapsedMs, () => true),
    room: NO_WAIT_QUEUE,
    rateLimiter: new RateLimiter({
      room: NO_WAIT_QUEUE,
      take: (...tokens) => healthTable.takeTokens(...tokens),
      now: clock.now,
    }),
    baseline: new LatencyBaseline(clock.elapsedMs),
    circuit: { openMs, maxOpenMs: 4 * openMs },
    deadlineMs: 10_000,
    count: (): void => neverCalled("count")(),
    warn: (): void => neverCalled("warn")(),
    now: clock.now,
    elapsedMs: clock.elapsedMs,
    random: () => 0.5,
  };
}

/** Tasks that share the table of health rows and the clock. */
function bench(count = 2, openMs = OPEN_MS) {
  const clock = new FakeClock();
  const healthTable = new MemoryMerchantHealth();
  const metrics: string[] = [];
  const warnings: string[] = [];
  const tasks = Array.from(
    { length: count },
    () =>
      new AdmissionControl({
        ...parts(clock, healthTable, openMs),
        count: (metric) => void metrics.push(metric),
        warn: (message) => void warnings.push(message),
      }),
  ) as [AdmissionControl, AdmissionControl];
  const call = async (task: AdmissionControl, outcome: AttemptOutcome, changes: Partial<Merchant> = {}) => {
    const entry = await task.enter({ ...merchant, ...changes }, destination);
    if (entry.kind === "open") await entry.leave(outcome);
    return entry.kind === "open" ? "called" : entry.reason;
  };
  const fail = async (task: AdmissionControl, times = 10, outcome: AttemptOutcome = ill) => {
    for (let made = 0; made < times; made += 1) await call(task, outcome);
  };
  return { clock, healthTable, metrics, warnings, tasks, call, fail };
}

function leaveOf(entry: Entry): Extract<Entry, { kind: "open" }>["leave"] {
  if (entry.kind === "closed") throw new Error(`closed: ${entry.reason}`);
  return entry.leave;
}

describe("a circuit", () => {
  it("opens at the call that shows the endpoint failing, here at once and elsewhere within a second", async () => {
    const { clock, tasks, call, fail, metrics } = bench();
    await call(tasks[1], well);
    await fail(tasks[0]);
    expect(await call(tasks[0], well)).toBe("circuit open");
    clock.advance(5000);
    expect(await call(tasks[1], well)).toBe("circuit open");
    expect(metrics).toEqual([METRICS.circuitOpened]);
  });

  it.each<[string, AttemptOutcome]>([
    ["400", { kind: "failed", class: "status_4xx", status: 400, error: "bad" }],
    ["404", { kind: "failed", class: "status_4xx", status: 404, error: "gone" }],
    ["a redirect", { kind: "failed", class: "redirect", status: 302, error: "moved" }],
    ["an address that we refuse", { kind: "failed", class: "refused", error: "private" }],
  ])("stays closed for %s, which says nothing about the endpoint's health", async (_, outcome) => {
    const { tasks, call, fail } = bench();
    await fail(tasks[0], 50, outcome);
    expect(await call(tasks[0], well)).toBe("called");
  });

  it.each(["status_408", "status_429", "status_5xx", "connection"] as const)("opens for %s", async (failureClass) => {
    const { tasks, call, fail } = bench();
    await fail(tasks[0], 20, { kind: "failed", class: failureClass, error: "no" });
    expect(await call(tasks[0], well)).toBe("circuit open");
  });

  it("that is half open lets one probe through, over all tasks", async () => {
    const { clock, tasks, fail } = bench();
    await fail(tasks[0]);
    clock.advance(OPEN_MS);
    const entries = await Promise.all(
      [tasks[0], tasks[1], tasks[0], tasks[1]].map(async (task) => task.enter(merchant, destination)),
    );
    expect(entries.filter(({ kind }) => kind === "open")).toHaveLength(1);
  });

  it("lets one probe through too where a circuit stays open for less time than a probe may take", async () => {
    const openMs = 500;
    const { clock, tasks, call, fail } = bench(2, openMs);
    await fail(tasks[0]);
    clock.advance(openMs);
    const leave = leaveOf(await tasks[0].enter(merchant, destination));
    clock.advance(9000);
    expect([await call(tasks[0], well), await call(tasks[1], well)]).toEqual(["circuit open", "circuit open"]);
    await leave(well);
    clock.advance(1000);
    expect([await call(tasks[0], well), await call(tasks[1], well)]).toEqual(["called", "called"]);
  });

  it("closes for all after a probe that is answered, and what waits starts slowly", async () => {
    const { clock, tasks, call, fail, healthTable, metrics } = bench();
    await fail(tasks[0]);
    clock.advance(OPEN_MS);
    healthTable.put("m-1", { releaseRate: 2000 });
    expect(await call(tasks[1], well)).toBe("called");
    expect(healthTable.health("m-1")).toEqual({ ...HEALTHY, releasedAt: clock.now() });
    clock.advance(1000);
    expect([await call(tasks[0], well), await call(tasks[1], well)]).toEqual(["called", "called"]);
    expect(metrics).toEqual([METRICS.circuitOpened, METRICS.circuitClosed]);
  });

  it("stays open twice as long after each probe in vain, up to its longest", async () => {
    const { clock, tasks, call, fail, healthTable } = bench();
    await fail(tasks[0]);
    const lasted: number[] = [];
    for (let probe = 0; probe < 4; probe += 1) {
      const until = healthTable.health("m-1").circuitOpenUntil ?? 0;
      clock.advance(until - clock.now());
      expect(await call(tasks[0], ill)).toBe("called");
      lasted.push((healthTable.health("m-1").circuitOpenUntil ?? 0) - clock.now());
    }
    expect(lasted).toEqual([2 * OPEN_MS, 4 * OPEN_MS, 4 * OPEN_MS, 4 * OPEN_MS]);
  });

  it("is probed again by another task when the one with the probe never came back", async () => {
    const { clock, tasks, call, fail } = bench();
    await fail(tasks[0]);
    clock.advance(OPEN_MS);
    leaveOf(await tasks[0].enter(merchant, destination));
    clock.advance(14_999);
    expect(await call(tasks[1], well)).toBe("circuit open");
    clock.advance(1);
    expect(await call(tasks[1], well)).toBe("called");
  });

  it("is probed by the next one when the probe was claimed and not made", async () => {
    const { clock, tasks, call, fail } = bench();
    await fail(tasks[0]);
    clock.advance(OPEN_MS);
    await leaveOf(await tasks[0].enter(merchant, destination))(undefined);
    expect(await call(tasks[1], well)).toBe("called");
  });

  it("is not claimed for a probe without a token for it", async () => {
    const { clock, tasks, call, fail, healthTable } = bench();
    await fail(tasks[0]);
    clock.advance(OPEN_MS);
    await healthTable.takeTokens("m-1", clock.now(), 1, 1);
    expect(await call(tasks[0], well, { rateLimitPerSecond: 1 })).toBe("rate limit");
    expect(await call(tasks[1], well)).toBe("called");
  });

  it("that a task with a wrong clock opened for years is half open", async () => {
    const { clock, tasks, call, healthTable } = bench();
    healthTable.put("m-1", { circuitOpenUntil: clock.now() + 10 ** 10 });
    expect(await call(tasks[0], well)).toBe("called");
    expect(healthTable.health("m-1").circuitOpenUntil).toBeUndefined();
  });

  it("opens in its own task though the table of health rows cannot be written", async () => {
    const { tasks, call, fail, healthTable, warnings } = bench();
    await fail(tasks[0], 9);
    const entry = await tasks[0].enter(merchant, destination);
    healthTable.isDown = true;
    await leaveOf(entry)(ill);
    expect(await call(tasks[0], well)).toBe("circuit open");
    expect(warnings).toEqual(["circuit not shared with other tasks"]);
  });
});

describe("admission control", () => {
  it("is closed while its merchant is paused, and opens again within a second", async () => {
    const { clock, tasks, call, healthTable } = bench();
    healthTable.put("m-1", { pausedAt: 1 });
    expect(await call(tasks[0], well)).toBe("paused");
    healthTable.resume("m-1");
    clock.advance(1000);
    expect(await call(tasks[0], well)).toBe("called");
  });

  it("is closed for a disabled URL only", async () => {
    const { tasks, call } = bench();
    await tasks[0].disable("m-1", destination, "410");
    expect(await call(tasks[0], well)).toBe("url disabled");
    const other = await tasks[0].enter(merchant, { ...destination, path: "/other" });
    expect(other.kind).toBe("open");
  });

  it("says so when a URL cannot be disabled, as the table is down or the merchant has too many of them", async () => {
    const { tasks, call, healthTable, warnings, metrics } = bench();
    await call(tasks[0], well);
    healthTable.isDown = true;
    expect(await tasks[0].disable("m-1", destination, "410")).toBe(false);
    healthTable.isDown = false;
    healthTable.put("m-1", { disabledUrls: Array.from({ length: 50 }, (_, index) => `https://m.example/${index}`) });
    expect(await tasks[1].disable("m-1", destination, "410")).toBe(false);
    expect(warnings).toEqual(["url not disabled", "url not disabled, the merchant has too many of them"]);
    expect(metrics).toEqual([]);
  });

  it("disables a URL once, though many calls in flight hear of it", async () => {
    const { tasks, metrics } = bench();
    const disabled = [
      await tasks[0].disable("m-1", destination, "410"),
      await tasks[0].disable("m-1", destination, "410"),
    ];
    expect(disabled).toEqual([true, true]);
    expect(metrics).toEqual([METRICS.urlDisabled]);
  });

  it("turns away what is over the merchant's rate", async () => {
    const { tasks, call } = bench();
    const made = [
      await call(tasks[0], well, { rateLimitPerSecond: 1 }),
      await call(tasks[1], well, { rateLimitPerSecond: 1 }),
    ];
    expect(made).toEqual(["called", "rate limit"]);
  });

  it("is looked at again after a wait for a token", async () => {
    const { clock, healthTable } = bench();
    const task = new AdmissionControl({
      ...parts(clock, healthTable),
      rateLimiter: {
        take: async () => {
          healthTable.put("m-1", { pausedAt: 1 });
          clock.advance(5000);
          return true;
        },
        takeSpare: neverCalled("takeSpare"),
      },
    });
    expect(await task.enter({ ...merchant, rateLimitPerSecond: 1 }, destination)).toEqual({
      kind: "closed",
      reason: "paused",
    });
  });

  it("turns away what is over the merchant's room, and lets in again when a call ends", async () => {
    const { tasks, call } = bench();
    const entry = await tasks[0].enter({ ...merchant, maxConcurrency: 1 }, destination);
    expect(await call(tasks[0], well, { maxConcurrency: 1 })).toBe("no room");
    await leaveOf(entry)(undefined);
    expect(await call(tasks[0], well, { maxConcurrency: 1 })).toBe("called");
  });

  it("has what comes in a burst wait a moment for room, and the room grows with the responses", async () => {
    const { clock, healthTable } = bench();
    const bulkhead = new AdaptiveBulkhead(512, clock.now, () => true);
    const task = new AdmissionControl({
      ...parts(clock, healthTable),
      bulkhead,
      // Others get on with their calls meanwhile.
      room: new BoundedWaitQueue({ window: 512, pause: () => new Promise((resolve) => setImmediate(resolve)) }),
    });
    bulkhead.tryEnter({ merchantId: "m-1", origin: destination.origin });
    for (let halving = 0; halving < 4; halving += 1) {
      bulkhead.leave({ merchantId: "m-1", origin: destination.origin }, "no response");
      bulkhead.tryEnter({ merchantId: "m-1", origin: destination.origin });
    }
    bulkhead.leave({ merchantId: "m-1", origin: destination.origin }, "quick response");
    const burst = Array.from({ length: 20 }, async () => {
      const entry = await task.enter(merchant, destination);
      if (entry.kind === "open") await entry.leave(well);
      return entry.kind;
    });
    expect(await Promise.all(burst)).toEqual(burst.map(() => "open"));
  });

  it("does not have anything wait for room at a merchant that does not answer", async () => {
    const { clock, healthTable } = bench();
    const task = new AdmissionControl({
      ...parts(clock, healthTable),
      room: { ...NO_WAIT_QUEUE, wait: neverCalled("wait") },
    });
    await leaveOf(await task.enter(merchant, destination))(ill);
    await task.enter(merchant, destination);
    for (let call = 0; call < 16; call += 1) await task.enter(merchant, destination);
    expect(await task.enter(merchant, destination)).toMatchObject({ reason: "no room" });
  });

  it("leaves no call behind in the bulkhead when the health row cannot be reached", async () => {
    const { clock, tasks, call, healthTable } = bench();
    await call(tasks[0], well);
    healthTable.isDown = true;
    for (let tries = 0; tries < 100; tries += 1)
      expect(await tasks[0].enter({ ...merchant, rateLimitPerSecond: 5 }, destination)).toEqual({
        kind: "closed",
        reason: "gate unread",
      });
    clock.advance(5000);
    await expect(tasks[0].enter({ ...merchant, rateLimitPerSecond: 5 }, destination)).rejects.toThrow("down");
    healthTable.isDown = false;
    expect(await call(tasks[0], well, { maxConcurrency: 1 })).toBe("called");
  });

  it("notes at most once a second that something waits", async () => {
    const { clock, tasks, healthTable } = bench();
    await tasks[0].markWaiting("m-1", "paused");
    const first = healthTable.health("m-1").waitingAt;
    clock.advance(999);
    await tasks[0].markWaiting("m-1", "paused");
    expect(healthTable.health("m-1")).toMatchObject({ waitingAt: first, turnedAwayAt: 0 });
    clock.advance(1);
    await tasks[0].markWaiting("m-1", "no room");
    expect(healthTable.health("m-1")).toMatchObject({ waitingAt: clock.now(), turnedAwayAt: clock.now() });
  });
});

describe("room for a call that somebody asked for", () => {
  it("is had whatever keeps deliveries back, and nothing is learnt from it", async () => {
    const { healthTable, tasks, call, fail } = bench();
    await fail(tasks[0]);
    expect(await call(tasks[0], well)).toBe("circuit open");
    const before = structuredClone(healthTable.rows);
    for (let made = 0; made < 20; made += 1) (await tasks[0].takeRoom(merchant, destination))?.();
    expect(healthTable.rows).toEqual(before);
    expect(await call(tasks[0], well)).toBe("circuit open");
  });

  it("is the merchant's own: not had where its calls in flight are as many as it allows", async () => {
    const { tasks } = bench();
    const one = { ...merchant, maxConcurrency: 1 };
    const entry = await tasks[0].enter(one, destination);
    expect(await tasks[0].takeRoom(one, destination)).toBeUndefined();
    await leaveOf(entry)(well);
    const leave = await tasks[0].takeRoom(one, destination);
    expect(await tasks[0].takeRoom(one, destination)).toBeUndefined();
    leave?.();
    expect(await tasks[0].takeRoom(one, destination)).toBeDefined();
  });
});

describe("a request that may be sent once more within its attempt", () => {
  it("is counted, and at most one in ten of its merchant's calls; others' calls do not count", async () => {
    const { tasks, call, metrics } = bench(1);
    const [task] = tasks;
    for (let nth = 0; nth < 20; nth += 1) await call(task, well);
    const responses = [1, 2, 3].map(() => task.mayResend(merchant));
    expect(responses).toEqual([true, true, false]);
    expect(task.mayResend({ merchantId: "m-2" })).toBe(true);
    expect(metrics).toEqual([METRICS.requestsResent, METRICS.requestsResent, METRICS.requestsResent]);
  });

  it("takes a token of the merchant's rate of its own, and is not sent without one", async () => {
    const { tasks, call, metrics } = bench(1);
    const [task] = tasks;
    const limited = { ...merchant, rateLimitPerSecond: 20 };
    await call(task, well, limited);
    expect(await task.mayResend(limited)).toBe(true);
    expect(metrics).toEqual([METRICS.requestsResent]);
    for (let nth = 0; nth < 10; nth += 1) await call(task, well, { maxConcurrency: 100 });
    expect(await task.mayResend(limited)).toBe(false);
    expect(metrics).toEqual([METRICS.requestsResent]);
  });
});

describe("what goes behind live traffic", () => {
  const behind = async (task: AdmissionControl, changes: Partial<Merchant> = {}) => {
    const entry = await task.enterBehind({ ...merchant, ...changes }, destination);
    return entry.kind === "open" ? entry : entry.reason;
  };

  it("gets half of the merchant's room, and live traffic all of it", async () => {
    const { tasks } = bench();
    const entries = [];
    for (let call = 0; call < 20; call += 1) entries.push(await behind(tasks[0]));
    expect(entries.filter((entry) => typeof entry !== "string")).toHaveLength(8);
    expect(entries.at(-1)).toBe("no room");
    const live = [];
    for (let call = 0; call < 8; call += 1) live.push(await tasks[0].enter(merchant, destination));
    expect(live.every(({ kind }) => kind === "open")).toBe(true);
    expect(await behind(tasks[0])).toBe("no room");
  });

  it("gets one call at a time where the merchant takes no more, and none while live calls are in flight", async () => {
    const { tasks } = bench();
    const live = await tasks[0].enter({ ...merchant, maxConcurrency: 2 }, destination);
    expect(await behind(tasks[0], { maxConcurrency: 2 })).toBe("no room");
    await leaveOf(live)(well);
    expect(await behind(tasks[0], { maxConcurrency: 1 })).toMatchObject({ kind: "open" });
  });

  it("stays out while others of the merchant wait for room", async () => {
    const { clock, healthTable } = bench();
    const room = { wait: neverCalled("wait"), hasWaiting: () => true };
    const task = new AdmissionControl({ ...parts(clock, healthTable), room });
    expect(await behind(task)).toBe("no room");
  });

  it("is kept back by a pause, a disabled URL and an open circuit, and may be the probe of one", async () => {
    const { clock, healthTable, tasks, fail } = bench();
    healthTable.put("m-2", { pausedAt: 1 });
    expect(await behind(tasks[0], { merchantId: "m-2" })).toBe("paused");
    healthTable.put("m-3", { disabledUrls: ["https://merchant.example/in"] });
    expect(await behind(tasks[0], { merchantId: "m-3" })).toBe("url disabled");
    await fail(tasks[0]);
    expect(await behind(tasks[0])).toBe("circuit open");
    clock.advance(2 * OPEN_MS);
    const probe = await behind(tasks[0]);
    expect(probe).toMatchObject({ kind: "open" });
    expect(await behind(tasks[0])).toBe("circuit open");
    if (typeof probe !== "string") await probe.leave(well);
    expect(await behind(tasks[0])).toMatchObject({ kind: "open" });
  });

  it("gets half of the merchant's rate, over all tasks", async () => {
    const { clock, tasks } = bench();
    for (const [ratePerSecond, most] of [
      [40, 20],
      [5, 3],
    ] as const) {
      clock.advance(10_000);
      let entered = 0;
      for (let ms = 0; ms < 1000; ms += 10, clock.advance(10))
        for (const task of tasks) {
          const entry = await behind(task, { rateLimitPerSecond: ratePerSecond });
          if (typeof entry === "string") continue;
          entered += 1;
          await entry.leave(well);
        }
      expect(entered).toBeGreaterThan(0);
      expect(entered).toBeLessThanOrEqual(most);
    }
  });
});
