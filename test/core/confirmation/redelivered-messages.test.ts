import { describe, expect, it } from "@jest/globals";
import type { Call } from "../../../core/delivery/attempt.ts";
import { writeAccepted } from "../../../core/transaction/accepted.ts";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { markOf, type Redelivery, redeliveryMessage, redeliveryOf } from "../../../core/transaction/row/redelivery.ts";
import { writeRedelivery } from "../../../core/transaction/row/redelivery.ts";
import { METRICS } from "../../../core/settings/names.ts";
import type { AttemptOutcome } from "../../../core/retry/next-step.ts";
import type { TraceHop } from "../../../core/telemetry/trace-hop.ts";
import { changed, type Changes, contentIn, number, text, transactionRow } from "../../support/rows.ts";
import { type BenchChanges, workerHarness } from "../../support/worker-harness.ts";

const MARK = { jobId: "job-1", generation: 1, markedAt: 1000 };
const failed: AttemptOutcome = { kind: "failed", class: "status_5xx", status: 503, error: "the endpoint answered 503" };
const SAMPLED = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";

function confirmed(changes: Changes = {}): AttributeMap {
  const row = transactionRow({
    confirmationState: text("CONFIRMED"),
    stateVersion: number(1),
    attemptCount: number(1),
    attempts: { L: [{ M: { at: number(5), durationMs: number(6), outcome: text("delivered"), status: number(200) } }] },
    accepted: writeAccepted(1, contentIn(transactionRow())),
    settledAt: number(7),
    purgeAt: number(9_000_000_000),
    ...changes,
  });
  return "redelivery" in changes ? row : { ...row, redelivery: writeRedelivery(markOf(row, MARK)) };
}

/** With what was called. */
function harnessOf(row: AttributeMap, changes: BenchChanges = {}) {
  const calls: Call[] = [];
  const harness = workerHarness(row, {
    ...changes,
    merchants: {
      call: async (call) => {
        calls.push(call);
        return harness.answer();
      },
      ...changes.merchants,
    },
  });
  const sentAgain = (mark = MARK) => harness.handle(redeliveryMessage(row, mark));
  return { harness, calls, sentAgain, mark: () => redeliveryOf(harness.table.row("t-1")) };
}

/** The row but for the mark of the job. */
const unmarked = (row: AttributeMap): AttributeMap => changed(row, { redelivery: undefined });

