import { describe, expect, it } from "@jest/globals";
import { readAttempts } from "../../../core/transaction/attempt.ts";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { METRICS } from "../../../core/settings/names.ts";
import { START_MS } from "../../support/fake-clock.ts";
import { listedRow, number, text, transactionRow } from "../../support/rows.ts";
import { neverCalled } from "../../support/strict-fake.ts";
import { until } from "../../support/until.ts";
import { VISIBILITY_SECONDS, workerBench } from "../../support/worker-bench.ts";

const LANE = { merchantId: "m-1", origin: "https://merchant.example" };

describe("a message that cannot be handled now", () => {
  it("stays in the queue when its row cannot be read", async () => {
    const bench = workerBench();
    bench.table.isDown = true;
    await bench.handle();
    expect(bench.journal).toEqual(["visible in 5 s"]);
    expect(bench.metrics).toContain(METRICS.leftInQueue);
  });

  it("stays in the queue when its merchant cannot be read", async () => {
    const bench = workerBench(transactionRow(), {
      merchants: { prepare: async () => Promise.reject(new Error("throttled")) },
    });
    await bench.handle();
    expect(bench.journal).toEqual(["visible in 5 s"]);
  });

  it("is parked without using up a try when its merchant has no room", async () => {
    const bench = workerBench();
    bench.merchant = { maxConcurrency: 1 };
    bench.bulkhead.tryEnter(LANE);
    await bench.handle();
    expect(bench.journal).toEqual(["record SCHEDULED: written", "delete"]);
    const row = bench.table.row("t-1");
    expect(row).toMatchObject({ attemptCount: number(0), dueKey: text("M#m-1#0"), waitingFor: text("no room") });
    expect(row["dueAt"]).toEqual(row["giveUpAt"]);
    expect(row["attempts"]?.L).toEqual([]);
  });

  it("leaves its merchant's room however the call ends", async () => {
    for (const answer of [
      () => ({ kind: "delivered", status: 200 }) as const,
      () => Promise.reject(new Error("a bug")),
    ]) {
      const bench = workerBench();
      bench.answer = answer;
      await bench.handle();
      expect(bench.bulkhead.tryEnter(LANE, 1)).toBe(true);
    }
  });

  it("is given back at once, without a call, when the task is ending", async () => {
    const bench = workerBench();
    bench.isStopping = true;
    await bench.handle();
    expect(bench.journal).toEqual(["visible in 0 s"]);
  });

  it("leaves what was about to be called when the clock proved wrong, without a try", async () => {
    const bench = workerBench();
    bench.isClockWrong = true;
    await bench.handle();
    expect(bench.journal).toEqual([]);
    expect(bench.metrics).toContain(METRICS.leftInQueue);
  });

  it("does not take a transaction for expired by a clock that is wrong", async () => {
    const bench = workerBench(transactionRow({ deliverBy: text(new Date(START_MS + 60_000).toISOString()) }));
    bench.clock.step(600_000);
    bench.isClockWrong = true;
    bench.isStopping = true;
    await bench.handle();
    expect(bench.journal).toEqual(["visible in 0 s"]);
  });

  it("keeps how long a call took, whatever the clock did meanwhile", async () => {
    const bench = workerBench();
    bench.answer = () => {
      bench.clock.advance(70);
      bench.clock.step(-30_000);
      return { kind: "delivered", status: 200 };
    };
    await bench.handle();
    expect(bench.journal).toContain("delete");
    expect(readAttempts(bench.table.rows.get("t-1")?.["attempts"])).toMatchObject([{ durationMs: 70 }]);
  });
});

describe("the visibility of a message", () => {
  it("is extended before the call when too little of it is left", async () => {
    const bench = workerBench();
    await bench.queue.send([
      { body: '{"schema":1,"transactionId":"t-1","version":1,"release":0}', groupId: "t-1", deduplicationId: "1" },
    ]);
    const held = await bench.receive();
    bench.clock.advance(VISIBILITY_SECONDS * 1000 - 14_999);
    await bench.confirmation.handle(held);
    expect(bench.journal[0]).toBe(`visible in ${VISIBILITY_SECONDS} s`);
    expect(bench.journal).toContain("delete");
  });

  it("is left as it is when the deadline and the records fit into it", async () => {
    const bench = workerBench();
    await bench.queue.send([
      { body: '{"schema":1,"transactionId":"t-1","version":1,"release":0}', groupId: "t-1", deduplicationId: "1" },
    ]);
    const held = await bench.receive();
    bench.clock.advance(VISIBILITY_SECONDS * 1000 - 15_000);
    await bench.confirmation.handle(held);
    expect(bench.journal[0]).toBe("call");
  });

  const pinned = { confirmationState: text("PENDING"), stateVersion: number(1), giveUpAt: number(START_MS + 50_000) };

  it.each<[string, number, AttributeMap, string]>([
    ["its visibility", VISIBILITY_SECONDS * 1000 - 14_999, {}, "left"],
    ["the time until it is given up", 10_000, pinned, "late"],
    ["the time to deliver it by", 10_000, { deliverBy: text(new Date(START_MS + 50_000).toISOString()) }, "late"],
  ])("is extended, and %s is over by the time that this is done: nothing is called", async (_, tookMs, row, end) => {
    const bench = workerBench(transactionRow(row), { merchants: { call: neverCalled("call") } });
    await bench.queue.send([
      { body: '{"schema":1,"transactionId":"t-1","version":1,"release":0}', groupId: "t-1", deduplicationId: "1" },
    ]);
    const held = await bench.receive();
    bench.clock.advance(VISIBILITY_SECONDS * 1000 - 14_999);
    const change = bench.queue.changeVisibility.bind(bench.queue);
    bench.queue.changeVisibility = async (changes) => {
      const changed = await change(changes);
      bench.clock.advance(tookMs);
      return changed;
    };
    expect(await bench.confirmation.handle(held)).toBe(end === "left" ? "left" : "completed");
    expect(bench.metrics.includes(METRICS.leftInQueue)).toBe(end === "left");
  });

  it("that ran out means that another task has it: nothing is called", async () => {
    const bench = workerBench(transactionRow(), { merchants: { call: neverCalled("call") } });
    await bench.queue.send([
      { body: '{"schema":1,"transactionId":"t-1","version":1,"release":0}', groupId: "t-1", deduplicationId: "1" },
    ]);
    const held = await bench.receive();
    bench.clock.advance(VISIBILITY_SECONDS * 1000);
    await bench.confirmation.handle(held);
    expect(bench.journal).toEqual([]);
    expect(bench.metrics).toContain(METRICS.leftInQueue);
  });
});

