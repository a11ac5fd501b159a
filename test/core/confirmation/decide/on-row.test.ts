import { describe, expect, it } from "@jest/globals";
import { decide } from "../../../../core/confirmation/decide/decide.ts";
import { reopened } from "../../../../core/confirmation/decide/on-row.ts";
import type { Job } from "../../../../core/confirmation/job.ts";
import { ordered } from "../../../../core/confirmation/order/ordered.ts";
import { unordered } from "../../../../core/confirmation/order/unordered.ts";
import { METRICS } from "../../../../core/settings/names.ts";
import type { AttributeMap } from "../../../../core/transaction/attribute-value.ts";
import type { DiscardReason } from "../../../../core/transaction/judge-message.ts";
import { rowStateOf } from "../../../../core/transaction/row/row-state.ts";
import { GROUP_ID, inFlight, jobOf, NOW, orderedJob, SETTINGS } from "../../../support/jobs.ts";
import { contentIn, listedRow, number, text, transactionRow } from "../../../support/rows.ts";

const ROW = listedRow(NOW - 1000);
const DELETED = { kind: "delete" };

it.each<[DiscardReason, string[]]>([
  ["gone", []],
  ["superseded", [METRICS.superseded]],
  ["confirmed", [METRICS.duplicatesSuppressed]],
  ["failed", [METRICS.duplicatesSuppressed]],
  ["parked", [METRICS.staleReleases]],
  ["released again", [METRICS.staleReleases]],
])("a message whose row is %s is deleted unheard, and counted as what it is", (reason, counts) => {
  expect(decide.discard(reason)).toEqual({
    kind: "let go",
    counts: [METRICS.discarded, ...counts],
    traced: undefined,
    note: undefined,
    send: undefined,
    record: undefined,
    givenUp: undefined,
    fate: DELETED,
  });
});

describe("a message whose row is to be heard", () => {
  const failedRow = transactionRow({ confirmationState: text("FAILED"), stateVersion: number(1) });
  const again = { kind: "dead letter again", record: undefined, fate: DELETED, send: { kind: "dead letter" } };
  const wiped = inFlight({ receiveCount: 2, sentAt: NOW - 2000 });
  it.each<[string, Job, AttributeMap, "deliver" | "reopen" | "dead-letter again", typeof ordered, object | undefined]>([
    ["pending", jobOf(), ROW, "deliver", unordered, undefined],
    ["pending, in its group", orderedJob(), ROW, "deliver", ordered, undefined],
    ["pending, in the wrong queue", orderedJob(), ROW, "deliver", unordered, { kind: "move in order", fate: DELETED }],
    [
      "pending, in the wrong group",
      orderedJob({ inFlight: inFlight({ groupId: "another" }) }),
      ROW,
      "deliver",
      ordered,
      { kind: "move in order", send: { kind: "to ordered group", groupId: GROUP_ID } },
    ],
    ["without a key, in the ordered queue", jobOf(), ROW, "deliver", ordered, undefined],
    [
      "new again though its message came before",
      jobOf({ inFlight: wiped }),
      ROW,
      "deliver",
      unordered,
      { kind: "let go", fate: { kind: "give back", seconds: 2 } },
    ],
    ["failed", jobOf(), failedRow, "dead-letter again", unordered, again],
    [
      "failed, its letter put back",
      jobOf(),
      failedRow,
      "reopen",
      unordered,
      { kind: "reopen", record: { kind: "reopened", dueKey: "P#0" } },
    ],
    [
      "failed, its letter put back, in order",
      orderedJob(),
      failedRow,
      "reopen",
      unordered,
      { kind: "reopen", record: { kind: "reopened", dueKey: "O#0" } },
    ],
  ])("%s", (_, job, row, verdict, queue, expected) => {
    const effect = decide.row(job, row, verdict, queue, SETTINGS);
    if (expected === undefined) expect(effect).toBeUndefined();
    else expect(effect).toMatchObject(expected);
  });

  it("sends the letter of a put-back message under an id of its own, any other under the message's", () => {
    const put = jobOf({ message: { transactionId: "t-1", version: 1, release: 0, deadLettered: true } });
    const idOf = (job: Job) => {
      const { send } = decide.row(job, failedRow, "dead-letter again", unordered, SETTINGS) ?? {};
      return send?.kind === "dead letter" ? send.deduplicationId : "none";
    };
    expect([idOf(jobOf()), idOf(put)]).toEqual([undefined, expect.stringMatching(/^[0-9a-f]{64}$/)]);
  });
});

describe("a row that was opened again", () => {
  const job = jobOf({ state: { ...rowStateOf(transactionRow()), attemptCount: 3, giveUpAt: 1, state: "FAILED" } });

  it("is the next generation, with all its attempts and a time to give up of its own", () => {
    const { target, message, state, isReopened } = reopened(job);
    expect([target.release, message.release, state.attemptCount, state.giveUpAt]).toEqual([1, 1, 0, undefined]);
    expect([state.state, isReopened]).toEqual(["PENDING", true]);
  });

  it("goes on, or to its ordered group", () => {
    expect(decide.reopened(reopened(job))).toBeUndefined();
    expect(decide.reopened(reopened(orderedJob()))).toMatchObject({
      kind: "move in order",
      send: { groupId: GROUP_ID },
    });
  });
});

describe("the content of a row", () => {
  const accepted = contentIn(transactionRow());
  const pinned = jobOf({ state: { ...rowStateOf(transactionRow()), accepted } });
  it.each<[string, Job, AttributeMap, string | undefined]>([
    ["is delivered", jobOf(), transactionRow(), undefined],
    ["of a lowered version is given up", jobOf(), transactionRow({ highestVersion: number(2) }), "version_lowered"],
    ["is attempted again as it was", pinned, transactionRow(), undefined],
    ["is given up when it is another", pinned, transactionRow({ amount: text("99.00") }), "content_changed"],
  ])("%s", (_, job, row, code) => {
    const effect = decide.content(job, row);
    expect(effect?.givenUp?.failure.code).toBe(code);
    expect(effect?.record?.kind).toBe(code === undefined ? undefined : "failed");
  });
});
