import { describe, expect, it } from "@jest/globals";
import type { Refusal } from "../../../../core/confirmation/decide/after-refusal.ts";
import { decide } from "../../../../core/confirmation/decide/decide.ts";
import type { Effect } from "../../../../core/confirmation/decide/effect.ts";
import type { DeliveryRecord, RowRecord } from "../../../../core/confirmation/decide/row-record.ts";
import { METRICS } from "../../../../core/settings/names.ts";
import { writeAttempts } from "../../../../core/transaction/attempt.ts";
import { failure } from "../../../../core/transaction/failure.ts";
import { rowStateOf } from "../../../../core/transaction/row/row-state.ts";
import { jobOf, NOW } from "../../../support/jobs.ts";
import { contentIn, number, text, transactionRow } from "../../../support/rows.ts";

const accepted = contentIn(transactionRow());
const state = { ...rowStateOf(transactionRow()), accepted };
const progress = { attemptCount: 1, attempts: [], giveUpAt: NOW + 1000, accepted };
const untried = { attemptCount: 0, attempts: [], giveUpAt: NOW + 1000 };
const late = failure("expired", "late");
const confirmed: DeliveryRecord = { kind: "confirmed", progress, delivered: accepted };
const seen: DeliveryRecord = { kind: "confirmed as seen", progress, delivered: accepted, row: transactionRow() };
const other = { row: transactionRow(), accepted, failure: late, release: 0 };
const changed: DeliveryRecord = { kind: "content changed", progress, delivered: accepted, ...other };
const failed = { kind: "failed", failure: late, state } as const;
const due = { dueKey: "T#0", dueAt: NOW, waitingFor: undefined };
const parked = { kind: "parked", progress, ...due } as const;
const FAILED_UNPINNED = { ...failed, state: rowStateOf(transactionRow()) } as const;
const barely = (instead: DeliveryRecord | typeof failed | typeof FAILED_UNPINNED) =>
  ({ kind: "barely", state: instead.kind.startsWith("confirmed") ? "CONFIRMED" : "FAILED", instead }) as const;

const CONDITION = { kind: "condition failed" } as const satisfies Refusal;
const REJECTED = { kind: "rejected", error: "item too large" } as const satisfies Refusal;
const OVER = ["let go", undefined];
const PINNED = ["pin", "pinned"];
const what = ({ kind, record }: Effect) => [kind, record?.kind];

it.each<[string, RowRecord, Refusal, (string | undefined)[]]>([
  ["a 2xx that a full row cannot take", confirmed, REJECTED, ["confirm", "barely"]],
  ["a 2xx, read again, that a full row cannot take", seen, REJECTED, ["confirm", "barely"]],
  ["a barest 2xx that its row refuses", barely(confirmed), CONDITION, OVER],
  ["a barest 2xx that its row cannot take", barely(seen), REJECTED, OVER],
  ["changed content that a full row cannot take", changed, REJECTED, ["give up", "barely"]],
  ["barest changed content that its row refuses", barely(changed), CONDITION, ["give up", undefined]],
  ["a failure that a full row cannot take", failed, REJECTED, ["give up", "barely"]],
  ["a failure whose row was written to", failed, CONDITION, PINNED],
  ["a failure without an attempt, whose row was written to", FAILED_UNPINNED, CONDITION, OVER],
  ["a barest failure whose row was written to", barely(failed), CONDITION, PINNED],
  ["a barest failure that its row cannot take", barely(failed), REJECTED, ["give up", undefined]],
  ["a wait that a full row cannot take", parked, REJECTED, ["give up", "failed"]],
  ["a wait whose row was written to", parked, CONDITION, PINNED],
  ["a wait without an attempt, whose row was written to", { ...parked, progress: untried }, CONDITION, OVER],
  ["an attempt whose row was written to", { kind: "attempted", progress, delaySeconds: 10 }, CONDITION, PINNED],
  ["a stay that a full row cannot take", { ...parked, kind: "stays", nextTryAt: NOW }, REJECTED, ["give up", "failed"]],
  ["a row that was opened again by another", { kind: "reopened", dueKey: "P#0" }, CONDITION, OVER],
  ["what was offered, where that is on record", { kind: "pinned", accepted }, CONDITION, OVER],
])("%s", (_, record, refusal, expected) => {
  const effect = decide.refusal(jobOf({ state }), record, refusal);
  expect(what(effect)).toEqual(expected);
  // Its letter was sent before, or none is due; only one that is given up for want of room has none yet.
  expect(effect.send?.kind).toBe(expected[1] === "failed" ? "dead letter" : undefined);
});

it("one that is given up as its row is full has the attempt that could not be recorded", () => {
  const effect = decide.refusal(jobOf(), parked, REJECTED);
  expect(effect.givenUp).toMatchObject({ failure: { code: "row_invalid" }, state: { attemptCount: 1 } });
});

describe("a 2xx whose row was written to meanwhile", () => {
  const at = (changes: Parameters<typeof transactionRow>[0] = {}) => transactionRow(changes);
  const stateAt = (name: string) => ({ confirmationState: text(name), stateVersion: number(1) });
  it.each([
    ["is over when the row is gone", undefined, OVER],
    ["is over when the version was raised", at({ version: number(2) }), OVER],
    ["is over when the same was confirmed", at(stateAt("CONFIRMED")), OVER],
    ["is confirmed when the row says the same", at(), ["confirm", "confirmed as seen"]],
    ["is given up when it says another thing", at({ amount: text("99.00") }), ["give up", "content changed"]],
  ])("%s", (_, row, expected) => {
    expect(what(decide.rewritten(jobOf(), row, confirmed))).toEqual(expected);
  });

  it.each([
    ["once the version was raised: its merchant has accepted it", at({ version: number(2) }), [METRICS.confirmed]],
    ["as nothing more when the same was confirmed", at(stateAt("CONFIRMED")), []],
    ["as nothing when a version was lowered that it is not", at({ version: number(0) }), []],
    ["as nothing when the row is gone", undefined, []],
  ])("counts as confirmed %s", (_, row, counts) => {
    expect(decide.rewritten(jobOf(), row, confirmed).counts).toEqual(counts);
  });

  it("counts as confirmed when it was recorded, and the table's response was lost", () => {
    const attempt = { at: NOW, durationMs: 12, outcome: "delivered" };
    const attempts = [attempt];
    const own = { ...confirmed, progress: { ...progress, attempts } };
    const row = at({ ...stateAt("CONFIRMED"), attempts: writeAttempts(attempts) });
    expect(decide.rewritten(jobOf(), row, own).counts).toEqual([METRICS.confirmed]);
    const others = at({ ...stateAt("CONFIRMED"), attempts: writeAttempts([{ ...attempt, at: NOW - 1 }]) });
    expect(decide.rewritten(jobOf(), others, own).counts).toEqual([]);
  });

  it("has its letter at the generation that the row has by now, so that it is heard when it is put back", () => {
    const row = at({ amount: text("99.00"), releaseNumber: number(4) });
    expect(decide.rewritten(jobOf(), row, confirmed)).toMatchObject({
      send: { kind: "dead letter", message: { release: 4 }, failure: { code: "content_changed" } },
      record: { release: 4, accepted },
    });
  });
});