describe("a confirmed row that a job sends again", () => {
  it("is called once, told that it is a redelivery, and stays as it is but for the result", async () => {
    const row = confirmed();
    const { harness, calls, sentAgain, mark } = harnessOf(row);
    const at = harness.clock.now();
    await sentAgain();
    expect(calls).toEqual([expect.objectContaining({ headerLines: "webhook-redelivery: job-1\r\n" })]);
    expect(harness.journal).toEqual(["record other: written", "delete"]);
    expect(unmarked(harness.table.row("t-1"))).toEqual(unmarked(row));
    expect(mark()).toEqual({ ...MARK, version: 1, ended: { result: "delivered", at, status: 200, error: undefined } });
    expect(harness.deadLetters.messages).toHaveLength(0);
    expect(harness.metrics).toEqual([METRICS.received, METRICS.delivered, METRICS.redelivered]);
  });

  it("keeps its webhook-id and its body", async () => {
    const plain = harnessOf(transactionRow());
    await plain.harness.handle();
    const { calls, sentAgain } = harnessOf(confirmed());
    await sentAgain();
    expect(calls[0]?.webhook).toEqual(plain.calls[0]?.webhook);
    expect(plain.calls[0]?.headerLines).toBeUndefined();
  });

  it("stays confirmed when the merchant fails it: no retry, no attempt, no dead letter", async () => {
    const row = confirmed();
    const { harness, sentAgain, mark } = harnessOf(row);
    harness.answer = () => failed;
    await sentAgain();
    expect(unmarked(harness.table.row("t-1"))).toEqual(unmarked(row));
    expect(mark()?.ended).toMatchObject({ result: "status_5xx", status: 503, error: "the endpoint answered 503" });
    expect(harness.queue.messages).toHaveLength(0);
    expect(harness.deadLetters.messages).toHaveLength(0);
    expect(harness.metrics).toEqual([METRICS.received, METRICS.attemptFailed, METRICS.redeliveryFailed]);
  });

  it("is sent once for a generation, whichever message of it comes", async () => {
    const { harness, calls, sentAgain } = harnessOf(confirmed());
    await sentAgain();
    harness.clock.advance(301_000);
    await sentAgain();
    expect(calls).toHaveLength(1);
    expect(harness.metrics).toContain(METRICS.duplicatesSuppressed);
    expect(harness.queue.messages).toHaveLength(0);
  });

  it.each<[string, Redelivery | undefined]>([
    ["no mark", undefined],
    ["the mark of another job", { ...MARK, version: 1, jobId: "job-2" }],
    ["the mark of another generation", { ...MARK, version: 1, generation: 2 }],
    ["the mark of an older version", { ...MARK, version: 2 }],
    ["the mark of one that had failed", { ...MARK, version: 1, reopens: 0 }],
  ])("is not called where the row has %s", async (_, redelivery) => {
    const row = confirmed({ redelivery: redelivery && writeRedelivery(redelivery) });
    const { harness, calls, sentAgain } = harnessOf(row);
    await sentAgain();
    expect(calls).toEqual([]);
    expect(harness.table.row("t-1")).toEqual(row);
    expect(harness.journal).toEqual(["delete"]);
  });

  it("is called again under the same generation when the worker dies between call and record", async () => {
    const { harness, calls, sentAgain, mark } = harnessOf(confirmed());
    harness.isStopped = true;
    harness.table.fault = () => ({ kind: "unavailable", error: "the task ends first" });
    await sentAgain();
    expect([calls.length, mark()?.ended]).toEqual([1, undefined]);
    harness.isStopped = false;
    harness.table.fault = () => undefined;
    harness.clock.advance(3_600_000);
    await harness.confirmation.handle(await harness.receive());
    expect(calls.map(({ headerLines, webhook }) => [headerLines, webhook.id])).toEqual([
      ["webhook-redelivery: job-1\r\n", calls[0]?.webhook.id],
      ["webhook-redelivery: job-1\r\n", calls[0]?.webhook.id],
    ]);
    expect(mark()?.ended?.result).toBe("delivered");
  });

  it("has its result recorded though the table is away for a while", async () => {
    const { harness, calls, sentAgain, mark } = harnessOf(confirmed());
    let refusals = 3;
    harness.table.fault = () =>
      (refusals -= 1) >= 0 ? { kind: "unavailable", error: "the table is throttled" } : undefined;
    await sentAgain();
    expect(mark()?.ended?.result).toBe("delivered");
    expect(calls).toHaveLength(1);
  });

  it.each<[string, AttributeMap]>([
    ["raised", transactionRow({ version: number(2) })],
    ["wiped", transactionRow()],
    ["marked by another job", confirmed({ redelivery: writeRedelivery({ ...MARK, version: 1, jobId: "job-2" }) })],
  ])("leaves a row alone that was %s meanwhile", async (_, after) => {
    const { harness, sentAgain } = harnessOf(confirmed());
    harness.answer = () => {
      harness.table.put(after);
      return { kind: "delivered", status: 200 };
    };
    await sentAgain();
    expect(harness.table.row("t-1")).toEqual(after);
    expect(harness.journal).toEqual(["record other: condition failed", "delete"]);
    expect(harness.metrics).not.toContain(METRICS.redelivered);
  });

  it("has a result of few letters where the row is full", async () => {
    const { harness, calls, sentAgain, mark } = harnessOf(confirmed());
    let isFull = true;
    harness.table.fault = () => {
      if (!isFull) return undefined;
      isFull = false;
      return { kind: "rejected", error: "item too large" };
    };
    harness.answer = () => failed;
    await sentAgain();
    expect(mark()).toEqual({ ...MARK, markedAt: 0, version: 1, ended: { result: "failed" } });
    expect(calls).toHaveLength(1);
    expect(harness.queue.messages).toHaveLength(0);
  });

  it("is not called again and again where the row takes nothing at all", async () => {
    const { harness, calls, sentAgain } = harnessOf(confirmed());
    harness.table.fault = () => ({ kind: "rejected", error: "item too large" });
    await sentAgain();
    expect(calls).toHaveLength(1);
    expect(harness.queue.messages).toHaveLength(0);
  });

  it.each<[string, Changes, string]>([
    ["was changed", { amount: text("99.00") }, "content_changed"],
    ["lost its payload", { accepted: writeAccepted(1, contentIn(withPayload())) }, "content_changed"],
    ["was erased", { erasedAt: text("2026-11-29T00:00:00Z") }, "content_changed"],
    ["lost its merchant", { merchantId: undefined }, "content_changed"],
    ["had a higher version", { highestVersion: number(2) }, "version_lowered"],
    ["cannot be read, and nothing is pinned", { amount: undefined, accepted: undefined }, "row_invalid"],
  ])("is not called where its content %s, and says so", async (_, changes, result) => {
    const { harness, calls, sentAgain, mark } = harnessOf(confirmed(changes));
    await sentAgain();
    expect(calls).toEqual([]);
    expect(mark()?.ended).toMatchObject({ result, at: harness.clock.now(), error: expect.any(String) });
    expect(harness.deadLetters.messages).toHaveLength(0);
    expect(harness.table.row("t-1")).toMatchObject({ confirmationState: text("CONFIRMED") });
  });

  it("is called though its time to be delivered is over", async () => {
    const { calls, sentAgain, mark } = harnessOf(confirmed({ deliverBy: text("2020-01-01T00:00:00Z") }));
    await sentAgain();
    expect(calls).toHaveLength(1);
    expect(mark()?.ended?.result).toBe("delivered");
  });

  it.each<[string, (of: ReturnType<typeof harnessOf>) => void, string]>([
    ["paused", ({ harness }) => harness.healthTable.put("m-1", { pausedAt: 1 }), "paused"],
    [
      "at a URL that wants no more",
      ({ harness }) => harness.healthTable.put("m-1", { disabledUrls: ["https://merchant.example/"] }),
      "url disabled",
    ],
    [
      "behind an open circuit",
      ({ harness }) => harness.healthTable.put("m-1", { circuitOpenUntil: harness.clock.now() + 10_000 }),
      "circuit open",
    ],
    [
      "that has no room to spare",
      ({ harness }) => {
        const key = { merchantId: "m-1", origin: "https://merchant.example" };
        for (let call = 0; call < 5; call += 1) harness.bulkhead.tryEnter(key);
      },
      "no room",
    ],
  ])("of a merchant %s is turned away, and waits nowhere", async (_, prepare, error) => {
    const row = confirmed();
    const of = harnessOf(row);
    prepare(of);
    await of.sentAgain();
    expect(of.calls).toEqual([]);
    expect(of.mark()?.ended).toEqual({ result: "turned_away", at: of.harness.clock.now(), status: undefined, error });
    expect(unmarked(of.harness.table.row("t-1"))).toEqual(unmarked(row));
    expect(of.harness.queue.messages).toHaveLength(0);
    expect(of.harness.metrics).toEqual([METRICS.received, METRICS.redeliveryTurnedAway]);
  });

  it("of a merchant whose secret cannot be opened is turned away", async () => {
    const of = harnessOf(confirmed(), { merchants: { whyResting: () => "key unavailable" } });
    const { harness, sentAgain, mark } = harnessOf(confirmed(), {
      merchants: {
        whyResting: () => "key unavailable",
        prepare: async () => ({ ...(await preparedBy(of)), keys: undefined }),
      },
    });
    await sentAgain();
    expect(mark()?.ended).toMatchObject({ result: "turned_away", error: "key unavailable" });
    expect(harness.queue.messages).toHaveLength(0);
  });

  it("whose merchant is gone, or wants nothing any more, says so", async () => {
    const { harness, sentAgain, mark } = harnessOf(confirmed(), {
      merchants: {
        prepare: async () => ({ code: "merchant_deleted", fault: "producer", reason: "The merchant was deleted." }),
      },
    });
    await sentAgain();
    expect(mark()?.ended).toMatchObject({ result: "merchant_deleted", error: "The merchant was deleted." });
    expect(harness.deadLetters.messages).toHaveLength(0);
  });

  it("that our own network did not let out is turned away, and charged to nobody", async () => {
    const of = harnessOf(confirmed(), { merchants: { isOurs: () => true } });
    of.harness.answer = () => ({ kind: "failed", class: "connection", error: "no route" });
    await of.sentAgain();
    expect(of.mark()?.ended).toMatchObject({ result: "turned_away", error: "our egress" });
    expect(of.harness.healthTable.rows.size).toBe(0);
  });

  it("disables a URL that wants no more, like any call", async () => {
    const { harness, sentAgain, mark } = harnessOf(confirmed());
    harness.answer = () => ({ kind: "failed", class: "status_4xx", status: 410, error: "gone", disablesUrl: true });
    await sentAgain();
    expect(mark()?.ended?.result).toBe("status_4xx");
    expect(harness.warnings).toContain("url disabled");
    expect(harness.table.row("t-1")["confirmationState"]).toEqual(text("CONFIRMED"));
  });

  it("is given back by a task that ends, and owed as before", async () => {
    const row = confirmed();
    const { harness, calls, sentAgain } = harnessOf(row);
    harness.isStopping = true;
    await sentAgain();
    expect(calls).toEqual([]);
    expect(harness.journal).toEqual(["visible in 0 s"]);
    expect(harness.table.row("t-1")).toEqual(row);
  });

  it("with an ordering key takes its place in its group, and is waited for by nobody when it fails", async () => {
    const row = confirmed({ orderingKey: text("k"), orderingAfter: text("t-0") });
    const { harness, calls, sentAgain, mark } = harnessOf(row, { isOrdered: true });
    harness.table.put(transactionRow({ transactionId: text("t-0"), orderingKey: text("k") }));
    harness.answer = () => failed;
    await sentAgain();
    expect(calls).toHaveLength(1);
    expect(mark()?.ended?.result).toBe("status_5xx");
    expect(harness.journal).toEqual(["record other: written", "delete"]);
  });

  it("says in its trace which job sent it", async () => {
    const hops: TraceHop[] = [];
    const { sentAgain, calls } = harnessOf(confirmed({ traceHeader: text(SAMPLED) }), {
      telemetry: { hops: { send: (hop) => void hops.push(hop) } },
    });
    await sentAgain();
    expect(hops).toEqual([
      expect.objectContaining({ annotations: expect.objectContaining({ redelivery: "job-1", outcome: "delivered" }) }),
    ]);
    expect(calls[0]?.traceparent).toBeDefined();
  });
});

