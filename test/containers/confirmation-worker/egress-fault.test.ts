import { describe, expect, it } from "@jest/globals";
import { METRICS } from "../../../core/names.ts";
import type { AttemptOutcome } from "../../../core/next-step.ts";
import { number, text, transactionRow } from "../../faults/rows.ts";
import { workerBench } from "../../faults/worker-bench.ts";

const unreachable: AttemptOutcome = { kind: "failed", class: "connection", error: "its network cannot be reached" };

/** A bench on which calls to as many unrelated sites have failed one after the other, a transaction each. */
async function lossOf(sites: number) {
  const bench = workerBench();
  bench.answer = () => {
    bench.clock.advance(10);
    return unreachable;
  };
  const call = async (nth: number, changes = {}) => {
    const transactionId = `t-${nth}`;
    const confirmationUrl = text(`https://merchant-${nth}.example/`);
    bench.table.put(transactionRow({ transactionId: text(transactionId), confirmationUrl, ...changes }));
    await bench.handle({ transactionId });
    return bench.table.row(transactionId);
  };
  for (let nth = 1; nth <= sites; nth += 1) await call(nth);
  bench.journal.length = 0;
  bench.metrics.length = 0;
  return { bench, call };
}

describe("a call that our own network did not let out", () => {
  it("uses up no try and leaves no attempt; it is parked for as long as the first wait", async () => {
    const { bench, call } = await lossOf(4);
    const row = await call(5);
    expect(bench.journal).toEqual(["call", "record SCHEDULED: written", "delete"]);
    expect(row).toMatchObject({
      confirmationState: text("SCHEDULED"),
      attemptCount: number(0),
      attempts: { L: [] },
      waitingFor: text("our egress"),
      dueKey: text("T#0"),
      dueAt: number(bench.clock.now() + 10_000),
    });
    expect(bench.metrics).toEqual([METRICS.received, METRICS.spared, METRICS.parked]);
  });

  it("leaves the tries that were used up before as they are", async () => {
    const { call } = await lossOf(4);
    const row = await call(5, {
      confirmationState: text("PENDING"),
      stateVersion: number(1),
      attemptCount: number(2),
    });
    expect(row).toMatchObject({ confirmationState: text("SCHEDULED"), attemptCount: number(2) });
  });

  it("used up one at four merchants before it could be told, and no more however many follow", async () => {
    const { bench, call } = await lossOf(40);
    const used = Array.from({ length: 40 }, (_, index) => bench.table.row(`t-${index + 1}`)["attemptCount"]?.N);
    expect(used).toEqual([...Array<string>(4).fill("1"), ...Array<string>(36).fill("0")]);
    expect(await call(41)).toMatchObject({ attemptCount: number(0) });
  });

  it("opens no circuit and makes no bulkhead smaller", async () => {
    const { bench, call } = await lossOf(60);
    const confirmationUrl = text("https://merchant-50.example/");
    for (let nth = 61; nth < 70; nth += 1) await call(nth, { confirmationUrl });
    expect(bench.gates.gate("m-1").circuitOpenUntil).toBeUndefined();
    const key = { merchantId: "m-1", origin: "https://merchant-50.example" };
    const entered = Array.from({ length: 5 }, () => bench.bulkhead.tryEnter(key));
    expect(entered).not.toContain(false);
  });

  it("is given up no later than its transaction is wanted, and that is the pipeline's fault", async () => {
    const { bench, call } = await lossOf(4);
    const soon = bench.clock.now() + 3000;
    const row = await call(5, { deliverBy: text(new Date(soon).toISOString()) });
    expect(row["dueAt"]).toEqual(number(soon));
    bench.clock.advance(5000);
    bench.table.put({ ...row, confirmationState: text("PENDING"), releaseNumber: number(1) });
    await bench.handle({ transactionId: "t-5", release: 1 });
    expect(bench.table.row("t-5")["failure"]?.M).toMatchObject({
      code: text("expired_untried"),
      fault: text("pipeline"),
      reason: text(expect.stringContaining("our egress") as unknown as string),
    });
  });
});

describe("during a fault of our own", () => {
  it("an answer counts as ever, and ends the fault", async () => {
    const { bench, call } = await lossOf(10);
    bench.clock.advance(500);
    expect(bench.egress.isFaulty).toBe(true);
    bench.answer = () => ({ kind: "failed", class: "status_5xx", status: 503, error: "503" });
    expect(await call(11)).toMatchObject({ attemptCount: number(1) });
    expect(bench.egress.isFaulty).toBe(false);
    expect(bench.warnings).toEqual(["egress faulty", "egress normal"]);
  });

  it("a probe of an open circuit says nothing: the circuit stays for the next one", async () => {
    const { bench, call } = await lossOf(10);
    bench.gates.put("m-1", { circuitOpenUntil: bench.clock.now() - 1, circuitTrips: 3 });
    bench.clock.advance(5000);
    const row = await call(11);
    expect(row).toMatchObject({ attemptCount: number(0), waitingFor: text("our egress") });
    expect(bench.gates.gate("m-1")).toMatchObject({ circuitTrips: 3 });
    expect(bench.metrics).not.toContain(METRICS.circuitOpened);
  });
});
