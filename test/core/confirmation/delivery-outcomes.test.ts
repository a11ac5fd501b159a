import { describe, expect, it } from "@jest/globals";
import type { MerchantsPort } from "../../../core/confirmation/ports.ts";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import type { Merchant } from "../../../core/merchant/merchant.ts";
import { METRICS } from "../../../core/settings/names.ts";
import type { AttemptOutcome } from "../../../core/retry/next-step.ts";
import { START_MS } from "../../support/fake-clock.ts";
import { contentIn, number, text, transactionRow } from "../../support/rows.ts";
import { neverCalled } from "../../support/strict-fake.ts";
import { type WorkerHarness, workerHarness } from "../../support/worker-harness.ts";

const failed: AttemptOutcome = { kind: "failed", class: "status_5xx", status: 503, error: "the endpoint answered 503" };

function preparedFor(merchant: Partial<Merchant>): MerchantsPort["prepare"] {
  return async () => ({
    merchant: { merchantId: "m-1", secretKeyVersion: "1", ...merchant },
    keys: [],
    destination: { origin: "https://merchant.example", path: "/" },
    webhook: { id: "msg_1", body: "{}" },
    content: contentIn(transactionRow()),
    deadlineMs: 10_000,
  });
}

const state = (name: string) => ({ confirmationState: text(name), stateVersion: number(1) });

describe("a delivery", () => {
  it("is recorded first and deleted second", async () => {
    const harness = workerHarness();
    await harness.handle();
    expect(harness.journal).toEqual(["call", "record CONFIRMED: written", "delete"]);
    expect(harness.table.row("t-1")).toMatchObject({ ...state("CONFIRMED"), attemptCount: number(1) });
    expect(harness.queue.messages).toHaveLength(0);
    expect(harness.metrics).toEqual([METRICS.received, METRICS.delivered, METRICS.confirmed]);
  });

  it("is recorded with what happened and when", async () => {
    const harness = workerHarness();
    harness.answer = () => {
      harness.clock.advance(120);
      return { kind: "delivered", status: 201 };
    };
    const began = harness.clock.now();
    await harness.handle();
    expect(harness.table.row("t-1")["attempts"]?.L).toEqual([
      { M: { at: number(began), durationMs: number(120), outcome: text("delivered"), status: number(201) } },
    ]);
  });

  it("is recorded with how often its request was sent again", async () => {
    const harness = workerHarness();
    harness.answer = () => ({ kind: "delivered", status: 200, isResent: true });
    await harness.handle();
    expect(harness.table.row("t-1")["attempts"]?.L?.[0]?.M).toMatchObject({ resends: number(1) });
  });

  it("that failed waits by the clock as it was when the call began, though that is put wrong meanwhile", async () => {
    const wait = async (stepMs: number): Promise<AttributeMap> => {
      const harness = workerHarness();
      harness.answer = () => {
        harness.clock.step(stepMs);
        return { ...failed, class: "status_4xx", status: 404 };
      };
      await harness.handle();
      return harness.table.row("t-1");
    };
    const right = await wait(0);
    expect(right).toMatchObject(state("SCHEDULED"));
    const TEN_DAYS_MS = 10 * 24 * 3_600_000;
    for (const stepMs of [600_000, -600_000, TEN_DAYS_MS])
      expect(await wait(stepMs)).toMatchObject({ ...state("SCHEDULED"), dueAt: right["dueAt"] });
  });

  it("counts though the row was requeued again meanwhile", async () => {
    const harness = workerHarness();
    harness.answer = () => {
      harness.table.put(transactionRow({ releaseNumber: number(1) }));
      return { kind: "delivered", status: 200 };
    };
    await harness.handle();
    expect(harness.table.row("t-1")).toMatchObject(state("CONFIRMED"));
  });

  it("of a version that was raised meanwhile is not recorded, counts as confirmed, and its message goes", async () => {
    const harness = workerHarness();
    const raised = transactionRow({ version: number(2) });
    harness.answer = () => {
      harness.table.put(raised);
      return { kind: "delivered", status: 200 };
    };
    await harness.handle();
    expect(harness.journal).toEqual(["call", "record CONFIRMED: condition failed", "delete"]);
    expect(harness.table.row("t-1")).toEqual(raised);
    expect(harness.metrics).toContain(METRICS.confirmed);
  });

  it("that the row can never take on record is not made again and again", async () => {
    const harness = workerHarness();
    harness.table.fault = () => ({ kind: "rejected", error: "item too large" });
    await harness.handle();
    expect(harness.journal).toEqual(["call", "record CONFIRMED: rejected", "record CONFIRMED: rejected", "delete"]);
    expect(harness.metrics).toContain(METRICS.unrecordable);
    expect(harness.warnings).toEqual(["the row cannot take the whole record"]);
  });
});