describe("a failed row that a job sends again", () => {
  const failedRow = (changes: Changes = {}): AttributeMap => {
    const row = transactionRow({
      confirmationState: text("FAILED"),
      stateVersion: number(1),
      releaseNumber: number(2),
      attemptCount: number(3),
      failure: { M: { code: text("attempts_exhausted"), fault: text("merchant"), reason: text("why") } },
      failedKey: text("m-1#0"),
      failedAt: text("attempts_exhausted#2026"),
      ...changes,
    });
    return { ...row, redelivery: writeRedelivery(markOf(row, MARK)) };
  };

  it("opens as a dead letter that was put back, and its merchant is told", async () => {
    const { harness, calls, sentAgain, mark } = harnessOf(failedRow());
    await sentAgain();
    expect(calls[0]?.headerLines).toBe("webhook-redelivery: job-1\r\n");
    const row = harness.table.row("t-1");
    expect(row).toMatchObject({
      confirmationState: text("CONFIRMED"),
      releaseNumber: number(3),
      attemptCount: number(1),
    });
    expect(row).not.toHaveProperty("failedKey");
    expect(mark()).toEqual({ ...MARK, version: 1, reopens: 2 });
    expect(harness.metrics).toContain(METRICS.reopened);
    expect(harness.metrics).toContain(METRICS.confirmed);
  });

  it("has its whole schedule, with the header on each attempt, and fails with a letter of its own", async () => {
    const { harness, calls, sentAgain } = harnessOf(failedRow());
    harness.answer = () => failed;
    await sentAgain();
    expect(harness.table.row("t-1")).toMatchObject({ confirmationState: text("SCHEDULED"), releaseNumber: number(3) });
    const letters: unknown[] = [];
    for (let release = 4; release < 10 && letters.length === 0; release += 1) {
      const row = { ...harness.table.row("t-1"), confirmationState: text("PENDING"), releaseNumber: number(release) };
      harness.table.put(row);
      await harness.handle({ release });
      letters.push(...harness.deadLetters.messages.map(({ body }) => JSON.parse(body) as unknown));
    }
    expect(calls.length).toBeGreaterThan(2);
    expect(new Set(calls.map(({ headerLines }) => headerLines))).toEqual(new Set(["webhook-redelivery: job-1\r\n"]));
    expect(letters).toEqual([expect.not.objectContaining({ redelivery: expect.anything() })]);
    expect(harness.table.row("t-1")["confirmationState"]).toEqual(text("FAILED"));
  });

  it("is opened once: the second message, and the letter that SQS puts back, are stale", async () => {
    const row = failedRow();
    const { harness, calls, sentAgain } = harnessOf(row);
    await sentAgain();
    await harness.handle({ release: 2, deadLettered: true });
    harness.clock.advance(301_000);
    await sentAgain();
    expect(calls).toHaveLength(1);
  });

  it("that SQS put back first ends the same, and the job's message is stale", async () => {
    const row = failedRow();
    const { harness, calls, sentAgain } = harnessOf(row);
    await harness.handle({ release: 2, deadLettered: true });
    await sentAgain();
    expect(calls.map(({ headerLines }) => headerLines)).toEqual(["webhook-redelivery: job-1\r\n"]);
    expect(harness.table.row("t-1")["confirmationState"]).toEqual(text("CONFIRMED"));
  });

  it("goes to the end of its ordered group, as a letter does", async () => {
    const row = failedRow({ orderingKey: text("k") });
    const { harness, calls, sentAgain } = harnessOf(row);
    await sentAgain();
    expect(calls).toEqual([]);
    const [moved] = harness.ordered.messages;
    expect(JSON.parse(moved?.body ?? "")).toEqual({ schema: 1, transactionId: "t-1", version: 1, release: 3 });
  });

  it("is told no more of the job once its version was raised", async () => {
    const { harness, calls } = harnessOf({ ...failedRow(), version: number(2) });
    await harness.handle({ version: 2, release: 2 });
    expect(calls.map(({ headerLines }) => headerLines)).toEqual([undefined]);
  });
});

function withPayload(): AttributeMap {
  return transactionRow({ payload: { M: { note: text("x") } } });
}

async function preparedBy({ harness }: ReturnType<typeof harnessOf>) {
  return {
    merchant: { merchantId: "m-1", secretKeyVersion: "1" },
    destination: { origin: "https://merchant.example", path: "/" },
    webhook: { id: "msg_1", body: "{}" },
    content: contentIn(harness.table.row("t-1")),
    deadlineMs: 10_000,
  };
}
