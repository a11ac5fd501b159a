import { describe, expect, it } from "@jest/globals";
import { type RunEvidence, takeRunAccount, UNORDERED } from "../../../tools/chaos/run/take-account.ts";
import type { DeadLetter, TerminalRow } from "../../../local/demo/evidence.ts";
import { delivery } from "./deliveries.ts";

const failure = { code: "attempts_exhausted", reason: "the last of 4 attempts failed" };

function row(changes: Partial<TerminalRow> = {}): TerminalRow {
  return { transactionId: "t-1", version: 1, state: "CONFIRMED", ...changes };
}

function letter(changes: Partial<DeadLetter> = {}): DeadLetter {
  return { transactionId: "t-1", version: 1, ...failure, ...changes };
}

function account(evidence: Partial<RunEvidence>) {
  return takeRunAccount({
    written: [{ transactionId: "t-1", versions: [1] }],
    deliveries: [],
    rows: [],
    deadLetters: [],
    allowedAgain: [],
    ...UNORDERED,
    ...evidence,
  });
}

describe("the account of a run", () => {
  it("counts as confirmed what the table and the merchant say was accepted", () => {
    expect(account({ rows: [row()], deliveries: [delivery(1)] }).account).toMatchObject({ confirmed: 1, lost: 0 });
  });

  it("counts as dead-lettered what failed with a reason and has a letter with one, put back or not", () => {
    const failed = row({ state: "FAILED", failure });
    expect(account({ rows: [failed], deadLetters: [letter()] }).account).toMatchObject({ deadLettered: 1, lost: 0 });
  });

  it("counts as dead-lettered what its merchant accepted before a producer changed it, if there is a letter", () => {
    const changed = { code: "content_changed", reason: "amount" };
    const rows = [row({ state: "FAILED", failure: changed })];
    const accepted = { rows, deliveries: [delivery(1)] };
    expect(account({ ...accepted, deadLetters: [letter(changed)] }).account).toMatchObject({
      deadLettered: 1,
      lost: 0,
    });
    expect(account(accepted).account).toMatchObject({ deadLettered: 0, lost: 1 });
  });

  it("counts as dead-lettered what a killed worker had not recorded, if its time was over when it came again", () => {
    const expired = { code: "expired", reason: "It was to be delivered by then." };
    const failed = row({ state: "FAILED", failure: expired });
    const evidence = { rows: [failed], deliveries: [delivery(1)], deadLetters: [letter(expired)] };
    expect(account({ ...evidence, allowedAgain: ["msg_1"] }).account).toMatchObject({ deadLettered: 1, lost: 0 });
    expect(account(evidence).account).toMatchObject({ lost: 1 });
  });

  it("knows a row whose version cannot be read by its id", () => {
    const written = [{ transactionId: "t-1", versions: [], poison: "version is a map" }] as const;
    const failed = row({ version: Number.NaN, state: "FAILED", failure });
    const deadLetters = [letter({ version: Number.NaN })];
    expect(account({ written, rows: [failed], deadLetters }).account).toMatchObject({ deadLettered: 1, lost: 0 });
  });

  it.each<[string, Partial<RunEvidence>]>([
    ["is not in the table", {}],
    ["is confirmed in the table only", { rows: [row()] }],
    ["is confirmed at the merchant only", { rows: [row({ state: "PENDING" })], deliveries: [delivery(1)] }],
    [
      "failed though its merchant accepted it",
      { rows: [row({ state: "FAILED", failure })], deliveries: [delivery(1)], deadLetters: [letter()] },
    ],
    ["failed without a dead letter", { rows: [row({ state: "FAILED", failure })] }],
    ["failed without a reason", { rows: [row({ state: "FAILED" })], deadLetters: [letter()] }],
    [
      "has a dead letter without a reason",
      { rows: [row({ state: "FAILED", failure })], deadLetters: [letter({ reason: "" })] },
    ],
    [
      "has the dead letter of an older version only",
      {
        written: [{ transactionId: "t-1", versions: [1, 2] }],
        rows: [row({ version: 2, state: "FAILED", failure })],
        deadLetters: [letter()],
      },
    ],
    ["is at an older version", { written: [{ transactionId: "t-1", versions: [1, 2] }], rows: [row()] }],
    ["was answered without a valid signature", { rows: [row()], deliveries: [delivery(1, { verified: false })] }],
    ["was answered with an error", { rows: [row()], deliveries: [delivery(1, { responseStatus: 500 })] }],
  ])("counts as lost what %s", (_, evidence) => {
    expect(account(evidence).account).toMatchObject({ lost: 1, confirmed: 0, deadLettered: 0 });
  });

  it("counts every further delivery after a 2xx, and finds those that nothing allows", () => {
    const deliveries = [delivery(1), delivery(2), delivery(3)];
    const report = account({ rows: [row()], deliveries, allowedAgain: ["msg_1", "msg_2"] });
    expect(report.account).toMatchObject({ duplicates: 2, duplicatesAllowed: 2 });
    expect(report.findings).toHaveLength(1);
  });

  it("allows one more delivery for each request that its row says was sent once more in an attempt", () => {
    const deliveries = [delivery(1), delivery(2), delivery(3)];
    const report = account({ rows: [row({ resends: 1 })], deliveries });
    expect(report.account).toMatchObject({ duplicates: 2, duplicatesAllowed: 1 });
    expect(report.findings).toHaveLength(1);
  });

  it("counts a version after a newer one as out of order, answered or not", () => {
    const newer = delivery(1, { version: 2, webhookId: "msg_2" });
    const { responseStatus: _, ...late } = delivery(2);
    const written = [{ transactionId: "t-1", versions: [1, 2] }];
    expect(account({ written, rows: [row({ version: 2 })], deliveries: [newer, late] }).account.outOfOrder).toBe(1);
  });
});