describe("a failed attempt", () => {
  it("with a short wait is recorded, and its message comes back after the wait", async () => {
    const harness = workerHarness();
    harness.answer = () => failed;
    await harness.handle();
    expect(harness.journal).toEqual(["call", "record PENDING: written", "visible in 10 s"]);
    expect(harness.table.row("t-1")).toMatchObject({
      ...state("PENDING"),
      attemptCount: number(1),
      giveUpAt: number(harness.clock.now() + 1_000_000),
    });
  });

  it("with a long wait is parked, and its message goes", async () => {
    const harness = workerHarness(transactionRow({ ...state("PENDING"), attemptCount: number(1) }));
    harness.answer = () => failed;
    await harness.handle();
    expect(harness.journal).toEqual(["call", "record SCHEDULED: written", "delete"]);
    expect(harness.table.row("t-1")).toMatchObject({
      ...state("SCHEDULED"),
      attemptCount: number(2),
      dueKey: text("T#0"),
      dueAt: number(harness.clock.now() + 100_000),
    });
    expect(harness.metrics).toContain(METRICS.parked);
  });

  it("parks at once when too many failing messages wait in the queue", async () => {
    const harness = workerHarness();
    harness.answer = () => failed;
    for (let index = 0; index < 12; index += 1) {
      const transactionId = `t-${index}`;
      harness.table.put(transactionRow({ transactionId: text(transactionId) }));
      harness.journal.length = 0;
      await harness.handle({ transactionId });
      const expected = index < 10 ? "record PENDING: written" : "record SCHEDULED: written";
      expect(harness.journal).toContain(expected);
    }
  });

  it("that was the last sends the dead letter, records, and deletes, in this order", async () => {
    const harness = workerHarness(transactionRow({ ...state("PENDING"), attemptCount: number(2) }));
    harness.answer = () => failed;
    await harness.handle();
    expect(harness.journal).toEqual(["call", "dead letter", "record FAILED: written", "delete"]);
    const row = harness.table.row("t-1");
    expect(row).toMatchObject({ ...state("FAILED"), attemptCount: number(3) });
    expect(row["failure"]?.M).toMatchObject({ code: text("attempts_exhausted"), fault: text("merchant") });
    expect(row["attempts"]?.L).toHaveLength(1);
    expect(JSON.parse(harness.deadLetters.messages[0]?.body ?? "")).toMatchObject({
      transactionId: "t-1",
      version: 1,
      release: 0,
      deadLettered: true,
      attemptCount: 3,
      failure: { code: "attempts_exhausted", reason: expect.stringContaining("503") },
    });
    expect(harness.metrics).toContain(METRICS.deadLetteredMerchant);
  });

  it("whose row was raised meanwhile is not counted on the new version", async () => {
    const harness = workerHarness();
    const raised = transactionRow({ version: number(2) });
    harness.answer = () => {
      harness.table.put(raised);
      return failed;
    };
    await harness.handle();
    expect(harness.journal.slice(0, 2)).toEqual(["call", "record PENDING: condition failed"]);
    expect(harness.journal.at(-1)).toBe("delete");
    expect(harness.table.row("t-1")).toEqual(raised);
  });

  it("whose row failed meanwhile for another reason leaves it failed", async () => {
    const harness = workerHarness();
    harness.answer = () => {
      harness.table.put(transactionRow(state("FAILED")));
      return failed;
    };
    await harness.handle();
    expect(harness.table.row("t-1")).toEqual(transactionRow(state("FAILED")));
    expect(harness.queue.messages).toHaveLength(0);
  });

  it("that the row can never take on record fails the transaction, as no attempt could be counted", async () => {
    const harness = workerHarness();
    harness.answer = () => failed;
    harness.table.fault = ({ text: statement }) =>
      statement.includes("giveUpAt=?") ? { kind: "rejected", error: "item too large" } : undefined;
    await harness.handle();
    expect(harness.journal).toEqual([
      "call",
      "record PENDING: rejected",
      "dead letter",
      "record FAILED: written",
      "delete",
    ]);
    expect(harness.table.row("t-1")["failure"]?.M?.["code"]).toEqual(text("row_invalid"));
  });

  it("never lies beyond the time until which it is wanted", async () => {
    const soon = new Date(workerHarness().clock.now() + 5000).toISOString();
    const harness = workerHarness(transactionRow({ deliverBy: text(soon) }));
    harness.answer = () => failed;
    await harness.handle();
    expect(harness.table.row("t-1")["failure"]?.M?.["code"]).toEqual(text("expired"));
  });
});

