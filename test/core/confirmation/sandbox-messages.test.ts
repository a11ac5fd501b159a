import { describe, expect, it } from "@jest/globals";
import { METRICS } from "../../../core/settings/names.ts";
import type { AttemptOutcome } from "../../../core/retry/next-step.ts";
import { type Changes, number, text, transactionRow } from "../../support/rows.ts";
import { type BenchChanges, workerHarness } from "../../support/worker-harness.ts";

const failing: AttemptOutcome = { kind: "failed", class: "status_5xx", status: 500, error: "500" };
const silent: AttemptOutcome = { kind: "failed", class: "connection", error: "nobody is there" };
/** Two attempts are over, and this is the last. */
const LAST: Changes = {
  confirmationState: text("PENDING"),
  stateVersion: number(1),
  attemptCount: number(2),
  releaseNumber: number(0),
};

function sandboxed(changes: Changes = {}, bench: BenchChanges = {}) {
  const harness = workerHarness(transactionRow(changes), bench);
  harness.merchant = { environment: "sandbox" };
  return harness;
}

const LIVE_METRICS = new Set<string>(
  Object.values(METRICS).filter((name) => !name.startsWith("Sandbox") && name !== METRICS.received),
);

describe("a message of a merchant of the sandbox", () => {
  it("is confirmed, and counts in the sandbox alone", async () => {
    const one = sandboxed();
    await one.handle({ committedAt: one.clock.now() - 2000 });
    expect(one.table.row("t-1")).toMatchObject({ confirmationState: text("CONFIRMED") });
    expect(one.metrics).toEqual([METRICS.received, METRICS.sandboxConfirmed]);
    const { counts, distributions, parts } = one.meter.take();
    expect([[...counts], [...distributions], parts]).toEqual([[], [], []]);
  });

  it("that failed is attempted again from the table, and no ranking has it", async () => {
    const one = sandboxed();
    one.answer = () => failing;
    await one.handle();
    expect(one.table.row("t-1")).toMatchObject({ confirmationState: text("SCHEDULED"), attemptCount: number(1) });
    expect(one.metrics).toEqual([METRICS.received, METRICS.sandboxAttemptFailed]);
    expect([one.troubles.take(), one.meter.take().parts]).toEqual([[], []]);
  });

  it("that is given up is failed and listed, without a dead letter and without a line", async () => {
    const one = sandboxed(LAST);
    one.answer = () => failing;
    await one.handle();
    expect(one.table.row("t-1")).toMatchObject({
      confirmationState: text("FAILED"),
      failure: { M: { code: text("attempts_exhausted") } },
      failedKey: text("m-1#0"),
    });
    expect(one.deadLetters.accepted).toEqual([]);
    expect(one.journal.at(-1)).toBe("delete");
    expect(one.metrics).toEqual([METRICS.received, METRICS.sandboxAttemptFailed, METRICS.sandboxGivenUp]);
    expect([one.lines, one.troubles.take()]).toEqual([[], []]);
  });

  it.each<[string, Changes]>([
    ["before its merchant is looked at", { accepted: acceptedOther() }],
    ["since its row cannot be used", { amount: text("much") }],
    ["since its address may not be called", { confirmationUrl: text("http://merchant.example") }],
  ])("that is given up %s has no dead letter either", async (_, changes) => {
    const one = sandboxed(changes);
    await one.handle();
    expect(one.table.row("t-1")).toMatchObject({ confirmationState: text("FAILED") });
    expect(one.deadLetters.accepted).toEqual([]);
    expect(one.metrics).toEqual([METRICS.received, METRICS.sandboxGivenUp]);
  });

  it("that comes again after its row failed is deleted, and still there is no dead letter", async () => {
    const one = sandboxed({ confirmationState: text("FAILED"), stateVersion: number(1), releaseNumber: number(0) });
    await one.handle();
    expect([one.deadLetters.accepted, one.journal]).toEqual([[], ["delete"]]);
  });

  it("that is put back by a job goes on as any other, and ends without a letter again", async () => {
    const failure = { M: { code: text("attempts_exhausted"), fault: text("merchant"), reason: text("500") } };
    const one = sandboxed({ ...LAST, confirmationState: text("FAILED"), failure });
    one.answer = () => ({ ...failing, class: "status_4xx", status: 410, abortsMessage: true });
    await one.handle({ deadLettered: true });
    expect(one.table.row("t-1")).toMatchObject({ confirmationState: text("FAILED"), releaseNumber: number(1) });
    expect(one.deadLetters.accepted).toEqual([]);
  });

  it("is no evidence of a fault of our network, and shares one that live calls have shown", async () => {
    const one = sandboxed();
    one.answer = () => silent;
    for (let site = 0; site < 8; site += 1) {
      const transactionId = `t-${site + 10}`;
      const confirmationUrl = text(`https://shop-${site}.example/`);
      one.table.put(transactionRow({ transactionId: text(transactionId), confirmationUrl }));
      await one.handle({ transactionId });
    }
    expect(one.warnings).toEqual([]);
    expect(one.egress.isFaulty).toBe(false);
    for (let site = 0; site < 6; site += 1)
      await one.egress.isOurs(`https://live-${site}.example`, one.clock.elapsedMs(), silent);
    await one.handle();
    expect(one.table.row("t-1")).toMatchObject({ attemptCount: number(0), waitingFor: text("our egress") });
  });

  it("is in no metric of live merchants, whatever becomes of it", async () => {
    const all: string[] = [];
    for (const answer of [failing, silent, { kind: "delivered", status: 200, disablesUrl: true } as AttemptOutcome])
      for (const changes of [{}, LAST, { ...LAST, giveUpAt: number(1) }]) {
        const one = sandboxed(changes);
        one.answer = () => answer;
        await one.handle();
        all.push(...one.metrics);
      }
    // What a URL that wants no more counts as is its environment's own admission control's to say.
    expect(all.filter((metric) => LIVE_METRICS.has(metric) && metric !== METRICS.urlDisabled)).toEqual([]);
  });
});

describe("a message of a live merchant", () => {
  it("that is given up has a dead letter and counts as ever", async () => {
    const one = workerHarness(transactionRow(LAST));
    one.answer = () => failing;
    await one.handle();
    expect(one.deadLetters.accepted).toHaveLength(1);
    expect(one.metrics).toEqual([METRICS.received, METRICS.attemptFailed, METRICS.deadLetteredMerchant]);
  });

  it("has a dead letter where nobody can say whose it is", async () => {
    const one = workerHarness(transactionRow({ amount: text("much") }), {
      merchants: { isSandbox: async () => false },
    });
    await one.handle();
    expect(one.deadLetters.accepted).toHaveLength(1);
  });
});

function acceptedOther() {
  return {
    M: {
      version: number(1),
      merchantId: text("m-1"),
      outcome: text("DECLINED"),
      amount: text("1"),
      currency: text("EUR"),
      occurredAt: text("2026-11-22T10:00:00Z"),
      payloadDigest: text("none"),
      digestVersion: number(1),
    },
  };
}
