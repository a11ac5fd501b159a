import { describe, expect, it } from "@jest/globals";
import { encodeDeadLetter, encodeMessage } from "../../../core/transaction/message.ts";
import { METRICS } from "../../../core/settings/names.ts";
import type { AttemptOutcome } from "../../../core/retry/next-step.ts";
import { orderedGroupIdOf } from "../../../core/transaction/ordering.ts";
import { failure } from "../../../core/transaction/failure.ts";
import { type Changes, number, text, transactionRow } from "../../support/rows.ts";
import { type BenchChanges, LEASE_MS, type WorkerHarness, workerHarness } from "../../support/worker-harness.ts";

const DELIVER_WITHIN_MS = 1_000_000;
const failed: AttemptOutcome = { kind: "failed", class: "status_5xx", status: 503, error: "the endpoint answered 503" };
const state = (name: string): Changes => ({ confirmationState: text(name), stateVersion: number(1) });
const row = (changes: Changes = {}) => transactionRow({ orderingKey: text("k"), ...changes });
const groupId = orderedGroupIdOf(row()) ?? "";

function harness(changes: Changes = {}, parts: BenchChanges = {}): WorkerHarness {
  return workerHarness(row(changes), { isOrdered: true, ...parts });
}

async function again(of: WorkerHarness): Promise<void> {
  await of.confirmation.handle(await of.receive());
}

describe("a message of an ordering key", () => {
  it("is confirmed and deleted like any other", async () => {
    const of = harness();
    await of.handle();
    expect(of.journal).toEqual(["call", "record CONFIRMED: written", "delete"]);
  });

  it("stays in its place after a failed attempt, however long the wait, and never parks", async () => {
    const of = harness({ ...state("PENDING"), attemptCount: number(1) });
    of.answer = () => failed;
    await of.handle();
    expect(of.journal).toEqual(["call", "record PENDING: written", "visible in 100 s"]);
    const nextTryAt = of.clock.now() + 100_000;
    expect(of.table.row("t-1")).toMatchObject({
      ...state("PENDING"),
      attemptCount: number(2),
      nextTryAt: number(nextTryAt),
      dueKey: text("O#0"),
      dueAt: number(nextTryAt + LEASE_MS),
    });
    expect(of.metrics).toContain(METRICS.stayedInOrder);
    expect(of.metrics).not.toContain(METRICS.parked);
  });

  it("is not attempted before its time, though it is received earlier", async () => {
    const of = harness({ ...state("PENDING") });
    const nextTryAt = of.clock.now() + 20_000;
    of.table.rows.set("t-1", row({ ...state("PENDING"), nextTryAt: number(nextTryAt) }));
    await of.handle();
    expect(of.journal).toEqual(["visible in 20 s"]);
    of.clock.advance(20_000);
    await again(of);
    expect(of.journal.slice(1)).toEqual(["call", "record CONFIRMED: written", "delete"]);
    expect(of.table.row("t-1")).not.toHaveProperty("nextTryAt");
  });

  it("is looked at once an hour while its wait is longer, so that a newer version frees its group", async () => {
    const retry = { scheduleSeconds: [36_000], inQueueMaxSeconds: 30, maxRetryAfterSeconds: 3600 };
    const of = harness({}, { settings: { retry, deliverWithinMs: 100_000_000 } });
    of.answer = () => failed;
    await of.handle();
    expect(of.journal.at(-1)).toBe("visible in 3600 s");
    of.table.put(row({ version: number(2) }));
    of.clock.advance(3_600_000);
    await again(of);
    expect(of.journal.at(-1)).toBe("delete");
    expect(of.queue.messages).toEqual([]);
  });

  it("waits as long as its merchant asks for, in its place", async () => {
    const of = harness();
    of.answer = () => ({ ...failed, retryAfterSeconds: 300 });
    await of.handle();
    expect(of.table.row("t-1")).toMatchObject({ ...state("PENDING"), attemptCount: number(0) });
    expect(Number(of.table.row("t-1")["nextTryAt"]?.N) - of.clock.now()).toBeGreaterThanOrEqual(300_000);
    expect(of.journal.at(-1)).toMatch(/^visible in 3\d\d s$/);
  });

  it("is given up after its last attempt: dead letter, record, delete", async () => {
    const of = harness({ ...state("PENDING"), attemptCount: number(2) });
    of.answer = () => failed;
    await of.handle();
    expect(of.journal).toEqual(["call", "dead letter", "record FAILED: written", "delete"]);
    expect(of.deadLetters.messages[0]).toMatchObject({ groupId });
  });
});

