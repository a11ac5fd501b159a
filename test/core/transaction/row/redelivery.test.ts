import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { contentChanged } from "../../../../core/transaction/accepted.ts";
import type { AttributeMap } from "../../../../core/transaction/attribute-value.ts";
import { judge } from "../../../../core/transaction/judge-message.ts";
import {
  markOf,
  type Redelivery,
  REDELIVERY_RELEASE,
  redeliveryMessage,
  redeliveryOf,
  redeliveryStanding,
  TURNED_AWAY,
  whyNotMarkable,
  writeRedelivery,
} from "../../../../core/transaction/row/redelivery.ts";
import { type Changes, number, text, transactionRow } from "../../../support/rows.ts";

const MARK = { jobId: "job-1", generation: 1, markedAt: 1000 };
const owed: Redelivery = { ...MARK, version: 2 };
const ended = { result: "status_5xx", at: 2000, status: 503, error: "got 503" };
const changedContent = contentChanged(2, ["amount"]);

const rowIn = (state: string, changes: Changes = {}): AttributeMap =>
  transactionRow({
    version: number(2),
    stateVersion: number(2),
    confirmationState: text(state),
    releaseNumber: number(3),
    ...changes,
  });
const marked = (state: string, redelivery: Redelivery, changes: Changes = {}): AttributeMap =>
  rowIn(state, { redelivery: writeRedelivery(redelivery), ...changes });

describe("the mark of a job on a row", () => {
  it.each<[string, Redelivery]>([
    ["owed", owed],
    ["of a row that had failed", { ...owed, reopens: 3 }],
    ["with its result", { ...owed, ended }],
    ["with a result alone", { ...owed, ended: { result: "delivered" } }],
    ["that was turned away", { ...owed, ended: { result: TURNED_AWAY, at: 2000, error: "paused" } }],
  ])("comes back as it was written: %s", (_, redelivery) => {
    expect(redeliveryOf(marked("CONFIRMED", redelivery))).toEqual(redelivery);
  });

  it("counts for its version alone", () => {
    expect(redeliveryOf(marked("CONFIRMED", { ...owed, version: 1 }))).toBeUndefined();
    expect(redeliveryOf(marked("CONFIRMED", owed, { version: number(3) }))).toBeUndefined();
  });

  it("is none where somebody else wrote it, whatever that is", () => {
    const attribute = fc.oneof(
      fc.string().map(text),
      fc.double().map((value) => ({ N: String(value) })),
      fc.constant({ NULL: true }),
    );
    const map = fc.dictionary(fc.constantFrom("jobId", "version", "generation", "markedAt", "result", "at"), attribute);
    fc.assert(
      fc.property(map, (M) => {
        const found = redeliveryOf(rowIn("CONFIRMED", { redelivery: { M } }));
        if (found !== undefined) expect(found.jobId).toMatch(/^[\w-]{1,64}$/);
      }),
      { examples: [[{ jobId: text("a\r\nb: c"), version: number(2), generation: number(1) }]] },
    );
    expect(redeliveryOf(rowIn("CONFIRMED", { redelivery: text("job-1") }))).toBeUndefined();
  });

  it.each<[string, AttributeMap, number, string | undefined]>([
    ["one that is confirmed", rowIn("CONFIRMED"), 1, undefined],
    ["one that has failed", rowIn("FAILED"), 1, undefined],
    ["not one that is on its way", rowIn("PENDING"), 1, "pending"],
    ["not one that waits", rowIn("SCHEDULED"), 1, "pending"],
    ["not one whose state is of another version", rowIn("CONFIRMED", { version: number(3) }), 1, "pending"],
    ["not one whose content was changed", rowIn("FAILED", failedWith(changedContent.code)), 1, "past_mending"],
    ["not one whose version was lowered", rowIn("FAILED", failedWith("version_lowered")), 1, "past_mending"],
    ["not one without a version", rowIn("FAILED", { version: undefined, stateVersion: undefined }), 1, "past_mending"],
    ["not one whose generation is not ours", rowIn("FAILED", { releaseNumber: text("x") }), 1, "past_mending"],
    ["not one that is owed to another job", marked("CONFIRMED", { ...owed, jobId: "job-2" }), 1, "taken"],
    ["not a failed one that is owed to another", marked("FAILED", { ...owed, jobId: "j", reopens: 3 }), 1, "taken"],
    ["one that another job is done with", marked("CONFIRMED", { ...owed, jobId: "job-2", ended }), 1, undefined],
    ["one that failed again since another", marked("FAILED", { ...owed, jobId: "j", reopens: 2 }), 1, undefined],
    ["one that a mark of an older version is on", marked("CONFIRMED", { ...owed, version: 1 }), 1, undefined],
    ["not one that is owed to this job", marked("CONFIRMED", owed), 2, "marked_before"],
    ["not one twice in the same generation", marked("CONFIRMED", { ...owed, ended }), 1, "marked_before"],
    ["one after its result, in the next generation", marked("CONFIRMED", { ...owed, ended }), 2, undefined],
    ["not one of two generations before", marked("CONFIRMED", { ...owed, ended }), 3, "marked_before"],
    ["not a failed one that this job opened", marked("FAILED", { ...owed, reopens: 2 }), 1, "marked_before"],
  ])("may be on %s", (_, row, generation, expected) => {
    expect(whyNotMarkable(row, { jobId: "job-1", generation })).toBe(expected);
  });
});

