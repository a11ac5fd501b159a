import { describe, expect, it } from "@jest/globals";
import { readAttempts } from "../../../core/transaction/attempt.ts";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { METRICS } from "../../../core/settings/names.ts";
import { START_MS } from "../../support/fake-clock.ts";
import { listedRow, number, text, transactionRow } from "../../support/rows.ts";
import { neverCalled } from "../../support/strict-fake.ts";
import { until } from "../../support/until.ts";
import { VISIBILITY_SECONDS, workerHarness } from "../../support/worker-harness.ts";

const LANE = { merchantId: "m-1", origin: "https://merchant.example" };

describe("a message that cannot be handled now", () => {
  it("stays in the queue when its row cannot be read", async () => {
    const harness = workerHarness();
    harness.table.isDown = true;
    await harness.handle();
    expect(harness.journal).toEqual(["visible in 5 s"]);
    expect(harness.metrics).toContain(METRICS.leftInQueue);
  });

  it("stays in the queue when its merchant cannot be read", async () => {
    const harness = workerHarness(transactionRow(), {
      merchants: { prepare: async () => Promise.reject(new Error("throttled")) },
    });
    await harness.handle();
    expect(harness.journal).toEqual(["visible in 5 s"]);
  });

  it("is parked without counting as an attempt when its merchant has no room", async () => {
    const harness = workerHarness();
    harness.merchant = { maxConcurrency: 1 };
    harness.bulkhead.tryEnter(LANE);
    await harness.handle();
    expect(harness.journal).toEqual(["record SCHEDULED: written", "delete"]);
    const row = harness.table.row("t-1");
    expect(row).toMatchObject({ attemptCount: number(0), dueKey: text("M#m-1#0"), waitingFor: text("no room") });
    expect(row["dueAt"]).toEqual(row["giveUpAt"]);
    expect(row["attempts"]?.L).toEqual([]);
  });

  it("leaves its merchant's room however the call ends", async () => {
    for (const respond of [
      () => ({ kind: "delivered", status: 200 }) as const,
      () => Promise.reject(new Error("a bug")),
    ]) {
      const harness = workerHarness();
      harness.answer = respond;
      await harness.handle();
      expect(harness.bulkhead.tryEnter(LANE, 1)).toBe(true);
    }
  });

  it("is given back at once, without a call, when the task is ending", async () => {
    const harness = workerHarness();
    harness.isStopping = true;
    await harness.handle();
    expect(harness.journal).toEqual(["visible in 0 s"]);
  });

  it("leaves what was about to be called when the clock proved wrong, without an attempt", async () => {
    const harness = workerHarness();
    harness.isClockWrong = true;
    await harness.handle();
    expect(harness.journal).toEqual([]);
    expect(harness.metrics).toContain(METRICS.leftInQueue);
  });

  it("does not take a transaction for expired by a clock that is wrong", async () => {
    const harness = workerHarness(transactionRow({ deliverBy: text(new Date(START_MS + 60_000).toISOString()) }));
    harness.clock.step(600_000);
    harness.isClockWrong = true;
    harness.isStopping = true;
    await harness.handle();
    expect(harness.journal).toEqual(["visible in 0 s"]);
  });

  it("keeps how long a call took, whatever the clock did meanwhile", async () => {
    const harness = workerHarness();
    harness.answer = () => {
      harness.clock.advance(70);
      harness.clock.step(-30_000);
      return { kind: "delivered", status: 200 };
    };
    await harness.handle();
    expect(harness.journal).toContain("delete");
    expect(readAttempts(harness.table.rows.get("t-1")?.["attempts"])).toMatchObject([{ durationMs: 70 }]);
  });
});

describe("the visibility of a message", () => {
  it("is extended before the call when too little of it is left", async () => {
    const harness = workerHarness();
    await harness.queue.send([
      { body: '{"schema":1,"transactionId":"t-1","version":1,"release":0}', groupId: "t-1", deduplicationId: "1" },
    ]);
    const held = await harness.receive();
    harness.clock.advance(VISIBILITY_SECONDS * 1000 - 14_999);
    await harness.confirmation.handle(held);
    expect(harness.journal[0]).toBe(`visible in ${VISIBILITY_SECONDS} s`);
    expect(harness.journal).toContain("delete");
  });

  it("is left as it is when the deadline and the records fit into it", async () => {
    const harness = workerHarness();
    await harness.queue.send([
      { body: '{"schema":1,"transactionId":"t-1","version":1,"release":0}', groupId: "t-1", deduplicationId: "1" },
    ]);
    const held = await harness.receive();
    harness.clock.advance(VISIBILITY_SECONDS * 1000 - 15_000);
    await harness.confirmation.handle(held);
    expect(harness.journal[0]).toBe("call");
  });

  const pinned = { confirmationState: text("PENDING"), stateVersion: number(1), giveUpAt: number(START_MS + 50_000) };

  it.each<[string, number, AttributeMap, string]>([
    ["its visibility", VISIBILITY_SECONDS * 1000 - 14_999, {}, "left"],
    ["the time until it is given up", 10_000, pinned, "late"],
    ["the time to deliver it by", 10_000, { deliverBy: text(new Date(START_MS + 50_000).toISOString()) }, "late"],
  ])("is extended, and %s is over by the time that this is done: nothing is called", async (_, tookMs, row, end) => {
    const harness = workerHarness(transactionRow(row), { merchants: { call: neverCalled("call") } });
    await harness.queue.send([
      { body: '{"schema":1,"transactionId":"t-1","version":1,"release":0}', groupId: "t-1", deduplicationId: "1" },
    ]);
    const held = await harness.receive();
    harness.clock.advance(VISIBILITY_SECONDS * 1000 - 14_999);
    const change = harness.queue.changeVisibility.bind(harness.queue);
    harness.queue.changeVisibility = async (changes) => {
      const changed = await change(changes);
      harness.clock.advance(tookMs);
      return changed;
    };
    expect(await harness.confirmation.handle(held)).toBe(end === "left" ? "left" : "completed");
    expect(harness.metrics.includes(METRICS.leftInQueue)).toBe(end === "left");
  });

  it("that ran out means that another task has it: nothing is called", async () => {
    const harness = workerHarness(transactionRow(), { merchants: { call: neverCalled("call") } });
    await harness.queue.send([
      { body: '{"schema":1,"transactionId":"t-1","version":1,"release":0}', groupId: "t-1", deduplicationId: "1" },
    ]);
    const held = await harness.receive();
    harness.clock.advance(VISIBILITY_SECONDS * 1000);
    await harness.confirmation.handle(held);
    expect(harness.journal).toEqual([]);
    expect(harness.metrics).toContain(METRICS.leftInQueue);
  });
});