describe("what was delivered while the table is down", () => {
  it("is kept at until it is on record, and never delivered again", async () => {
    const bench = workerBench();
    let refusals = 0;
    bench.table.fault = () => {
      refusals += 1;
      return refusals <= 8 ? { kind: "unavailable", error: "throttled" } : undefined;
    };
    await bench.handle();
    expect(bench.journal.filter((entry) => entry === "call")).toHaveLength(1);
    expect(bench.table.row("t-1")["confirmationState"]).toEqual(text("CONFIRMED"));
    expect(bench.queue.messages).toHaveLength(0);
    expect(bench.clock.pauses).toEqual([100, 200, 400, 800, 1600, 3200, 5000, 5000]);
  });

  it("keeps its message hidden for as long as it takes", async () => {
    const bench = workerBench();
    let refusals = 0;
    bench.table.fault = () => {
      refusals += 1;
      return refusals <= 40 ? { kind: "unavailable", error: "throttled" } : undefined;
    };
    const before = bench.clock.now();
    await bench.handle();
    expect(bench.clock.now() - before).toBeGreaterThan(2 * VISIBILITY_SECONDS * 1000);
    expect(bench.journal).not.toContain(`visible in ${VISIBILITY_SECONDS} s refused`);
    expect(bench.journal.at(-1)).toBe("delete");
  });

  it("is counted as waiting meanwhile", async () => {
    const bench = workerBench();
    let isThrottled = true;
    bench.table.fault = () => (isThrottled ? { kind: "unavailable", error: "throttled" } : undefined);
    const handled = bench.handle();
    await until(() => bench.clock.pauses.length > 2);
    expect(bench.untilRecorded.waiting).toBe(1);
    isThrottled = false;
    await handled;
    expect(bench.untilRecorded.waiting).toBe(0);
  });

  it("comes again if the task ends first: the message is given back, not deleted", async () => {
    const bench = workerBench();
    bench.table.fault = () => {
      bench.isStopped = true;
      return { kind: "unavailable", error: "throttled" };
    };
    await bench.handle();
    expect(bench.journal.at(-1)).toBe("visible in 5 s");
    expect(bench.queue.messages).toHaveLength(1);
    expect(bench.untilRecorded.waiting).toBe(0);
  });
});

describe("a dead letter that the queue does not take", () => {
  it("keeps the row from being recorded as failed until there is one", async () => {
    const bench = workerBench(transactionRow({ amount: number(1) }));
    bench.deadLetters.isDown = true;
    const handled = bench.handle();
    await until(() => bench.clock.pauses.length > 3);
    expect(bench.journal).not.toContain("record FAILED: written");
    bench.deadLetters.isDown = false;
    await handled;
    expect(bench.journal.slice(-3)).toEqual(["dead letter", "record FAILED: written", "delete"]);
  });

  it("is sent again after a crash between letter and record: twice, never none", async () => {
    const bench = workerBench(listedRow(START_MS, { amount: number(1) }));
    bench.table.fault = () => {
      bench.isStopped = true;
      return { kind: "unavailable", error: "the task was killed here" };
    };
    await bench.handle();
    expect(bench.table.row("t-1")).not.toHaveProperty("confirmationState");
    bench.isStopped = false;
    bench.table.fault = () => undefined;
    bench.clock.advance(5000);
    await bench.confirmation.handle(await bench.receive());
    expect(bench.journal.filter((entry) => entry === "dead letter")).toHaveLength(2);
    expect(bench.table.row("t-1")["confirmationState"]).toEqual(text("FAILED"));
    expect(bench.deadLetters.messages).toHaveLength(1);
  });
});

describe("a crash between record and delete", () => {
  it("delivers nothing a second time: the message comes again and is discarded", async () => {
    const bench = workerBench();
    await bench.handle();
    bench.clock.advance(10 * 60_000);
    await bench.handle();
    expect(bench.journal).toEqual(["call", "record CONFIRMED: written", "delete", "delete"]);
  });
});

describe("a row that had a higher version once", () => {
  it("is failed instead of delivered", async () => {
    const bench = workerBench(transactionRow({ highestVersion: number(2) }));
    await bench.handle();
    expect(bench.journal).toEqual(["dead letter", "record FAILED: written", "delete"]);
    expect(bench.table.row("t-1")["failure"]?.M?.["code"]).toEqual(text("version_lowered"));
  });
});
