import { expect, it } from "@jest/globals";
import type { Delivery } from "../../../../local/demo/fleet/ledger.ts";
import { OTHER_AMOUNT } from "../../../../local/demo/restore/damage.ts";
import { drillAccount, type DrillEvidence, drillTable, isWhole } from "../../../../local/demo/restore/drill-account.ts";

const TAKEN = {
  restored: 1,
  takenFromTable: 2,
  takenFromStream: 3,
  takenFromJournal: 4,
  takenFromManifests: 5,
  unknown: 1,
};
const delivery = (sequence: number, transactionId: string, more: Partial<Delivery> = {}): Delivery => ({
  sequence,
  merchantId: "good-1",
  webhookId: `w-${transactionId}`,
  transactionId,
  version: 1,
  verified: true,
  arrivedAtMs: sequence,
  responseStatus: 200,
  ...more,
});
const confirmed = (transactionId: string) => ({ transactionId, version: 1, state: "CONFIRMED" });
const inserted = (transactionId: string) => ({ transactionId, versions: [1] });
const evidence = (more: Partial<DrillEvidence>): DrillEvidence => ({
  inserted: [inserted("a"), inserted("b")],
  deliveries: [delivery(1, "a"), delivery(3, "b")],
  rows: [confirmed("a"), confirmed("b")],
  deadLetters: [],
  taken: TAKEN,
  damaged: 2,
  lastBefore: 2,
  listed: new Set(),
  submittedAgain: 0,
  resent: [],
  seconds: 9,
  ...more,
});
const STREAM = { isStreamWhole: true };

it("is whole where all is confirmed by all sides, once", () => {
  const { account, suspects } = drillAccount(evidence({}));
  expect(account).toEqual({
    inserted: 2,
    damaged: 2,
    ...TAKEN,
    submittedAgain: 0,
    sentAgain: 0,
    sentAgainUnlisted: 0,
    duplicates: 0,
    toldWrong: 0,
    confirmed: 2,
    deadLettered: 0,
    lost: 0,
    seconds: 9,
  });
  expect([suspects, isWhole(account, STREAM)]).toEqual([[], true]);
  expect(drillTable(account, STREAM)).toMatch(/lost +0 .*\n.*\nEvery transaction is accounted for\.$/);
});

it("is not where one is lost", () => {
  const { account, suspects } = drillAccount(evidence({ rows: [confirmed("a")] }));
  expect([account.lost, suspects, isWhole(account, STREAM)]).toEqual([1, ["b"], false]);
  expect(drillTable(account, STREAM)).toContain("does not add up");
});

it("has what was sent again, which is right only where a list named it before", () => {
  const deliveries = [delivery(1, "a"), delivery(3, "a"), delivery(4, "b")];
  const unlisted = drillAccount(evidence({ deliveries }));
  expect(unlisted.account).toMatchObject({ sentAgain: 1, sentAgainUnlisted: 1, duplicates: 0 });
  expect([unlisted.suspects, isWhole(unlisted.account, STREAM)]).toEqual([["a"], false]);
  const listed = drillAccount(evidence({ deliveries, listed: new Set(["a"]) }));
  expect([listed.account.sentAgainUnlisted, isWhole(listed.account, STREAM)]).toEqual([0, true]);
});

it("tells what was delivered twice by itself from that", () => {
  const { account } = drillAccount(evidence({ deliveries: [delivery(1, "a"), delivery(3, "b"), delivery(4, "b")] }));
  expect([account.sentAgain, account.duplicates, isWhole(account, STREAM)]).toEqual([0, 1, false]);
});

it("counts who was told what the damage wrote, which the stream alone can prevent", () => {
  const content = JSON.stringify({ amount: OTHER_AMOUNT });
  const { account } = drillAccount(evidence({ deliveries: [delivery(1, "a"), delivery(3, "b", { content })] }));
  expect([account.toldWrong, isWhole(account, STREAM), isWhole(account, { isStreamWhole: false })]).toEqual([
    1,
    false,
    true,
  ]);
});
