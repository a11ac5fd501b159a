import { describe, expect, it } from "@jest/globals";
import { toldStepStatement } from "../../../../core/aws/statements/told-step.ts";
import { intentIdFor } from "../../../../core/channels/intent-id.ts";
import type { StepResult, Steps } from "../../../../core/channels/steps.ts";
import { writeAccepted } from "../../../../core/transaction/accepted.ts";
import { writeAttempts } from "../../../../core/transaction/attempt.ts";
import type { AttributeMap } from "../../../../core/transaction/attribute-value.ts";
import { rowStateOf } from "../../../../core/transaction/row/row-state.ts";
import { stepsOf, writeSteps } from "../../../../core/transaction/row/steps.ts";
import { acknowledgedStep, judgeReceipt } from "../../../../core/transaction/row/told-step.ts";
import { runUpdate } from "../../../../tools/simulate/aws/partiql.ts";
import { type Changes, contentIn, number, text, transactionRow } from "../../../support/rows.ts";

const AT = 5000;
const NOW = intentIdFor({ transactionId: "t-1", version: 1 }, 4000, 0.5);
const BEFORE = intentIdFor({ transactionId: "t-1", version: 1 }, 3000, 0.5);
const DELIVERED: StepResult = { kind: "delivered", messageId: "m-1" };
const BOUNCED: StepResult = { kind: "failed", class: "recipient", error: "the mailbox is unknown" };
const FAILED_BEFORE = { channel: "mail", result: "failed", at: 3500, attempts: 1, why: "first" } as const;

/** The phone is on, after mail failed. */
const STEPS: Steps = {
  version: 1,
  plan: "fallback",
  revision: 4,
  done: [FAILED_BEFORE],
  current: { channel: "phone", why: "next", from: 1, intent: { id: NOW, at: 4000 } },
};
const ATTEMPTS = [{ at: 3000, durationMs: 5, outcome: "unreceipted", channel: "mail", intentId: BEFORE }];

function rowOf(steps: Partial<Steps> = {}, changes: Changes = {}): AttributeMap {
  const row = transactionRow();
  return transactionRow({
    confirmationState: text("SCHEDULED"),
    stateVersion: number(1),
    dueKey: text("T#0"),
    dueAt: number(99_000),
    attemptCount: number(1),
    attempts: writeAttempts(ATTEMPTS),
    accepted: writeAccepted(1, contentIn(row)),
    steps: writeSteps({ ...STEPS, ...steps }),
    ...changes,
  });
}

function recorded(row: AttributeMap, intentId: string, result: StepResult): AttributeMap | string {
  const verdict = judgeReceipt(row, { intentId, result, at: AT });
  if (verdict.kind !== "take") return verdict.kind;
  return runUpdate(toldStepStatement("Transactions", row, verdict.told, AT, 90), row) ?? "refused";
}

const failed: Changes = {
  confirmationState: text("FAILED"),
  failure: { M: { code: text("channels_exhausted"), fault: text("merchant"), reason: text("x") } },
  dueKey: undefined,
  dueAt: undefined,
};

