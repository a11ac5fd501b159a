import { describe, expect, it } from "@jest/globals";
import { writeAccepted } from "../../../../core/transaction/accepted.ts";
import {
  acknowledgeBy,
  acknowledgementOf,
  judgeAcknowledgement,
  withNewest,
  writeAcknowledgement,
} from "../../../../core/transaction/row/acknowledgement.ts";
import type { Changes } from "../../../support/rows.ts";
import { contentIn, number, text, transactionRow } from "../../../support/rows.ts";

const ACCEPTED = { accepted: writeAccepted(2, contentIn(transactionRow())) };
const sent = (state: string | undefined, changes: Changes = {}) =>
  transactionRow({
    version: number(2),
    ...ACCEPTED,
    ...(state !== undefined && { confirmationState: text(state), stateVersion: number(2) }),
    ...changes,
  });
const failure = (code: string) => ({ failure: { M: { code: text(code) } } });

describe("an acknowledgement", () => {
  it.each<[string, ReturnType<typeof sent> | undefined, string]>([
    ["of what waits for it confirms it", sent("SCHEDULED", { waitingFor: text("acknowledgement") }), "take"],
    ["of what is on its way again confirms it", sent("PENDING"), "take"],
    ["of what was given up confirms it", sent("FAILED", failure("unacknowledged")), "take"],
    [
      "of what failed otherwise, and its merchant has after all, confirms it",
      sent("FAILED", failure("expired")),
      "take",
    ],
    ["of a confirmed one is the same once more", sent("CONFIRMED"), "confirmed"],
    ["of one that is not there is of no effect", undefined, "unknown"],
    ["of one whose version cannot be read is of no effect", sent("PENDING", { version: text("2") }), "unknown"],
    [
      "of another merchant's is of no effect",
      sent("SCHEDULED", { merchantId: text("m-2"), accepted: undefined }),
      "unknown",
    ],
    [
      "counts for the merchant that accepted it, whatever the row says since",
      sent("SCHEDULED", { merchantId: text("m-2") }),
      "changed",
    ],
    ["of one for which no call was recorded comes too early", sent(undefined, { accepted: undefined }), "not sent"],
    ["of one that says something else since is refused", sent("SCHEDULED", { amount: text("99.00") }), "changed"],
    ["of one that failed for that is refused", sent("FAILED", failure("content_changed")), "changed"],
    ["of the version before comes too late", sent("SCHEDULED", { version: number(3) }), "superseded"],
    ["of a version that was not written yet is of no effect", sent("SCHEDULED", { version: number(1) }), "unknown"],
  ])("%s", (_, row, verdict) => {
    expect(judgeAcknowledgement(row, 2, "m-1")).toBe(verdict);
  });

  it("of whoever may for all needs no merchant", () => {
    expect(judgeAcknowledgement(sent("SCHEDULED"), 2)).toBe("take");
  });
});

describe("the mark of an acknowledgement", () => {
  const mark = { version: 2, at: 1_795_341_600_000, by: "callback" };

  it("is read as it was written, for its version alone", () => {
    const acknowledged = writeAcknowledgement(mark);
    expect(acknowledgementOf(sent("CONFIRMED", { acknowledged }))).toEqual(mark);
    expect(acknowledgementOf(sent("CONFIRMED", { acknowledged, version: number(3) }))).toBeUndefined();
    expect(acknowledgementOf(sent("CONFIRMED"))).toBeUndefined();
    expect(acknowledgementOf(sent("CONFIRMED", { acknowledged: text("yes") }))).toBeUndefined();
  });
});

describe("the time to acknowledge", () => {
  const attempt = { at: 1000, durationMs: 50, outcome: "accepted" };

  it("begins with the end of the call that was answered with 202", () => {
    expect(acknowledgeBy([{ ...attempt, outcome: "timeout" }, attempt], 60)).toBe(61_050);
    expect(acknowledgeBy([attempt, { ...attempt, outcome: "timeout" }], 60)).toBe(0);
    expect(acknowledgeBy([], 60)).toBe(0);
  });

  it("leaves the older attempts as they are when it is over", () => {
    const older = { ...attempt, at: 1, outcome: "timeout" };
    expect(withNewest([older, attempt], { outcome: "unacknowledged", error: "why" })).toEqual([
      older,
      { ...attempt, outcome: "unacknowledged", error: "why" },
    ]);
    expect(withNewest([], { outcome: "unacknowledged" })).toEqual([]);
  });
});
