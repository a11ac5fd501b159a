import { describe, expect, it } from "@jest/globals";
import { METRICS } from "../../../core/names.ts";
import type { AttemptOutcome } from "../../../core/next-step.ts";
import { number, text, transactionRow } from "../../faults/rows.ts";
import { workerBench } from "../../faults/worker-bench.ts";

const failed: AttemptOutcome = { kind: "failed", class: "status_5xx", status: 503, error: "the endpoint answered 503" };
const state = (name: string) => ({ confirmationState: text(name), stateVersion: number(1) });

describe("a delivery", () => {
  it("is recorded first and deleted second", async () => {
    const bench = workerBench();
    await bench.handle();
    expect(bench.journal).toEqual(["call", "record CONFIRMED: written", "delete"]);
    expect(bench.table.row("t-1")).toMatchObject({ ...state("CONFIRMED"), attemptCount: number(1) });
    expect(bench.queue.messages).toHaveLength(0);
    expect(bench.metrics).toEqual([METRICS.received, METRICS.delivered, METRICS.confirmed]);
  });

  it("is recorded with what happened and when", async () => {
    const bench = workerBench();
    bench.answer = () => {
      bench.clock.advance(120);
      return { kind: "delivered", status: 201 };
    };
    const began = bench.clock.now();
    await bench.handle();
    expect(bench.table.row("t-1")["attempts"]?.L).toEqual([
      { M: { at: number(began), durationMs: number(120), outcome: text("delivered"), status: number(201) } },
    ]);
  });

  it("counts though the row was released again meanwhile", async () => {
    const bench = workerBench();
    bench.answer = () => {
      bench.table.put(transactionRow({ releaseNumber: number(1) }));
      return { kind: "delivered", status: 200 };
    };
    await bench.handle();
    expect(bench.table.row("t-1")).toMatchObject(state("CONFIRMED"));
  });

  it("of a version that was raised meanwhile settles nothing, and its message goes", async () => {
    const bench = workerBench();
    const raised = transactionRow({ version: number(2) });
    bench.answer = () => {
      bench.table.put(raised);
      return { kind: "delivered", status: 200 };
    };
    await bench.handle();
    expect(bench.journal).toEqual(["call", "record CONFIRMED: condition failed", "delete"]);
    expect(bench.table.row("t-1")).toEqual(raised);
    expect(bench.metrics).not.toContain(METRICS.confirmed);
  });

  it("that the row can never take on record is not made again and again", async () => {
    const bench = workerBench();
    bench.table.fault = () => ({ kind: "rejected", error: "item too large" });
    await bench.handle();
    expect(bench.journal).toEqual(["call", "record CONFIRMED: rejected", "record CONFIRMED: rejected", "delete"]);
    expect(bench.metrics).toContain(METRICS.unrecordable);
    expect(bench.warnings).toEqual(["the row cannot take the whole record"]);
  });
});