describe("an ordering key whose merchant is not admitted", () => {
  it("waits in its place, and says once on the row what for", async () => {
    const of = harness();
    of.healthTable.put("m-1", { pausedAt: 1 });
    await of.handle();
    expect(of.journal).toEqual(["record PENDING: written", "visible in 6 s"]);
    expect(of.table.row("t-1")).toMatchObject({ waitingFor: text("paused"), attemptCount: number(0) });
    of.clock.advance(6000);
    await again(of);
    expect(of.journal.slice(2)).toEqual(["visible in 6 s"]);
    expect(of.metrics.filter((metric) => metric === METRICS.waiting)).toHaveLength(2);
  });

  it("writes nothing for want of room, and is back in a moment", async () => {
    const of = harness();
    of.merchant = { maxConcurrency: 0 };
    await of.handle();
    expect(of.journal).toEqual(["visible in 2 s"]);
  });

  it("goes on in its place when its merchant is admitted", async () => {
    const of = harness();
    of.healthTable.put("m-1", { pausedAt: 1 });
    await of.handle();
    of.healthTable.resume("m-1");
    of.clock.advance(10_000);
    await again(of);
    expect(of.journal.slice(2)).toEqual(["call", "record CONFIRMED: written", "delete"]);
  });

  it("stays in its place for a moment when our own network is at fault, and no attempt is counted", async () => {
    const of = harness({}, { merchants: { isOurs: () => true } });
    of.answer = () => failed;
    await of.handle();
    expect(of.table.row("t-1")).toMatchObject({ waitingFor: text("our egress"), attemptCount: number(0) });
    expect(of.journal).toEqual(["call", "record PENDING: written", "visible in 10 s"]);
  });

  it("stays in its place when the merchant wants no more at this URL, and the attempt is on record", async () => {
    const of = harness();
    of.answer = () => ({ ...failed, class: "status_4xx", status: 410, disablesUrl: true });
    await of.handle();
    expect(of.table.row("t-1")).toMatchObject({ ...state("PENDING"), waitingFor: text("url disabled") });
    expect(of.table.row("t-1")["attempts"]?.L).toHaveLength(1);
    expect(of.journal.at(-1)).toBe("visible in 6 s");
  });
});

describe("the time to give up of a row with an ordering key", () => {
  it("counts from when it was sent, not from when its turn came", async () => {
    const of = harness();
    const sentAt = of.clock.now();
    await of.queue.send([
      {
        body: encodeMessage({ transactionId: "t-1", version: 1, release: 0 }),
        groupId,
        deduplicationId: "1",
      },
    ]);
    of.clock.advance(600_000);
    of.answer = () => failed;
    await again(of);
    expect(of.table.row("t-1")["giveUpAt"]).toEqual(number(sentAt + DELIVER_WITHIN_MS));
  });

  it("leaves one attempt to a row whose turn comes later than that", async () => {
    const of = harness();
    await of.queue.send([
      { body: encodeMessage({ transactionId: "t-1", version: 1, release: 0 }), groupId, deduplicationId: "1" },
    ]);
    of.clock.advance(2 * DELIVER_WITHIN_MS);
    of.answer = () => failed;
    await again(of);
    expect(of.journal).toEqual(["call", "dead letter", "record FAILED: written", "delete"]);
    expect(of.table.row("t-1")).toMatchObject({ attemptCount: number(1), failure: { M: { code: text("expired") } } });
  });

  it("leaves that attempt even if time goes by while it is judged", async () => {
    const of: WorkerHarness = harness(
      {},
      {
        clock: {
          now: () => {
            of.clock.advance(1);
            return of.clock.now();
          },
        },
      },
    );
    await of.queue.send([
      { body: encodeMessage({ transactionId: "t-1", version: 1, release: 0 }), groupId, deduplicationId: "1" },
    ]);
    of.clock.advance(2 * DELIVER_WITHIN_MS);
    await again(of);
    expect(of.journal).toEqual(["call", "record CONFIRMED: written", "delete"]);
  });

  it("is the row's own if it says one", async () => {
    const of = harness({ deliverBy: text("2020-01-01T00:00:00Z") });
    await of.handle();
    expect(of.journal).toEqual(["dead letter", "record FAILED: written", "delete"]);
    expect(of.table.row("t-1")["failure"]?.M?.["reason"]?.S).toContain("behind earlier ones of its ordering key");
  });
});

