import { describe, expect, it } from "@jest/globals";
import type { DeadLetter, TerminalRow } from "../../../local/demo/evidence.ts";
import { reconcile, type Sides, type WrittenVersions } from "../../../local/demo/reconcile.ts";
import { delivery } from "../../tools/chaos/deliveries.ts";

const ROW: TerminalRow = { transactionId: "t-1", version: 1, state: "CONFIRMED" };
const LETTER: DeadLetter = { transactionId: "t-1", version: 1, code: "attempts_exhausted", reason: "it failed" };

function of(sides: Partial<Sides<WrittenVersions>>) {
  const written = [{ transactionId: "t-1", versions: [1] }];
  return reconcile({ written, deliveries: [delivery(1)], rows: [ROW], deadLetters: [], expected: [], ...sides });
}

describe("the sides of a run", () => {
  it("agree on one that is confirmed by table and merchant", () => {
    expect(of({})).toMatchObject({ confirmed: 1, lost: [], duplicates: [], outOfOrder: [] });
  });

  it("disagree on a confirmed one that has a dead letter, unless it may have been put back", () => {
    expect(of({ deadLetters: [LETTER] })).toMatchObject({ confirmed: 0, lost: [{ transactionId: "t-1" }] });
    expect(of({ deadLetters: [LETTER], mayFollowDeadLetter: true })).toMatchObject({ confirmed: 1, lost: [] });
  });

  it("agree on one that its merchant acknowledged while, or after, it was given up", () => {
    const acknowledged = delivery(1, { responseStatus: 202, isAcknowledging: true, acknowledgedAtMs: 5 });
    expect(of({ deliveries: [acknowledged], deadLetters: [LETTER] })).toMatchObject({ confirmed: 1, lost: [] });
    const unacknowledged = delivery(1, { responseStatus: 202, isAcknowledging: true });
    expect(of({ deliveries: [unacknowledged], deadLetters: [LETTER] }).lost).toHaveLength(1);
  });

  it("have the last word where contents say nothing, and not where they do", () => {
    expect(of({ ofContents: () => undefined }).confirmed).toBe(1);
    expect(of({ ofContents: () => ({ lost: "two contents" }) }).lost).toEqual([
      { kind: "lost", transactionId: "t-1", detail: "two contents" },
    ]);
  });

  it("excuse an expired one whose record went with a killed worker, and only that one", () => {
    const rows = [{ ...ROW, state: "FAILED", failure: { code: "expired", reason: "too late" } }];
    const expired = { rows, deadLetters: [LETTER] };
    expect(of({ ...expired, unrecorded: ["msg_1"] })).toMatchObject({ deadLettered: 1, lost: [] });
    expect(of({ ...expired, unrecorded: ["msg_2"] }).lost).toHaveLength(1);
  });

  it("count as superseded the versions that came to no end of their own", () => {
    const written = [{ transactionId: "t-1", versions: [1, 2, 3] }];
    const rows = [{ ...ROW, version: 3 }];
    const deliveries = [delivery(1), delivery(2, { version: 3, webhookId: "msg_3" })];
    expect(of({ written, rows, deliveries })).toMatchObject({ confirmed: 1, superseded: 1, lost: [] });
  });
});