describe("the message of a marked row", () => {
  it("of a confirmed one fits no row's generation, for programs that do not know redeliveries", () => {
    const message = redeliveryMessage(rowIn("CONFIRMED"), MARK);
    expect(message).toEqual({
      transactionId: "t-1",
      version: 2,
      release: REDELIVERY_RELEASE,
      redelivery: { jobId: "job-1", generation: 1 },
    });
    const { redelivery: _, ...asOthersSeeIt } = message;
    for (const state of ["PENDING", "SCHEDULED", "CONFIRMED", "FAILED"])
      for (const seen of [message, asOthersSeeIt])
        expect(judge(seen, rowIn(state, { redelivery: undefined })).kind).toBe("discard");
    const wiped = transactionRow({ version: number(2) });
    for (const seen of [message, asOthersSeeIt]) expect(judge(seen, wiped).kind).toBe("discard");
  });

  it("of a failed one opens it as a dead letter does, once", () => {
    const message = redeliveryMessage(rowIn("FAILED"), MARK);
    expect(message).toMatchObject({ release: 3, deadLettered: true });
    const redelivery = writeRedelivery(markOf(rowIn("FAILED"), MARK));
    expect(judge(message, rowIn("FAILED", { redelivery }))).toEqual({ kind: "reopen" });
    for (const state of ["PENDING", "CONFIRMED", "FAILED"])
      expect(judge(message, rowIn(state, { redelivery, releaseNumber: number(4) })).kind).toBe("discard");
  });

  it("is the same before the mark and after it", () => {
    for (const state of ["CONFIRMED", "FAILED"]) {
      const row = rowIn(state);
      const after = { ...row, redelivery: writeRedelivery(markOf(row, MARK)) };
      expect(redeliveryMessage(after, MARK)).toEqual(redeliveryMessage(row, MARK));
    }
  });
});

describe("how a row stands to its job", () => {
  it.each<[string, AttributeMap | undefined, string]>([
    ["is gone", undefined, "void"],
    ["was wiped", transactionRow({ version: number(2) }), "void"],
    ["was raised", marked("CONFIRMED", owed, { version: number(3) }), "void"],
    ["is another job's", marked("CONFIRMED", { ...owed, jobId: "job-2" }), "void"],
    ["is owed", marked("CONFIRMED", owed), "owed"],
    ["has its result", marked("CONFIRMED", { ...owed, ended }), "ended"],
    ["was changed while it was owed", marked("FAILED", owed, failedWith(changedContent.code)), "failed"],
    ["is to be opened", marked("FAILED", { ...owed, reopens: 3 }), "owed"],
    ["was opened", marked("PENDING", { ...owed, reopens: 2 }), "reopened"],
    ["waits since it was opened", marked("SCHEDULED", { ...owed, reopens: 2 }), "reopened"],
    ["was opened and delivered", marked("CONFIRMED", { ...owed, reopens: 2 }), "delivered"],
    ["was opened and failed again", marked("FAILED", { ...owed, reopens: 2 }), "failed"],
  ])("is told of one that %s", (_, row, expected) => {
    expect(redeliveryStanding(row, "job-1", 2).kind).toBe(expected);
  });
});

function failedWith(code: string): Changes {
  return { failure: { M: { code: text(code), fault: text("producer"), reason: text("why") } } };
}
