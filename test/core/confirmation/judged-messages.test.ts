import { describe, expect, it } from "@jest/globals";
import { METRICS } from "../../../core/settings/names.ts";
import { number, text, transactionRow } from "../../support/rows.ts";
import { LEASE_MS, workerBench } from "../../support/worker-bench.ts";

const state = (name: string, stateVersion = 1) => ({
  confirmationState: text(name),
  stateVersion: number(stateVersion),
});
const failure = { M: { code: text("attempts_exhausted"), fault: text("merchant"), reason: text("no luck") } };

describe("a message that is not to be heard", () => {
  it.each([
    ["has no row", undefined],
    ["is superseded", transactionRow({ version: number(2) })],
    ["is confirmed", transactionRow(state("CONFIRMED"))],
    ["is parked", transactionRow(state("SCHEDULED"))],
    ["was released again", transactionRow({ releaseNumber: number(1) })],
  ])("is deleted without a call when it %s", async (_, row) => {
    const bench = workerBench(row);
    if (row === undefined) bench.table.rows.clear();
    await bench.handle();
    expect(bench.journal).toEqual(["delete"]);
    expect(bench.metrics.slice(0, 2)).toEqual([METRICS.received, METRICS.discarded]);
  });

  it("is set aside when it is unreadable, as it came, and then deleted", async () => {
    const bench = workerBench();
    await bench.handle("hello");
    expect(bench.journal).toEqual(["dead letter", "delete"]);
    expect(JSON.parse(bench.deadLetters.messages[0]?.body ?? "")).toMatchObject({
      deadLettered: true,
      body: "hello",
      failure: { code: "message_unreadable", fault: "pipeline" },
    });
    expect(bench.metrics).toEqual([METRICS.received, METRICS.setAside, METRICS.deadLetteredPipeline]);
  });

  it("is left for a newer task when its schema is newer", async () => {
    const bench = workerBench();
    await bench.handle('{"schema":2}');
    expect(bench.journal).toEqual(["visible in 30 s"]);
    expect(bench.warnings).toEqual(["message left for a newer task"]);
  });

  it("is set aside when no newer task has come for it, so that the queue does not grow old with it", async () => {
    const bench = workerBench();
    await bench.queue.send([{ body: '{"schema":2}', groupId: "t-1", deduplicationId: "1" }]);
    for (let receives = 1; receives <= 20; receives += 1) {
      await bench.confirmation.handle(await bench.receive());
      bench.clock.advance(30_000);
    }
    expect(bench.queue.messages).toEqual([]);
    expect(JSON.parse(bench.deadLetters.messages[0]?.body ?? "")).toMatchObject({
      body: '{"schema":2}',
      failure: { code: "message_unreadable" },
    });
  });

  it("stays the letter that it is when it was unreadable and is put back, were it at once", async () => {
    const bench = workerBench();
    await bench.handle("hello");
    const [letter] = bench.deadLetters.drain();
    await bench.queue.send([{ body: letter?.body ?? "", groupId: "t-1", deduplicationId: "put back" }]);
    await bench.confirmation.handle(await bench.receive());
    expect(bench.deadLetters.messages.map(({ body }) => body)).toEqual([letter?.body]);
  });
});

describe("a message of a failed row", () => {
  const row = transactionRow({ ...state("FAILED"), failure, attemptCount: number(3) });

  it("makes sure of the dead letter and goes, when it is a replay", async () => {
    const bench = workerBench(row);
    await bench.handle();
    expect(bench.journal).toEqual(["dead letter", "delete"]);
    expect(bench.table.row("t-1")).toEqual(row);
    expect(JSON.parse(bench.deadLetters.messages[0]?.body ?? "")).toMatchObject({
      deadLettered: true,
      attemptCount: 3,
      failure: { code: "attempts_exhausted", fault: "merchant", reason: "no luck" },
    });
  });

  it("sends a dead letter that says so when the row has kept no reason", async () => {
    const bench = workerBench(transactionRow(state("FAILED")));
    await bench.handle();
    expect(JSON.parse(bench.deadLetters.messages[0]?.body ?? "").failure).toMatchObject({
      code: "row_invalid",
      fault: "producer",
      reason: expect.stringContaining("has no reason"),
    });
  });

  it("opens it again at the next release, when it is a dead letter that was put back", async () => {
    const bench = workerBench(row);
    await bench.handle({ deadLettered: true });
    expect(bench.journal).toEqual(["record PENDING: written", "call", "record CONFIRMED: written", "delete"]);
    expect(bench.table.row("t-1")).toMatchObject({
      ...state("CONFIRMED"),
      releaseNumber: number(1),
      attemptCount: number(1),
    });
    expect(bench.metrics).toContain(METRICS.reopened);
  });

  it(
    "is looked at again when it is put back before the row says that it failed: it may be one that must not " +
      "be delivered",
    async () => {
      const bench = workerBench();
      await bench.handle({ deadLettered: true });
      expect(bench.journal).toEqual(["visible in 5 s"]);
      expect(bench.table.row("t-1")).toEqual(transactionRow());
    },
  );

  it("has all its tries again, but waits in the table, since its message is of the release before", async () => {
    const bench = workerBench(row);
    bench.answer = () => ({ kind: "failed", class: "status_5xx", status: 500, error: "no" });
    await bench.handle({ deadLettered: true });
    expect(bench.journal).toEqual(["record PENDING: written", "call", "record SCHEDULED: written", "delete"]);
    expect(bench.table.row("t-1")).toMatchObject({
      attemptCount: number(1),
      releaseNumber: number(1),
      giveUpAt: number(bench.clock.now() + 1_000_000),
    });
  });

  it("that fails once more sends a dead letter of the new release, which can be put back in its turn", async () => {
    const bench = workerBench(transactionRow({ ...state("FAILED"), failure, amount: number(1) }));
    await bench.handle({ deadLettered: true });
    expect(JSON.parse(bench.deadLetters.messages[0]?.body ?? "")).toMatchObject({
      release: 1,
      failure: { code: "row_invalid" },
    });
    expect(bench.table.row("t-1")).toMatchObject({ ...state("FAILED"), releaseNumber: number(1) });
    await bench.handle({ deadLettered: true, release: 1 });
    expect(bench.table.row("t-1")).toMatchObject({ ...state("FAILED"), releaseNumber: number(2) });
  });

  it("is due again after the lease, should the task end right after it was opened", async () => {
    const bench = workerBench(row);
    bench.answer = () => Promise.reject(new Error("the task ended"));
    await bench.handle({ deadLettered: true });
    expect(bench.table.row("t-1")).toMatchObject({
      ...state("PENDING"),
      dueKey: text("P#0"),
      dueAt: number(bench.clock.now() + LEASE_MS),
    });
  });

  it("is not opened twice by two copies of its dead letter", async () => {
    const bench = workerBench(row);
    bench.table.fault = () => {
      bench.table.rows.set("t-1", transactionRow({ ...state("PENDING"), releaseNumber: number(1) }));
      return undefined;
    };
    await bench.handle({ deadLettered: true });
    expect(bench.journal).toEqual(["record PENDING: condition failed", "delete"]);
  });

  it("that was lowered goes back to the dead letters, as a newer outcome may have been delivered", async () => {
    const lowered = transactionRow({ ...state("FAILED"), failure: { M: { code: text("version_lowered") } } });
    const bench = workerBench(lowered);
    await bench.handle({ deadLettered: true });
    expect(bench.journal).toEqual(["dead letter", "delete"]);
    expect(bench.table.row("t-1")).toEqual(lowered);
  });
});
