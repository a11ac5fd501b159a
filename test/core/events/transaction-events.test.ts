import { describe, expect, it } from "@jest/globals";
import { transactionStep } from "../../../core/events/transaction-events.ts";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { type Changes, changed, number, text, transactionRow } from "../../support/rows.ts";

const inState = (state: string, changes: Changes = {}): AttributeMap =>
  transactionRow({ confirmationState: text(state), stateVersion: number(1), ...changes });
const attempt = (at: number, outcome: string, status?: number) => ({
  L: [
    {
      M: {
        at: number(at),
        durationMs: number(12),
        outcome: text(outcome),
        ...(status !== undefined && { status: number(status) }),
        answer: text("a response of theirs"),
        error: text("an address of theirs"),
      },
    },
  ],
});
const failure = { M: { code: text("attempts_exhausted"), fault: text("merchant"), reason: text("all 8 failed") } };
const mark = (result?: string) => ({
  M: {
    jobId: text("job-1"),
    version: number(1),
    generation: number(1),
    markedAt: number(5),
    ...(result !== undefined && { result: text(result) }),
  },
});
const confirmed = inState("CONFIRMED", { attemptCount: number(1), attempts: attempt(1000, "delivered", 200) });
const confirmedBy = { M: { version: number(1), by: text("shadow"), bodyDigest: text("9f86") } };
const shadowed = inState("CONFIRMED", { confirmedBy });
const failed = inState("FAILED", { attemptCount: number(8), failure, settledAt: number(9000) });
const scheduled = inState("SCHEDULED", { attemptCount: number(1), attempts: attempt(1000, "status_5xx", 503) });

it("tells by whom it was confirmed, where that was another system, and nothing of what would be sent", () => {
  const state = transactionStep({ newImage: shadowed })?.state;
  expect(state).toMatchObject({ state: "CONFIRMED", confirmedBy: "shadow" });
  expect(JSON.stringify(state)).not.toContain("9f86");
  expect(transactionStep({ newImage: confirmed })?.state).not.toHaveProperty("confirmedBy");
  // Of another version it says nothing.
  expect(transactionStep({ newImage: changed(shadowed, { version: number(2) }) })?.state).not.toHaveProperty(
    "confirmedBy",
  );
});

describe("what a change of a row is told as", () => {
  const steps: readonly (readonly [string, AttributeMap | undefined, AttributeMap | undefined, string | undefined])[] =
    [
      ["a row that is new", undefined, transactionRow(), "transaction.accepted"],
      ["a raised version", confirmed, changed(confirmed, { version: number(2) }), "transaction.accepted"],
      ["a row that is new and confirmed, as one of a backup", undefined, confirmed, "transaction.confirmed"],
      ["a first attempt that is delivered", transactionRow(), confirmed, "transaction.confirmed"],
      ["one that is left to another system", transactionRow(), shadowed, "transaction.confirmed"],
      ["a delivery of one that was given up", failed, confirmed, "transaction.confirmed"],
      ["one that is given up", scheduled, failed, "transaction.failed"],
      ["changed content of a confirmed one", confirmed, failed, "transaction.failed"],
      ["one that is parked after an attempt", transactionRow(), scheduled, "transaction.scheduled"],
      [
        "one that is parked for its merchant",
        transactionRow(),
        inState("SCHEDULED", { waitingFor: text("paused") }),
        "transaction.scheduled",
      ],
      [
        "one that goes on the queue again",
        scheduled,
        changed(scheduled, { confirmationState: text("PENDING"), releaseNumber: number(1) }),
        "transaction.requeued",
      ],
      [
        "an attempt that is retried in the queue",
        transactionRow(),
        inState("PENDING", { attemptCount: number(1), attempts: attempt(1000, "timeout") }),
        "transaction.attempted",
      ],
      [
        "an attempt that does not count",
        inState("PENDING", { attemptCount: number(1), attempts: attempt(1000, "timeout") }),
        inState("PENDING", { attemptCount: number(1), attempts: attempt(2000, "status_429", 429) }),
        "transaction.attempted",
      ],
      [
        "a dead letter that was put back",
        failed,
        inState("PENDING", { attemptCount: number(0), releaseNumber: number(1) }),
        "transaction.reopened",
      ],
      [
        "a mark of a redelivery",
        confirmed,
        changed(confirmed, { redelivery: mark() }),
        "transaction.redelivery_requested",
      ],
      [
        "the result of a redelivery",
        changed(confirmed, { redelivery: mark() }),
        changed(confirmed, { redelivery: mark("delivered") }),
        "transaction.redelivered",
      ],
      ["a put that wiped what was recorded", confirmed, transactionRow(), "transaction.changed"],
      [
        "one that waits in its place",
        inState("PENDING"),
        inState("PENDING", { waitingFor: text("circuit open") }),
        "transaction.changed",
      ],
      ["a row that is gone", confirmed, undefined, "transaction.removed"],
      [
        "keys that were put in place",
        transactionRow(),
        transactionRow({ dueKey: text("P#0"), dueAt: number(5) }),
        undefined,
      ],
      ["a listing among the failed ones", failed, changed(failed, { failedKey: text("m-1#0") }), undefined],
      ["other content alone", confirmed, changed(confirmed, { amount: text("99") }), undefined],
    ];
  it.each(steps)("%s", (_, oldImage, newImage, type) => {
    expect(transactionStep({ oldImage, newImage })?.type).toBe(type);
  });

  it("is nothing for the canary's rows", () => {
    const [owed, done] = [transactionRow(), confirmed].map((row) =>
      changed(row, { merchantId: text("pipeline-canary") }),
    );
    expect(
      [{ newImage: owed }, { oldImage: owed, newImage: done }, { oldImage: done }].map(
        (change) => transactionStep(change)?.type,
      ),
    ).toEqual([undefined, undefined, undefined]);
  });

  it("has the whole state, and nothing of what was paid, sent or answered", () => {
    const row = changed(failed, {
      attempts: attempt(8000, "status_5xx", 503),
      releaseNumber: number(2),
      redelivery: mark(),
      confirmationUrl: text("https://merchant.example/hook"),
      payload: { M: { iban: text("DE00") } },
    });
    expect(transactionStep({ newImage: row })?.state).toEqual({
      transactionId: "t-1",
      merchantId: "m-1",
      outcome: "APPROVED",
      version: 1,
      state: "FAILED",
      generation: 2,
      attemptCount: 8,
      lastAttempt: { at: "1970-01-01T00:00:08.000Z", outcome: "status_5xx", status: 503 },
      failure: "attempts_exhausted",
      settledAt: "1970-01-01T00:00:09.000Z",
      redelivery: { jobId: "job-1", generation: 1 },
    });
  });

  it("can be told of a row that holds nonsense", () => {
    const newImage = {
      transactionId: text("t-1"),
      version: text("one"),
      merchantId: number(1),
      outcome: text("<script>"),
      attempts: { L: [{ M: { at: number(9e15), durationMs: number(1), outcome: text("x") } }] },
      settledAt: number(9e15),
    };
    expect(transactionStep({ newImage })).toEqual({
      type: "transaction.accepted",
      state: { transactionId: "t-1", state: "PENDING", generation: 0, attemptCount: 0 },
    });
  });
});
