import { describe, expect, it } from "@jest/globals";
import { METRICS } from "../../../core/settings/names.ts";
import type { AttemptOutcome } from "../../../core/retry/next-step.ts";
import { number, text, transactionRow } from "../../support/rows.ts";
import { settle } from "../../support/until.ts";
import { workerHarness } from "../../support/worker-harness.ts";

const unreachable: AttemptOutcome = { kind: "failed", class: "connection", error: "its network cannot be reached" };

/**
 * A bench on which calls to as many unrelated sites have failed one after the other, a transaction each; verdicts are
 * held as long as it takes.
 */
async function lossOf(sites: number) {
  const harness = workerHarness();
  harness.passHold = () => new Promise(() => undefined);
  harness.answer = () => {
    harness.clock.advance(10);
    return unreachable;
  };
  const call = async (nth: number, changes = {}) => {
    const transactionId = `t-${nth}`;
    const confirmationUrl = text(`https://merchant-${nth}.example/`);
    harness.table.put(transactionRow({ transactionId: text(transactionId), confirmationUrl, ...changes }));
    await harness.handle({ transactionId });
    return harness.table.row(transactionId);
  };
  const calls = [];
  for (let nth = 1; nth <= sites; nth += 1) {
    calls.push(call(nth));
    await settle(20);
  }
  harness.journal.length = 0;
  harness.metrics.length = 0;
  return { harness, call, calls };
}

describe("a call that our own network did not let out", () => {
  it("does not count as an attempt and leaves no attempt; it is parked for as long as the first wait", async () => {
    const { harness, call } = await lossOf(5);
    harness.journal.length = 0;
    harness.metrics.length = 0;
    const row = await call(6);
    expect(harness.journal).toEqual(["call", "record SCHEDULED: written", "delete"]);
    expect(row).toMatchObject({
      confirmationState: text("SCHEDULED"),
      attemptCount: number(0),
      attempts: { L: [] },
      waitingFor: text("our egress"),
      dueKey: text("T#0"),
      dueAt: number(harness.clock.now() + 10_000),
    });
    expect(harness.metrics).toEqual([METRICS.received, METRICS.spared, METRICS.parked]);
  });

  it("leaves the attempts that were counted before as they are", async () => {
    const { call } = await lossOf(4);
    const row = await call(5, {
      confirmationState: text("PENDING"),
      stateVersion: number(1),
      attemptCount: number(2),
    });
    expect(row).toMatchObject({ confirmationState: text("SCHEDULED"), attemptCount: number(2) });
  });

  it("uses up none at the first merchants either: their verdicts are held until it can be told", async () => {
    const { harness, call, calls } = await lossOf(4);
    const used = (nth: number) => harness.table.row(`t-${nth}`)["attemptCount"]?.N;
    expect([1, 2, 3, 4].map(used)).toEqual([undefined, undefined, undefined, undefined]);
    await call(5);
    await Promise.all(calls);
    expect([1, 2, 3, 4, 5].map(used)).toEqual(["0", "0", "0", "0", "0"]);
    expect(harness.metrics).not.toContain(METRICS.attemptFailed);
    expect(JSON.stringify(harness.meter.take())).not.toContain(METRICS.webhookLatency);
  });

  it("opens no circuit and makes no bulkhead smaller", async () => {
    const { harness, call, calls } = await lossOf(60);
    await Promise.all(calls);
    const confirmationUrl = text("https://merchant-50.example/");
    for (let nth = 61; nth < 70; nth += 1) await call(nth, { confirmationUrl });
    expect(harness.healthTable.health("m-1").circuitOpenUntil).toBeUndefined();
    const key = { merchantId: "m-1", origin: "https://merchant-50.example" };
    const entered = Array.from({ length: 5 }, () => harness.bulkhead.tryEnter(key));
    expect(entered).not.toContain(false);
  });

  it("is given up no later than its transaction is wanted, and that is the pipeline's fault", async () => {
    const { harness, call } = await lossOf(4);
    const soon = harness.clock.now() + 3000;
    const row = await call(5, { deliverBy: text(new Date(soon).toISOString()) });
    expect(row["dueAt"]).toEqual(number(soon));
    harness.clock.advance(5000);
    harness.table.put({ ...row, confirmationState: text("PENDING"), releaseNumber: number(1) });
    await harness.handle({ transactionId: "t-5", release: 1 });
    expect(harness.table.row("t-5")["failure"]?.M).toMatchObject({
      code: text("expired_untried"),
      fault: text("pipeline"),
      reason: text(expect.stringContaining("our egress") as unknown as string),
    });
  });
});