describe("a transaction that is wanted until a time", () => {
  const soon = 1500;
  /** Admission control that has a call wait for its token, and then lets it in. */
  function slowAdmission(waitMs: number, row: AttributeMap) {
    const left: unknown[] = [];
    const harness: WorkerHarness = workerHarness(row, {
      merchants: {
        enter: async () => {
          harness.clock.advance(waitMs);
          return { kind: "open", leave: async (outcome) => void left.push(outcome) };
        },
        disable: neverCalled("disable"),
        markWaiting: neverCalled("markWaiting"),
      },
    });
    return { harness, left };
  }
  const until = (ms: number) => text(new Date(workerHarness().clock.now() + ms).toISOString());

  it("is not called after it, though it was in time before it waited for its merchant's rate", async () => {
    const { harness, left } = slowAdmission(2000, transactionRow({ deliverBy: until(soon) }));
    await harness.handle();
    expect(harness.journal).toEqual(["dead letter", "record FAILED: written", "delete"]);
    expect(harness.table.row("t-1")["failure"]?.M?.["code"]).toEqual(text("expired_untried"));
    expect(left).toEqual([undefined]);
  });

  it("is called up to it", async () => {
    const { harness } = slowAdmission(soon, transactionRow({ deliverBy: until(soon) }));
    await harness.handle();
    expect(harness.journal).toEqual(["call", "record CONFIRMED: written", "delete"]);
  });
});

describe("a merchant that is busy and says until when", () => {
  const busy: AttemptOutcome = { ...failed, retryAfterSeconds: 60, answer: "stock-taking" };

  it("is called no sooner, from the table, and no attempt is counted", async () => {
    const harness = workerHarness(transactionRow({ ...state("PENDING"), attemptCount: number(2) }));
    harness.answer = () => busy;
    await harness.handle();
    expect(harness.journal).toEqual(["call", "record SCHEDULED: written", "delete"]);
    const row = harness.table.row("t-1");
    expect(row).toMatchObject({ attemptCount: number(2), dueAt: number(harness.clock.now() + 67_500) });
    expect(row["attempts"]?.L?.at(-1)?.M).toMatchObject({
      outcome: text("status_5xx"),
      status: number(503),
      retryAfterSeconds: number(60),
      answer: text("stock-taking"),
    });
  });

  it("is the one at fault when it is busy until the end, though no attempt was counted", async () => {
    const harness = workerHarness();
    harness.answer = () => busy;
    await harness.handle();
    harness.clock.advance(2_000_000);
    harness.table.put({ ...harness.table.row("t-1"), ...state("PENDING") });
    await harness.handle();
    const row = harness.table.row("t-1");
    expect(row["failure"]?.M).toMatchObject({ code: text("expired"), fault: text("merchant") });
    expect(row["attemptCount"]).toEqual(number(0));
  });
});