describe("a failed attempt", () => {
  it("with a short wait is recorded, and its message comes back after the wait", async () => {
    const bench = workerBench();
    bench.answer = () => failed;
    await bench.handle();
    expect(bench.journal).toEqual(["call", "record PENDING: written", "visible in 10 s"]);
    expect(bench.table.row("t-1")).toMatchObject({
      ...state("PENDING"),
      attemptCount: number(1),
      giveUpAt: number(bench.clock.now() + 1_000_000),
    });
  });

  it("with a long wait is parked, and its message goes", async () => {
    const bench = workerBench(transactionRow({ ...state("PENDING"), attemptCount: number(1) }));
    bench.answer = () => failed;
    await bench.handle();
    expect(bench.journal).toEqual(["call", "record SCHEDULED: written", "delete"]);
    expect(bench.table.row("t-1")).toMatchObject({
      ...state("SCHEDULED"),
      attemptCount: number(2),
      dueKey: text("T#0"),
      dueAt: number(bench.clock.now() + 100_000),
    });
    expect(bench.metrics).toContain(METRICS.parked);
  });

  it("parks at once when too many failing messages wait in the queue", async () => {
    const bench = workerBench();
    bench.answer = () => failed;
    for (let index = 0; index < 12; index += 1) {
      const transactionId = `t-${index}`;
      bench.table.put(transactionRow({ transactionId: text(transactionId) }));
      bench.journal.length = 0;
      await bench.handle({ transactionId });
      const expected = index < 10 ? "record PENDING: written" : "record SCHEDULED: written";
      expect(bench.journal).toContain(expected);
    }
  });

  it("that was the last sends the dead letter, records, and deletes, in this order", async () => {
    const bench = workerBench(transactionRow({ ...state("PENDING"), attemptCount: number(2) }));
    bench.answer = () => failed;
    await bench.handle();
    expect(bench.journal).toEqual(["call", "dead letter", "record FAILED: written", "delete"]);
    const row = bench.table.row("t-1");
    expect(row).toMatchObject({ ...state("FAILED"), attemptCount: number(3) });
    expect(row["failure"]?.M).toMatchObject({ code: text("attempts_exhausted"), fault: text("merchant") });
    expect(row["attempts"]?.L).toHaveLength(1);
    expect(JSON.parse(bench.deadLetters.messages[0]?.body ?? "")).toMatchObject({
      transactionId: "t-1",
      version: 1,
      release: 0,
      deadLettered: true,
      attemptCount: 3,
      failure: { code: "attempts_exhausted", reason: expect.stringContaining("503") },
    });
    expect(bench.metrics).toContain(METRICS.deadLetteredMerchant);
  });

  it("whose row was raised meanwhile is not counted on the new version", async () => {
    const bench = workerBench();
    const raised = transactionRow({ version: number(2) });
    bench.answer = () => {
      bench.table.put(raised);
      return failed;
    };
    await bench.handle();
    expect(bench.journal).toEqual(["call", "record PENDING: condition failed", "delete"]);
    expect(bench.table.row("t-1")).toEqual(raised);
  });

  it("whose row failed meanwhile for another reason leaves it failed", async () => {
    const bench = workerBench();
    bench.answer = () => {
      bench.table.put(transactionRow(state("FAILED")));
      return failed;
    };
    await bench.handle();
    expect(bench.table.row("t-1")).toEqual(transactionRow(state("FAILED")));
    expect(bench.queue.messages).toHaveLength(0);
  });

  it("that the row can never take on record fails the transaction, as no try could be counted", async () => {
    const bench = workerBench();
    bench.answer = () => failed;
    bench.table.fault = ({ text: statement }) =>
      statement.includes("giveUpAt=?") ? { kind: "rejected", error: "item too large" } : undefined;
    await bench.handle();
    expect(bench.journal).toEqual([
      "call",
      "record PENDING: rejected",
      "dead letter",
      "record FAILED: written",
      "delete",
    ]);
    expect(bench.table.row("t-1")["failure"]?.M?.["code"]).toEqual(text("row_invalid"));
  });

  it("never lies beyond the time until which it is wanted", async () => {
    const soon = new Date(workerBench().clock.now() + 5000).toISOString();
    const bench = workerBench(transactionRow({ deliverBy: text(soon) }));
    bench.answer = () => failed;
    await bench.handle();
    expect(bench.table.row("t-1")["failure"]?.M?.["code"]).toEqual(text("expired"));
  });
});

describe("a row that can never be delivered", () => {
  it.each([
    ["broken types", transactionRow({ amount: number(1) }), "row_invalid"],
    [
      "a URL that must not be called",
      transactionRow({ confirmationUrl: text("https://10.0.0.1/") }),
      "url_not_allowed",
    ],
    ["a body over the limit", transactionRow({ payload: { M: { x: text("x".repeat(100_001)) } } }), "body_too_large"],
    ["a time that is over", transactionRow({ deliverBy: text("2026-11-22T09:59:59Z") }), "expired_untried"],
  ])("fails without a call for %s", async (_, row, code) => {
    const bench = workerBench(row);
    await bench.handle();
    expect(bench.journal).toEqual(["dead letter", "record FAILED: written", "delete"]);
    expect(bench.table.row("t-1")["failure"]?.M?.["code"]).toEqual(text(code));
    expect(bench.table.row("t-1")["attemptCount"]).toEqual(number(0));
  });

  it("that was tried before it expired is the merchant's fault", async () => {
    const bench = workerBench(transactionRow({ ...state("PENDING"), attemptCount: number(1), giveUpAt: number(1) }));
    await bench.handle();
    expect(bench.table.row("t-1")["failure"]?.M).toMatchObject({ code: text("expired"), fault: text("merchant") });
  });
});