describe("during a fault of our own", () => {
  it("a response counts as ever, and ends the fault", async () => {
    const { harness, call } = await lossOf(10);
    harness.clock.advance(500);
    expect(harness.egress.isFaulty).toBe(true);
    harness.answer = () => ({ kind: "failed", class: "status_5xx", status: 503, error: "503" });
    expect(await call(11)).toMatchObject({ attemptCount: number(1) });
    expect(harness.egress.isFaulty).toBe(false);
    expect(harness.warnings).toEqual(["egress faulty", "egress normal"]);
  });

  it("a probe of an open circuit says nothing: the circuit stays for the next one", async () => {
    const { harness, call } = await lossOf(10);
    harness.healthTable.put("m-1", { circuitOpenUntil: harness.clock.now() - 1, circuitTrips: 3 });
    harness.clock.advance(5000);
    const row = await call(11);
    expect(row).toMatchObject({ attemptCount: number(0), waitingFor: text("our egress") });
    expect(harness.healthTable.health("m-1")).toMatchObject({ circuitTrips: 3 });
    expect(harness.metrics).not.toContain(METRICS.circuitOpened);
  });
});

describe("a verdict that is held", () => {
  async function held() {
    const { harness, call, calls } = await lossOf(1);
    const ends: (() => void)[] = [];
    harness.passHold = (ms) => new Promise((resolve) => ends.push(() => (harness.clock.advance(ms), resolve())));
    return { harness, call, calls, ends };
  }

  it("keeps the message, and gives up the room of the call", async () => {
    const { harness, calls } = await lossOf(1);
    expect(harness.bulkhead.inFlight).toBe(0);
    expect(harness.journal).toEqual([]);
    expect(calls).toHaveLength(1);
  });

  it(
    "is the merchant's once somebody who was called later has answered: an attempt is counted, and the room gets " +
      "smaller",
    async () => {
      const { harness, call, calls } = await lossOf(1);
      harness.clock.advance(1);
      harness.answer = () => ({ kind: "delivered", status: 200 });
      await call(2);
      expect(await calls[0]).toMatchObject({ attemptCount: number(1) });
      const key = { merchantId: "m-1", origin: "https://merchant-1.example" };
      expect(harness.bulkhead.isDegraded(key)).toBe(true);
      expect(harness.metrics).toContain(METRICS.attemptFailed);
    },
  );

  it("is the merchant's after two seconds, and the attempt is as long as it was", async () => {
    const { harness, call, ends } = await held();
    const ended = call(2);
    await settle(20);
    ends[0]?.();
    expect(await ended).toMatchObject({ attemptCount: number(1) });
    const [attempt] = harness.table.row("t-2")["attempts"]?.L ?? [];
    expect(attempt?.M).toMatchObject({ durationMs: number(10) });
  });

  it("is written down though the task is ending meanwhile", async () => {
    const { harness, call, ends } = await held();
    const ended = call(2);
    await settle(20);
    harness.isStopping = true;
    expect(harness.journal).toEqual(["call"]);
    ends[0]?.();
    expect(await ended).toMatchObject({ attemptCount: number(1) });
  });

  it("is written about with time enough: a message that is in sight soon is kept out of it", async () => {
    const { harness, call, ends } = await held();
    harness.answer = () => {
      harness.clock.advance(54_000);
      return unreachable;
    };
    const ended = call(2);
    await settle(20);
    ends[0]?.();
    await ended;
    expect(harness.journal[1]).toBe("visible in 60 s");
  });
});
