/**
 * What counts as charged to a merchant: by the suite's own intervals and the merchants' books, whatever the worker
 * thought.
 */
import { describe, expect, it } from "@jest/globals";
import { type ChargeEvidence, chargedToMerchants } from "../../../tools/chaos/run/charged.ts";
import type { RowAttempt, WholeRow } from "../../../tools/chaos/run/whole-rows.ts";
import { delivery } from "./deliveries.ts";

const MERCHANT = "good-5";
const OWN = { label: "egress hanging", kind: "egress down", fromMs: 10_000, toMs: 14_000 } as const;
const TRY: RowAttempt = {
  at: 11_000,
  durationMs: 2000,
  outcome: "timeout",
  isFree: false,
  error: "no answer",
};

function row(changes: Partial<WholeRow> = {}): WholeRow {
  return {
    transactionId: "t-1",
    version: 1,
    state: "CONFIRMED",
    merchantId: MERCHANT,
    attemptCount: 2,
    attempts: [TRY],
    content: "",
    ...changes,
  };
}

function charged(evidence: Partial<ChargeEvidence>) {
  return chargedToMerchants({
    written: [{ transactionId: "t-1", versions: [1], merchantId: MERCHANT, beganAtMs: 9000, isPlain: true }],
    rows: [row()],
    deliveries: [],
    own: [OWN],
    workerClock: [],
    trips: [],
    reopened: new Set(),
    ...evidence,
  });
}

const atMerchant = (changes: object) => [delivery(1, { merchantId: MERCHANT, arrivedAtMs: 11_500, ...changes })];

describe("an attempt is charged", () => {
  it("that failed during a fault of ours and never came to its merchant", () => {
    expect(charged({})).toMatchObject({ attempts: 1, trips: 0, giveUps: 0 });
  });

  it("that its merchant answered well", () => {
    expect(charged({ deliveries: atMerchant({ responseStatus: 200 }) }).attempts).toBe(1);
  });

  it("that its merchant refused for a signature of a wrong time", () => {
    expect(charged({ deliveries: atMerchant({ responseStatus: 401, verified: false }) }).attempts).toBe(1);
  });

  it("that began before the fault and ended in it", () => {
    expect(charged({ rows: [row({ attempts: [{ ...TRY, at: 9500 }] })] }).attempts).toBe(1);
  });

  it("whose time a wrong clock wrote", () => {
    const workerClock = [{ fromMs: 10_500, toMs: 12_000, byMs: 600_000 }];
    const attempts = [{ ...TRY, at: TRY.at + 600_000 }];
    expect(charged({ rows: [row({ attempts })], workerClock }).attempts).toBe(1);
    expect(charged({ rows: [row({ attempts })] }).attempts).toBe(0);
  });
});

describe("an attempt is not charged", () => {
  it.each<[string, Partial<ChargeEvidence>]>([
    ["that its merchant failed itself", { deliveries: atMerchant({ responseStatus: 500 }) }],
    ["that its merchant left without an answer", { deliveries: atMerchant({ responseStatus: undefined }) }],
    ["outside of any fault of ours", { own: [{ ...OWN, fromMs: 20_000, toMs: 21_000 }] }],
    ["that used up none of the tries there are", { rows: [row({ attempts: [{ ...TRY, isFree: true }] })] }],
    ["that was delivered", { rows: [row({ attempts: [{ ...TRY, outcome: "delivered" }] })] }],
    ["of a merchant that faults of the plan turn", { rows: [row({ merchantId: "good-1" })] }],
    ["of a row whose dead letter was put back", { reopened: new Set(["t-1"]) }],
    ["of a row that is poison", { written: [{ transactionId: "t-1", versions: [1], merchantId: MERCHANT }] }],
  ])("%s", (_, evidence) => {
    expect(charged(evidence).attempts).toBe(0);
  });
});

describe("a transaction that was given up", () => {
  it("is charged if a fault of ours came after it was written", () => {
    const rows = [row({ state: "FAILED", failureCode: "expired", attempts: [] })];
    expect(charged({ rows })).toMatchObject({ attempts: 0, giveUps: 1 });
    expect(charged({ rows, own: [{ ...OWN, fromMs: 1000, toMs: 2000 }] }).giveUps).toBe(0);
  });
});

describe("a circuit that opened", () => {
  it("is charged if a fault of ours fell into the half minute before", () => {
    const rows: WholeRow[] = [];
    expect(charged({ rows, trips: [{ merchantId: MERCHANT, atMs: 15_000 }] }).trips).toBe(1);
    expect(charged({ rows, trips: [{ merchantId: MERCHANT, atMs: 60_000 }] }).trips).toBe(0);
    expect(charged({ rows, trips: [{ merchantId: "hanging", atMs: 15_000 }] }).trips).toBe(0);
  });
});