describe("a merchant with a schedule of its own", () => {
  it("is tried on that", async () => {
    const harness = workerHarness(transactionRow({ ...state("PENDING"), attemptCount: number(2) }), {
      merchants: { prepare: preparedFor({ retryScheduleSeconds: [1, 2, 5000] }) },
    });
    harness.answer = () => failed;
    await harness.handle();
    expect(harness.table.row("t-1")).toMatchObject({
      ...state("SCHEDULED"),
      attemptCount: number(3),
      dueAt: number(harness.clock.now() + 999_999 - 179_999),
    });
  });

  it("that has no waits is tried once", async () => {
    const harness = workerHarness(transactionRow(), {
      merchants: { prepare: preparedFor({ retryScheduleSeconds: [] }) },
    });
    harness.answer = () => failed;
    await harness.handle();
    expect(harness.table.row("t-1")["failure"]?.M).toMatchObject({ code: text("attempts_exhausted") });
  });
});

describe("a merchant that asks not to be sent a message again", () => {
  it("has it given up at once: dead letter, record, delete", async () => {
    const harness = workerHarness();
    harness.answer = () => ({ ...failed, class: "status_4xx", status: 422, abortsMessage: true });
    await harness.handle();
    expect(harness.journal).toEqual(["call", "dead letter", "record FAILED: written", "delete"]);
    expect(harness.table.row("t-1")).toMatchObject({ ...state("FAILED"), attemptCount: number(1) });
    expect(harness.table.row("t-1")["failure"]?.M).toMatchObject({
      code: text("aborted_by_merchant"),
      fault: text("merchant"),
    });
    expect(harness.metrics).toContain(METRICS.deadLetteredMerchant);
  });
});

describe("a failure that a person has to mend", () => {
  it.each(["status_4xx", "redirect", "refused"] as const)(
    "of class %s leaves the queue at once",
    async (failureClass) => {
      const harness = workerHarness();
      harness.answer = () => ({ kind: "failed", class: failureClass, error: "no" });
      await harness.handle();
      expect(harness.journal).toEqual(["call", "record SCHEDULED: written", "delete"]);
      expect(harness.table.row("t-1")).toMatchObject({ dueAt: number(harness.clock.now() + 110_000) });
    },
  );
});

describe("a row that can never be delivered", () => {
  it.each([
    ["a currency that is none", transactionRow({ currency: text("euro") })],
    ["no outcome", transactionRow({ outcome: undefined })],
    ["a payload that is too large", transactionRow({ payload: { M: { x: text("x".repeat(100_001)) } } })],
    ["a version that was lowered", transactionRow({ highestVersion: number(5) })],
    ["a time that was over when it was written", transactionRow({ deliverBy: text("2026-11-22T09:59:58Z") })],
  ])("is the producer's fault where its row has %s, and not counted against our objective", async (_, row) => {
    const harness = workerHarness(row);
    await harness.handle({ committedAt: START_MS - 1000 });
    expect(harness.table.row("t-1")["failure"]?.M?.["fault"]).toEqual(text("producer"));
    expect(harness.metrics).toContain(METRICS.deadLetteredProducer);
    expect(harness.metrics).not.toContain(METRICS.deadLetteredPipeline);
  });

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
    const harness = workerHarness(row);
    await harness.handle();
    expect(harness.journal).toEqual(["dead letter", "record FAILED: written", "delete"]);
    expect(harness.table.row("t-1")["failure"]?.M?.["code"]).toEqual(text(code));
    expect(harness.table.row("t-1")["attemptCount"]).toEqual(number(0));
  });

  it("that was tried before it expired is the merchant's fault", async () => {
    const harness = workerHarness(
      transactionRow({ ...state("PENDING"), attemptCount: number(1), giveUpAt: number(1) }),
    );
    await harness.handle();
    expect(harness.table.row("t-1")["failure"]?.M).toMatchObject({ code: text("expired"), fault: text("merchant") });
  });
});
