import { expect, it } from "@jest/globals";
import type { Entry } from "../../../../core/jobs/redelivery/entry.ts";
import { decide, whySkipped } from "../../../../lambdas/run-jobs/redelivery/decide.ts";
import { number, text, transactionRow } from "../../../support/rows.ts";

const AT = 1_000_000;
const mark = { M: { jobId: text("j-1"), version: number(1), generation: number(1), markedAt: number(AT) } };
const owed = { confirmationState: text("CONFIRMED"), stateVersion: number(1), redelivery: mark };

function after(ms: number, changes: object, inVain = 0) {
  const entry = {
    transactionId: "t-1",
    version: 1,
    status: "sent",
    generation: 1,
    at: AT,
    failures: 0,
    inVain,
  } as Entry;
  return decide(entry, transactionRow({ ...owed, ...changes }), {
    job: { jobId: "j-1" } as never,
    now: AT + ms,
    mayBegin: true,
    isAtWork: () => true,
    merchantFault: () => undefined,
  });
}

it.each([
  ["skips", {}, { kind: "keep", entry: { status: "confirmed_elsewhere" } }],
  ["sends, where that was said,", { includeElsewhere: true }, { kind: "mark", generation: 1 }],
])("%s what another system confirmed", (_, spec, decision) => {
  const confirmedBy = { M: { version: number(1), by: text("shadow") } };
  const row = transactionRow({ confirmationState: text("CONFIRMED"), stateVersion: number(1), confirmedBy });
  const entry = {
    transactionId: "t-1",
    version: 1,
    status: "new",
    generation: 0,
    at: 0,
    failures: 0,
    inVain: 0,
  } as const;
  const job = { jobId: "j-1", asked: { spec: { transactionIds: ["t-1"], ...spec }, asOf: AT } } as never;
  const options = { job, now: AT, mayBegin: true, isAtWork: () => false, merchantFault: () => undefined };
  expect(decide(entry, row, options)).toMatchObject(decision);
});

it("skips what a restore left undecided, also by its id", () => {
  const state = { confirmationState: text("FAILED"), stateVersion: number(1) };
  const failure = { M: { code: text("restore_undecided"), fault: text("pipeline"), reason: text("r") } };
  const job = { jobId: "j-1", asked: { spec: { transactionIds: ["t-1"] }, asOf: AT } } as never;
  const options = { job, isAtWork: () => false, merchantFault: () => undefined };
  expect(whySkipped({ version: 1 }, transactionRow({ ...state, failure }), options)).toBe("undecided");
});

it("sends the message of one again that nobody has handled, as if it were lost", () => {
  expect(after(89_000, {}).kind).toBe("keep");
  expect(after(91_000, {})).toMatchObject({ kind: "send", repetition: 1 });
});

it("leaves one in order more time, behind a head that may wait for days", () => {
  const inOrder = { orderingKey: text("k") };
  expect(after(3_599_000, inOrder).kind).toBe("keep");
  expect(after(3_601_000, inOrder)).toMatchObject({ kind: "send", repetition: 1 });
});

it.each([
  ["in any order", {}, 90_001],
  ["in order", { orderingKey: text("k") }, 3_600_001],
])("gives none up within a week, %s", (_, changes, everyMs) => {
  const inAWeek = Math.floor((7 * 86_400_000) / everyMs);
  expect(after(everyMs, changes, inAWeek - 1).kind).toBe("send");
});
