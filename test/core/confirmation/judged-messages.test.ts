import { describe, expect, it } from "@jest/globals";
import { METRICS } from "../../../core/settings/names.ts";
import { number, text, transactionRow } from "../../support/rows.ts";
import { LEASE_MS, workerHarness } from "../../support/worker-harness.ts";

const state = (name: string, stateVersion = 1) => ({
  confirmationState: text(name),
  stateVersion: number(stateVersion),
});
const failure = { M: { code: text("attempts_exhausted"), fault: text("merchant"), reason: text("no luck") } };

describe("a message that is not to be accepted", () => {
  it.each([
    ["has no row", undefined],
    ["is superseded", transactionRow({ version: number(2) })],
    ["is confirmed", transactionRow(state("CONFIRMED"))],
    ["is parked", transactionRow(state("SCHEDULED"))],
    ["was released again", transactionRow({ releaseNumber: number(1) })],
  ])("is deleted without a call when it %s", async (_, row) => {
    const harness = workerHarness(row);
    if (row === undefined) harness.table.rows.clear();
    await harness.handle();
    expect(harness.journal).toEqual(["delete"]);
    expect(harness.metrics.slice(0, 2)).toEqual([METRICS.received, METRICS.discarded]);
  });

  it("is quarantined when it is unreadable, as it came, and then deleted", async () => {
    const harness = workerHarness();
    await harness.handle("hello");
    expect(harness.journal).toEqual(["dead letter", "delete"]);
    expect(JSON.parse(harness.deadLetters.messages[0]?.body ?? "")).toMatchObject({
      deadLettered: true,
      body: "hello",
      failure: { code: "message_unreadable", fault: "pipeline" },
    });
    expect(harness.metrics).toEqual([METRICS.received, METRICS.setAside, METRICS.deadLetteredPipeline]);
  });

  it("is left for a newer task when its schema is newer", async () => {
    const harness = workerHarness();
    await harness.handle('{"schema":3}');
    expect(harness.journal).toEqual(["visible in 30 s"]);
    expect(harness.warnings).toEqual(["message left for a newer task"]);
  });

  it("is quarantined when no newer task has come for it, so that the queue does not grow old with it", async () => {
    const harness = workerHarness();
    await harness.queue.send([{ body: '{"schema":3}', groupId: "t-1", deduplicationId: "1" }]);
    for (let receives = 1; receives <= 20; receives += 1) {
      await harness.confirmation.handle(await harness.receive());
      harness.clock.advance(30_000);
    }
    expect(harness.queue.messages).toEqual([]);
    expect(JSON.parse(harness.deadLetters.messages[0]?.body ?? "")).toMatchObject({
      body: '{"schema":3}',
      failure: { code: "message_unreadable" },
    });
  });

  it("stays the letter that it is when it was unreadable and is put back, were it at once", async () => {
    const harness = workerHarness();
    await harness.handle("hello");
    const [letter] = harness.deadLetters.drain();
    await harness.queue.send([{ body: letter?.body ?? "", groupId: "t-1", deduplicationId: "put back" }]);
    await harness.confirmation.handle(await harness.receive());
    expect(harness.deadLetters.messages.map(({ body }) => body)).toEqual([letter?.body]);
  });
});

describe("a message of a failed row", () => {
  const row = transactionRow({ ...state("FAILED"), failure, attemptCount: number(3) });

  it("makes sure of the dead letter and goes, when it is a replay", async () => {
    const harness = workerHarness(row);
    await harness.handle();
    expect(harness.journal).toEqual(["dead letter", "delete"]);
    expect(harness.table.row("t-1")).toEqual(row);
    expect(JSON.parse(harness.deadLetters.messages[0]?.body ?? "")).toMatchObject({
      deadLettered: true,
      attemptCount: 3,
      failure: { code: "attempts_exhausted", fault: "merchant", reason: "no luck" },
    });
  });

  it("sends a dead letter that says so when the row has kept no reason", async () => {
    const harness = workerHarness(transactionRow(state("FAILED")));
    await harness.handle();
    expect(JSON.parse(harness.deadLetters.messages[0]?.body ?? "").failure).toMatchObject({
      code: "row_invalid",
      fault: "producer",
      reason: expect.stringContaining("has no reason"),
    });
  });

  it("opens it again at the next generation, when it is a dead letter that was put back", async () => {
    const harness = workerHarness(row);
    await harness.handle({ deadLettered: true });
    expect(harness.journal).toEqual(["record PENDING: written", "call", "record CONFIRMED: written", "delete"]);
    expect(harness.table.row("t-1")).toMatchObject({
      ...state("CONFIRMED"),
      releaseNumber: number(1),
      attemptCount: number(1),
    });
    expect(harness.metrics).toContain(METRICS.reopened);
  });

  it(
    "is looked at again when it is put back before the row says that it failed: it may be one that must not " +
      "be delivered",
    async () => {
      const harness = workerHarness();
      await harness.handle({ deadLettered: true });
      expect(harness.journal).toEqual(["visible in 5 s"]);
      expect(harness.table.row("t-1")).toEqual(transactionRow());
    },
  );

  it("has all its attempts again, but waits in the table, since its message is of the generation before", async () => {
    const harness = workerHarness(row);
    harness.answer = () => ({ kind: "failed", class: "status_5xx", status: 500, error: "no" });
    await harness.handle({ deadLettered: true });
    expect(harness.journal).toEqual(["record PENDING: written", "call", "record SCHEDULED: written", "delete"]);
    expect(harness.table.row("t-1")).toMatchObject({
      attemptCount: number(1),
      releaseNumber: number(1),
      giveUpAt: number(harness.clock.now() + 1_000_000),
    });
  });

  it("that fails once more sends a dead letter of the new generation, which can be put back in its turn", async () => {
    const harness = workerHarness(transactionRow({ ...state("FAILED"), failure, amount: number(1) }));
    await harness.handle({ deadLettered: true });
    expect(JSON.parse(harness.deadLetters.messages[0]?.body ?? "")).toMatchObject({
      release: 1,
      failure: { code: "row_invalid" },
    });
    expect(harness.table.row("t-1")).toMatchObject({ ...state("FAILED"), releaseNumber: number(1) });
    await harness.handle({ deadLettered: true, release: 1 });
    expect(harness.table.row("t-1")).toMatchObject({ ...state("FAILED"), releaseNumber: number(2) });
  });

  it("is due again after the lease, should the task end right after it was opened", async () => {
    const harness = workerHarness(row);
    harness.answer = () => Promise.reject(new Error("the task ended"));
    await harness.handle({ deadLettered: true });
    expect(harness.table.row("t-1")).toMatchObject({
      ...state("PENDING"),
      dueKey: text("P#0"),
      dueAt: number(harness.clock.now() + LEASE_MS),
    });
  });

  it("is not opened twice by two copies of its dead letter", async () => {
    const harness = workerHarness(row);
    harness.table.fault = () => {
      harness.table.rows.set("t-1", transactionRow({ ...state("PENDING"), releaseNumber: number(1) }));
      return undefined;
    };
    await harness.handle({ deadLettered: true });
    expect(harness.journal).toEqual(["record PENDING: condition failed", "delete"]);
  });

  it("that was lowered goes back to the dead letters, as a newer outcome may have been delivered", async () => {
    const lowered = transactionRow({ ...state("FAILED"), failure: { M: { code: text("version_lowered") } } });
    const harness = workerHarness(lowered);
    await harness.handle({ deadLettered: true });
    expect(harness.journal).toEqual(["dead letter", "delete"]);
    expect(harness.table.row("t-1")).toEqual(lowered);
  });
});
