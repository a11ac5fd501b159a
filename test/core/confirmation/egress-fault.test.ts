import { describe, expect, it } from "@jest/globals";
import { METRICS } from "../../../core/settings/names.ts";
import type { AttemptOutcome } from "../../../core/retry/next-step.ts";
import { number, text, transactionRow } from "../../support/rows.ts";
import { settle } from "../../support/until.ts";
import { workerBench } from "../../support/worker-bench.ts";

const unreachable: AttemptOutcome = { kind: "failed", class: "connection", error: "its network cannot be reached" };

/**
 * A bench on which calls to as many unrelated sites have failed one after the other, a transaction each; verdicts are
 * held as long as it takes.
 */
async function lossOf(sites: number) {
  const bench = workerBench();
  bench.passHold = () => new Promise(() => undefined);
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
  const calls = [];
  for (let nth = 1; nth <= sites; nth += 1) {
    calls.push(call(nth));
    await settle(20);
  }
  bench.journal.length = 0;
  bench.metrics.length = 0;
  return { bench, call, calls };
}

describe("a call that our own network did not let out", () => {
  it("uses up no try and leaves no attempt; it is parked for as long as the first wait", async () => {
    const { bench, call } = await lossOf(5);
    bench.journal.length = 0;
    bench.metrics.length = 0;
    const row = await call(6);
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

  it("uses up none at the first merchants either: their verdicts are held until it can be told", async () => {
    const { bench, call, calls } = await lossOf(4);
    const used = (nth: number) => bench.table.row(`t-${nth}`)["attemptCount"]?.N;
    expect([1, 2, 3, 4].map(used)).toEqual([undefined, undefined, undefined, undefined]);
    await call(5);
    await Promise.all(calls);
    expect([1, 2, 3, 4, 5].map(used)).toEqual(["0", "0", "0", "0", "0"]);
    expect(bench.metrics).not.toContain(METRICS.attemptFailed);
    expect(JSON.stringify(bench.meter.take())).not.toContain(METRICS.webhookLatency);
  });

  it("opens no circuit and makes no bulkhead smaller", async () => {
    const { bench, call, calls } = await lossOf(60);
    await Promise.all(calls);
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

describe("a verdict that is held", () => {
  async function held() {
    const { bench, call, calls } = await lossOf(1);
    const ends: (() => void)[] = [];
    bench.passHold = (ms) => new Promise((resolve) => ends.push(() => (bench.clock.advance(ms), resolve())));
    return { bench, call, calls, ends };
  }

  it("keeps the message, and gives up the room of the call", async () => {
    const { bench, calls } = await lossOf(1);
    expect(bench.bulkhead.underWay).toBe(0);
    expect(bench.journal).toEqual([]);
    expect(calls).toHaveLength(1);
  });

  it(
    "is the merchant's once somebody who was called later has answered: a try is used up, and the room gets " +
      "smaller",
    async () => {
      const { bench, call, calls } = await lossOf(1);
      bench.clock.advance(1);
      bench.answer = () => ({ kind: "delivered", status: 200 });
      await call(2);
      expect(await calls[0]).toMatchObject({ attemptCount: number(1) });
      const key = { merchantId: "m-1", origin: "https://merchant-1.example" };
      expect(bench.bulkhead.isSuspect(key)).toBe(true);
      expect(bench.metrics).toContain(METRICS.attemptFailed);
    },
  );

  it("is the merchant's after two seconds, and the attempt is as long as it was", async () => {
    const { bench, call, ends } = await held();
    const ended = call(2);
    await settle(20);
    ends[0]?.();
    expect(await ended).toMatchObject({ attemptCount: number(1) });
    const [attempt] = bench.table.row("t-2")["attempts"]?.L ?? [];
    expect(attempt?.M).toMatchObject({ durationMs: number(10) });
  });

  it("is written down though the task is ending meanwhile", async () => {
    const { bench, call, ends } = await held();
    const ended = call(2);
    await settle(20);
    bench.isStopping = true;
    expect(bench.journal).toEqual(["call"]);
    ends[0]?.();
    expect(await ended).toMatchObject({ attemptCount: number(1) });
  });

  it("is written about with time enough: a message that is in sight soon is kept out of it", async () => {
    const { bench, call, ends } = await held();
    bench.answer = () => {
      bench.clock.advance(54_000);
      return unreachable;
    };
    const ended = call(2);
    await settle(20);
    ends[0]?.();
    await ended;
    expect(bench.journal[1]).toBe("visible in 60 s");
  });
});