describe("a receipt", () => {
  it.each<[string, AttributeMap | undefined, string, string]>([
    ["of no row", undefined, NOW, "unknown"],
    ["that is none of ours", rowOf(), "x", "unknown"],
    [
      "of a message that nothing is known of",
      rowOf(),
      intentIdFor({ transactionId: "t-1", version: 1 }, 1, 0),
      "unknown",
    ],
    ["of a row without steps", rowOf({}, { steps: undefined }), NOW, "unknown"],
    ["of an older version", rowOf({}, { version: number(2) }), NOW, "superseded"],
    ["of one that is confirmed", rowOf({}, { confirmationState: text("CONFIRMED") }), NOW, "known"],
    ["of one that says something else by now", rowOf({}, { amount: text("99.00") }), NOW, "changed"],
  ])("is of no effect: %s", (_, row, intentId, expected) => {
    expect(judgeReceipt(row, { intentId, result: DELIVERED, at: AT }).kind).toBe(expected);
  });

  it.each<[string, AttributeMap, string, string]>([
    ["of what is on its way, before its attempt was recorded", rowOf(), NOW, "phone"],
    ["that comes late, while another channel is on", rowOf(), BEFORE, "mail"],
    ["that comes once it was given up", rowOf({}, failed), BEFORE, "mail"],
  ])("confirms a plan of which one is enough: %s", (_, row, intentId, channel) => {
    const after = recorded(row, intentId, DELIVERED);
    expect(after).toMatchObject({ confirmationState: text("CONFIRMED"), settledAt: number(AT) });
    for (const name of ["dueKey", "dueAt", "failure", "failedKey"]) expect(after).not.toHaveProperty(name);
    const { done, current } = stepsOf(after as AttributeMap) as Steps;
    expect(done.filter(({ result }) => result === "delivered")).toMatchObject([{ channel, messageId: "m-1", at: AT }]);
    expect(current).toBeUndefined();
    const { attempts, attemptCount } = rowStateOf(after as AttributeMap);
    expect(attempts.find((attempt) => attempt.intentId === intentId)).toMatchObject({ outcome: "delivered", channel });
    expect(attemptCount).toBe(attempts.length);
  });

  it("of a plan of all is noted, and the row is due", () => {
    const after = recorded(rowOf({ plan: "all", done: [] }), NOW, DELIVERED);
    expect(after).toMatchObject({ confirmationState: text("SCHEDULED"), dueAt: number(AT) });
    expect(stepsOf(after as AttributeMap)).toMatchObject({ revision: 6, done: [], current: { result: DELIVERED } });
  });

  it("of an older message of the channel that is on, in a plan of all, is noted for it", () => {
    const first = { at: 3000, durationMs: 5, outcome: "unreceipted", channel: "phone", intentId: BEFORE };
    const sentTwice = writeAttempts([first, { ...first, at: 4000, outcome: "sent", intentId: NOW }]);
    const row = rowOf({ plan: "all", done: [] }, { attempts: sentTwice, attemptCount: number(2) });
    const after = recorded(row, BEFORE, DELIVERED) as AttributeMap;
    expect(stepsOf(after)).toMatchObject({ done: [], current: { channel: "phone", result: DELIVERED } });
    expect(recorded(after, NOW, BOUNCED)).toBe("known");
    expect(recorded(after, NOW, DELIVERED)).toBe("known");
  });

  it("that is late, of a plan of all, counts for its step where that failed", () => {
    const { current: _, ...steps } = STEPS;
    const row = rowOf({}, { ...failed, steps: writeSteps({ ...steps, plan: "all" }) });
    const after = recorded(row, BEFORE, DELIVERED);
    expect(after).toMatchObject({ confirmationState: text("FAILED") });
    expect(stepsOf(after as AttributeMap)?.done).toMatchObject([{ channel: "mail", result: "delivered" }]);
  });

  it("that it failed is noted where it is on its way, and nothing else", () => {
    const after = recorded(rowOf(), NOW, BOUNCED);
    expect(after).toMatchObject({ confirmationState: text("SCHEDULED"), dueAt: number(AT), attemptCount: number(2) });
    expect(stepsOf(after as AttributeMap)?.current?.result).toEqual(BOUNCED);
    expect(recorded(rowOf(), BEFORE, BOUNCED)).toBe("known");
  });

  it("counts once", () => {
    const once = recorded(rowOf({ plan: "all", done: [] }), NOW, DELIVERED) as AttributeMap;
    expect(recorded(once, NOW, BOUNCED)).toBe("known");
    const confirmed = recorded(rowOf(), NOW, DELIVERED) as AttributeMap;
    expect(recorded(confirmed, NOW, DELIVERED)).toBe("known");
  });

  it("is taken only where nobody wrote to the row since it was read", () => {
    const row = rowOf();
    const verdict = judgeReceipt(row, { intentId: NOW, result: DELIVERED, at: AT });
    if (verdict.kind !== "take") throw new Error(verdict.kind);
    const statement = toldStepStatement("Transactions", row, verdict.told, AT, 90);
    expect(runUpdate(statement, rowOf({ revision: 5 }))).toBeUndefined();
    expect(runUpdate(statement, rowOf({}, { releaseNumber: number(1) }))).toBeUndefined();
  });
});

describe("an acknowledgement of a recipient with channels", () => {
  const answered = [{ at: 3000, durationMs: 5, outcome: "accepted", status: 202, channel: "web" }];
  const on = { version: 1, revision: 1, done: [], current: { channel: "web", why: "first", from: 0 } } as const;
  const row = (plan: Steps["plan"]) =>
    rowOf({}, { steps: writeSteps({ ...on, plan }), attempts: writeAttempts(answered) });

  it("confirms a plan of which one is enough, and is noted of a plan of all", () => {
    expect(acknowledgedStep(row("fallback"), AT)).toMatchObject({
      kind: "confirm",
      steps: { done: [{ channel: "web", result: "delivered", attempts: 1, why: "first" }] },
      attempts: [{ outcome: "delivered", status: 202 }],
    });
    expect(acknowledgedStep(row("all"), AT)).toMatchObject({
      kind: "note",
      steps: { current: { channel: "web", result: { kind: "delivered" } } },
    });
  });

  it("is of no step where nothing was done by channels", () => {
    expect(acknowledgedStep(transactionRow(), AT)).toBeUndefined();
  });
});
