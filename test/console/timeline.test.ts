import { describe, expect, it } from "@jest/globals";
import { timelineOf, type Transaction } from "../../console/src/transaction/timeline.ts";

const OCCURRED = "2026-11-22T10:00:00.000Z";
const base: Transaction = {
  transactionId: "t-1",
  version: 1,
  merchantId: "acme",
  state: "PENDING",
  attemptCount: 0,
  explanation: "",
  attempts: [],
  occurredAt: OCCURRED,
};

function attempt(minute: number, outcome = "status_5xx"): Transaction["attempts"][number] {
  return { at: `2026-11-22T10:${String(minute).padStart(2, "0")}:00.000Z`, durationMs: 12, outcome };
}

function kindsOf(transaction: Partial<Transaction>): string[] {
  return timelineOf({ ...base, ...transaction }).map(({ kind }) => kind);
}

describe("the path of a transaction", () => {
  it("begins with what happened and ends with what is to come", () => {
    expect(
      kindsOf({
        state: "SCHEDULED",
        submittedAt: "2026-11-22T10:00:01.000Z",
        attemptCount: 1,
        attempts: [attempt(1)],
        waitingFor: "circuit open",
        nextAttemptAt: "2026-11-22T10:05:00.000Z",
        giveUpAt: "2026-11-25T10:00:00.000Z",
      }),
    ).toEqual(["occurred", "submitted", "attempt", "waits", "next attempt", "give up"]);
  });

  it("has when it was written and queued, as its trace has it, and no sending that failed or is not over", () => {
    const hop = { id: "1", name: "SQS", operation: "SendMessageBatch", beganAt: "2026-11-22T10:00:02.000Z" };
    const hops = [
      { id: "0", name: "stream", beganAt: "2026-11-22T10:00:01.000Z", durationMs: 900 },
      { ...hop, durationMs: 20, flags: ["fault" as const] },
      { ...hop, durationMs: 0, isOpen: true as const },
      { ...hop, durationMs: 30 },
      { ...hop, durationMs: 10, operation: "BatchExecuteStatement" },
    ];
    expect(timelineOf({ ...base, attempts: [attempt(1)], attemptCount: 1 }, hops).slice(0, 4)).toEqual([
      { kind: "occurred", at: OCCURRED },
      { kind: "written", at: "2026-11-22T10:00:01.000Z" },
      { kind: "queued", at: "2026-11-22T10:00:02.030Z" },
      { kind: "attempt", number: 1, attempt: attempt(1) },
    ]);
  });

  it("numbers attempts from the first, also where the row keeps the newest alone", () => {
    const steps = timelineOf({ ...base, state: "FAILED", attemptCount: 12, attempts: [attempt(1), attempt(2)] });
    expect(steps.slice(1, 4)).toEqual([
      { kind: "earlier attempts", count: 10 },
      { kind: "attempt", number: 11, attempt: attempt(1) },
      { kind: "attempt", number: 12, attempt: attempt(2) },
    ]);
  });

  it("does not count attempts away of which more are kept than count", () => {
    expect(kindsOf({ attemptCount: 1, attempts: [attempt(1), attempt(2)] })).toEqual([
      "occurred",
      "attempt",
      "attempt",
      "waits",
    ]);
  });

  it("waits for nothing once it is over", () => {
    expect(
      kindsOf({
        state: "CONFIRMED",
        attemptCount: 1,
        attempts: [attempt(1, "delivered")],
        recordedAt: "2026-11-22T10:01:01.000Z",
      }),
    ).toEqual(["occurred", "attempt", "confirmed"]);
  });

  it("has its end before what came after it", () => {
    expect(
      kindsOf({
        state: "CONFIRMED",
        attempts: [attempt(1, "accepted")],
        attemptCount: 1,
        acknowledgedAt: "2026-11-22T10:02:00.000Z",
        recordedAt: "2026-11-22T10:02:00.500Z",
        redelivery: { jobId: "j", generation: 1, markedAt: "2026-11-22T11:00:00.000Z" },
        erasedAt: "2026-11-22T12:00:00.000Z",
      }),
    ).toEqual(["occurred", "attempt", "acknowledged", "confirmed", "redelivery", "erased"]);
  });
});
