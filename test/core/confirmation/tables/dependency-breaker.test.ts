import { describe, expect, it } from "@jest/globals";
import {
  type Dependency,
  DependencyBreaker,
  type Read,
} from "../../../../core/confirmation/tables/dependency-breaker.ts";
import { watchedRows, watchedTransactions } from "../../../../core/confirmation/tables/watched-reads.ts";
import { FakeClock } from "../../../support/fake-clock.ts";
import { MemoryTable } from "../../../support/memory-table.ts";

type Queue = "ordered" | "others";

function bench() {
  const clock = new FakeClock();
  const changes: string[] = [];
  const state = { canBeRead: false, probes: 0 };
  const breaker = new DependencyBreaker<Queue>({
    probe: async () => {
      state.probes += 1;
      if (!state.canBeRead) throw new Error("AccessDeniedException");
    },
    now: clock.now,
    changed: (mode) => void changes.push(mode),
  });
  const fail = (times: number) => {
    for (let time = 0; time < times; time += 1) breaker.failed("gates", new Error("AccessDeniedException"));
  };
  /** Seconds of looks, one each. */
  const look = async (seconds: number) => {
    for (let second = 0; second < seconds; second += 1) {
      clock.advance(1000);
      await breaker.look();
    }
  };
  return { clock, changes, state, breaker, fail, look };
}

async function halfOpen() {
  const one = bench();
  one.fail(3);
  one.state.canBeRead = true;
  await one.look(1);
  return one;
}

describe("while the tables can be read", () => {
  it("two failures in a row are none of a table, and a read in between starts the row anew", () => {
    const { breaker, fail } = bench();
    fail(2);
    breaker.succeeded("gates");
    fail(2);
    expect(breaker.isDown).toBe(false);
  });

  it("what another table answers says nothing about the one that fails", () => {
    const { breaker, fail, changes } = bench();
    fail(2);
    breaker.succeeded("transactions");
    fail(1);
    expect([breaker.isDown, changes]).toEqual([true, ["unavailable"]]);
  });

  it("failures that are far apart are not in a row", () => {
    const { breaker, fail, clock } = bench();
    fail(2);
    clock.advance(60_001);
    fail(1);
    expect(breaker.isDown).toBe(false);
  });
});

describe("a table that gives no response", () => {
  it("counts as failing after three seconds, and each of its reads once", async () => {
    const { breaker, look } = bench();
    const reads = [breaker.begin("gates"), breaker.begin("gates")];
    await look(10);
    expect(breaker.isDown).toBe(false);
    for (const read of reads) breaker.ended(read, new Error("time-out"));
    expect(breaker.isDown).toBe(false);
    breaker.begin("gates");
    await look(2);
    expect(breaker.isDown).toBe(false);
    await look(1);
    expect(breaker.isDown).toBe(true);
  });

  it("fails no trial with a read that began before it", async () => {
    const { breaker, fail, look, state } = bench();
    const before = breaker.begin("gates");
    fail(3);
    state.canBeRead = true;
    await look(1);
    breaker.ended(before, new Error("time-out"));
    expect(breaker.grantsOne("others")).toBe(true);
    breaker.ended(breaker.begin("gates"), new Error("time-out"));
    expect(breaker.grantsOne("others")).toBe(false);
  });
});

describe("while a table cannot be read", () => {
  it("no queue is asked, and probes cost no message a receive", async () => {
    const { breaker, fail, look, state } = bench();
    fail(3);
    await look(3600);
    expect([breaker.isDown, breaker.grantsOne("others"), breaker.grantsOne("ordered")]).toEqual([true, false, false]);
    expect(state.probes).toBeGreaterThan(100);
    expect(state.probes).toBeLessThan(140);
  });

  it("each queue gives one batch once a probe succeeded", async () => {
    const { breaker } = await halfOpen();
    expect([breaker.grantsOne("others"), breaker.grantsOne("ordered")]).toEqual([true, true]);
    breaker.received("others");
    expect([breaker.grantsOne("others"), breaker.grantsOne("ordered")]).toEqual([false, true]);
  });

  it("it is over when a message was handled", async () => {
    const { breaker, changes } = await halfOpen();
    breaker.received("others");
    await breaker.watch(Promise.resolve("settled"));
    expect([breaker.isDown, changes]).toEqual([false, ["unavailable", "available"]]);
  });

  it("it is over when no message came for half a minute", async () => {
    const { breaker, look } = await halfOpen();
    await look(29);
    expect(breaker.isDown).toBe(true);
    await look(1);
    expect(breaker.isDown).toBe(false);
  });

  it("a message that was handled before a probe succeeded shows nothing", async () => {
    const { breaker, fail } = bench();
    fail(3);
    await breaker.watch(Promise.resolve("settled"));
    expect(breaker.isDown).toBe(true);
  });

  it("a batch that fails although the probe succeeded is followed by longer and longer waits", async () => {
    const { breaker, fail, look } = await halfOpen();
    let batches = 0;
    for (let second = 0; second < 3600; second += 1) {
      if (breaker.grantsOne("others")) {
        batches += 1;
        breaker.received("others");
        fail(1);
      }
      await look(1);
    }
    expect(batches).toBeGreaterThan(10);
    expect(batches).toBeLessThan(20);
  });

  it("a batch that gets nowhere for half a minute counts as failed", async () => {
    const { breaker, look } = await halfOpen();
    breaker.received("others");
    await look(30);
    expect([breaker.isDown, breaker.grantsOne("others")]).toEqual([true, false]);
  });
});

describe("what counts as a read that failed", () => {
  const reported = () => {
    const calls: string[] = [];
    return {
      calls,
      watcher: {
        begin: (dependency: Dependency) => ({ dependency, beganAt: 0, isOver: false }),
        ended: ({ dependency }: Read, error?: unknown) =>
          void calls.push(`${dependency} ${error === undefined ? "read" : "failed"}`),
        dropped: () => undefined,
      },
    };
  };

  it("not one row of several that is throttled", async () => {
    const { calls, watcher } = reported();
    const table = new MemoryTable();
    table.throttles = (id) => id === "t-1";
    await expect(watchedTransactions(table, watcher).read(["t-1", "t-2"])).rejects.toThrow("left unread");
    expect(calls).toEqual(["transactions read"]);
  });

  it("all of several, but one alone says nothing", async () => {
    const { calls, watcher } = reported();
    const table = new MemoryTable();
    table.throttles = () => true;
    const watched = watchedTransactions(table, watcher);
    await expect(watched.read(["t-1"])).rejects.toThrow("left unread");
    expect(calls).toEqual([]);
    await expect(watched.read(["t-1", "t-2"])).rejects.toThrow("left unread");
    expect(calls).toEqual(["transactions failed"]);
  });

  it("the same of merchants and health rows", async () => {
    const { calls, watcher } = reported();
    let unread = new Set(["m-1"]);
    const watched = watchedRows({ read: async () => ({ unread }) }, "merchants", watcher);
    await watched.read(["m-1", "m-2"]);
    await watched.read(["m-1"]);
    unread = new Set(["m-1", "m-2"]);
    await watched.read(["m-1", "m-2"]);
    expect(calls).toEqual(["merchants read", "merchants failed"]);
  });

  it("a table that does not answer", async () => {
    const { calls, watcher } = reported();
    const read = async () => Promise.reject(new Error("AccessDeniedException"));
    await expect(watchedRows({ read }, "gates", watcher).read(["m-1"])).rejects.toThrow("AccessDenied");
    expect(calls).toEqual(["gates failed"]);
  });
});