describe("what was delivered while the table is down", () => {
  it("is retried until it is on record, and never delivered again", async () => {
    const harness = workerHarness();
    let refusals = 0;
    harness.table.fault = () => {
      refusals += 1;
      return refusals <= 8 ? { kind: "unavailable", error: "throttled" } : undefined;
    };
    await harness.handle();
    expect(harness.journal.filter((entry) => entry === "call")).toHaveLength(1);
    expect(harness.table.row("t-1")["confirmationState"]).toEqual(text("CONFIRMED"));
    expect(harness.queue.messages).toHaveLength(0);
    expect(harness.clock.pauses).toEqual([100, 200, 400, 800, 1600, 3200, 5000, 5000]);
  });

  it("keeps its message hidden for as long as it takes", async () => {
    const harness = workerHarness();
    let refusals = 0;
    harness.table.fault = () => {
      refusals += 1;
      return refusals <= 40 ? { kind: "unavailable", error: "throttled" } : undefined;
    };
    const before = harness.clock.now();
    await harness.handle();
    expect(harness.clock.now() - before).toBeGreaterThan(2 * VISIBILITY_SECONDS * 1000);
    expect(harness.journal).not.toContain(`visible in ${VISIBILITY_SECONDS} s refused`);
    expect(harness.journal.at(-1)).toBe("delete");
  });

  it("is counted as waiting meanwhile", async () => {
    const harness = workerHarness();
    let isThrottled = true;
    harness.table.fault = () => (isThrottled ? { kind: "unavailable", error: "throttled" } : undefined);
    const handled = harness.handle();
    await until(() => harness.clock.pauses.length > 2);
    expect(harness.untilRecorded.waiting).toBe(1);
    isThrottled = false;
    await handled;
    expect(harness.untilRecorded.waiting).toBe(0);
  });

  it("comes again if the task ends first: the message is given back, not deleted", async () => {
    const harness = workerHarness();
    harness.table.fault = () => {
      harness.isStopped = true;
      return { kind: "unavailable", error: "throttled" };
    };
    await harness.handle();
    expect(harness.journal.at(-1)).toBe("visible in 5 s");
    expect(harness.queue.messages).toHaveLength(1);
    expect(harness.untilRecorded.waiting).toBe(0);
  });
});

describe("a dead letter that the queue does not take", () => {
  it("keeps the row from being recorded as failed until there is one", async () => {
    const harness = workerHarness(transactionRow({ amount: number(1) }));
    harness.deadLetters.isDown = true;
    const handled = harness.handle();
    await until(() => harness.clock.pauses.length > 3);
    expect(harness.journal).not.toContain("record FAILED: written");
    harness.deadLetters.isDown = false;
    await handled;
    expect(harness.journal.slice(-3)).toEqual(["dead letter", "record FAILED: written", "delete"]);
  });

  it("is sent again after a crash between letter and record: twice, never none", async () => {
    const harness = workerHarness(listedRow(START_MS, { amount: number(1) }));
    harness.table.fault = () => {
      harness.isStopped = true;
      return { kind: "unavailable", error: "the task was killed here" };
    };
    await harness.handle();
    expect(harness.table.row("t-1")).not.toHaveProperty("confirmationState");
    harness.isStopped = false;
    harness.table.fault = () => undefined;
    harness.clock.advance(5000);
    await harness.confirmation.handle(await harness.receive());
    expect(harness.journal.filter((entry) => entry === "dead letter")).toHaveLength(2);
    expect(harness.table.row("t-1")["confirmationState"]).toEqual(text("FAILED"));
    expect(harness.deadLetters.messages).toHaveLength(1);
  });
});

describe("a crash between record and delete", () => {
  it("delivers nothing a second time: the message comes again and is discarded", async () => {
    const harness = workerHarness();
    await harness.handle();
    harness.clock.advance(10 * 60_000);
    await harness.handle();
    expect(harness.journal).toEqual(["call", "record CONFIRMED: written", "delete", "delete"]);
  });
});

describe("a row that had a higher version once", () => {
  it("is failed instead of delivered", async () => {
    const harness = workerHarness(transactionRow({ highestVersion: number(2) }));
    await harness.handle();
    expect(harness.journal).toEqual(["dead letter", "record FAILED: written", "delete"]);
    expect(harness.table.row("t-1")["failure"]?.M?.["code"]).toEqual(text("version_lowered"));
  });
});