describe("a row with an ordering key that is found in the other queue", () => {
  it("is moved to the end of its group, not delivered", async () => {
    const of = workerHarness(row());
    await of.handle();
    expect(of.journal).toEqual(["delete"]);
    expect(of.ordered.messages).toMatchObject([
      { groupId, body: encodeMessage({ transactionId: "t-1", version: 1, release: 0 }) },
    ]);
    expect(of.metrics).toContain(METRICS.movedToOrdered);
  });

  it("stays where it is while the ordered queue cannot take it", async () => {
    const of = workerHarness(row());
    of.ordered.isDown = true;
    await of.handle();
    expect(of.journal).toEqual(["visible in 5 s"]);
    expect(of.warnings).toEqual(["message left in the queue"]);
  });

  it("is opened again first if it is a dead letter that was put back, and comes at its next generation", async () => {
    const of = workerHarness(row(state("FAILED")));
    const message = { transactionId: "t-1", version: 1, release: 0 };
    await of.handle(encodeDeadLetter(message, failure("attempts_exhausted", "no luck"), 3));
    expect(of.journal).toEqual(["record PENDING: written", "delete"]);
    expect(of.table.row("t-1")).toMatchObject({ ...state("PENDING"), dueKey: text("O#0"), releaseNumber: number(1) });
    expect(of.ordered.messages).toMatchObject([{ groupId, body: encodeMessage({ ...message, release: 1 }) }]);
  });
});

describe("in the ordered queue", () => {
  it("a message of another group than its row's is moved to the right one", async () => {
    const of = harness();
    const body = encodeMessage({ transactionId: "t-1", version: 1, release: 0 });
    await of.queue.send([{ body, groupId: "of another key", deduplicationId: "1" }]);
    await again(of);
    expect(of.journal).toEqual(["delete"]);
    expect(of.queue.messages).toMatchObject([{ groupId, body }]);
  });

  it("a row that lost its key with the same version is delivered, and parked when that fails", async () => {
    const of = workerHarness(transactionRow(), { isOrdered: true });
    of.answer = () => failed;
    await of.handle();
    expect(of.journal).toEqual(["call", "record SCHEDULED: written", "delete"]);
  });

  it("a repetition of a row that has failed is deleted, as its dead letter was sent before it failed", async () => {
    const of = harness(state("FAILED"));
    await of.handle();
    expect(of.journal).toEqual(["delete"]);
  });

  it("a row whose table cannot be read is looked at ever more seldom", async () => {
    const of = harness();
    of.table.isDown = true;
    await of.handle();
    expect(of.journal).toEqual(["visible in 6 s"]);
  });

  it("a message of a newer schema is left much longer, as it is received while it is behind others", async () => {
    const of = harness();
    await of.queue.send([{ body: '{"schema":3}', groupId, deduplicationId: "1" }]);
    for (let receives = 1; receives <= 25; receives += 1) {
      await again(of);
      of.clock.advance(30_000);
    }
    expect(of.queue.messages).toHaveLength(1);
    expect(of.deadLetters.messages).toEqual([]);
  });
});
