import { describe, expect, it } from "@jest/globals";
import { type Asked, readAgainIn } from "../../console/src/transaction/read-again.ts";
import type { Transaction } from "../../console/src/transaction/timeline.ts";

const FAILED_AT = "2026-11-22T10:00:00.000Z";
const AGAIN_AT = "2026-11-22T11:00:00.000Z";
const SOON = 2000;
const NOW = Date.parse(AGAIN_AT);
const asked: Asked = { jobId: "job-1", atMs: NOW - 1000, recordedAt: FAILED_AT };
const mark: NonNullable<Transaction["redelivery"]> = { jobId: "job-1", generation: 1, reopened: true };
const failed = { state: "FAILED", recordedAt: FAILED_AT } as const;
const { reopened: _reopened, ...owed } = mark;

describe("a transaction that is shown", () => {
  it("is read again while it may change any moment, seldom while it waits, and never once it is over", () => {
    expect(readAgainIn({ state: "PENDING" }, undefined, NOW)).toBe(SOON);
    expect(readAgainIn({ state: "SCHEDULED" }, undefined, NOW)).toBe(10_000);
    expect(readAgainIn({ state: "CONFIRMED" }, undefined, NOW)).toBe(false);
    expect(readAgainIn(failed, undefined, NOW)).toBe(false);
  });

  it("is read again until the job that was asked for has marked it, and what came of that is there", () => {
    expect(readAgainIn({ state: "CONFIRMED" }, asked, NOW)).toBe(SOON);
    expect(readAgainIn({ state: "CONFIRMED", redelivery: owed }, asked, NOW)).toBe(SOON);
    const done = { ...owed, result: "delivered" };
    expect(readAgainIn({ state: "CONFIRMED", redelivery: done }, asked, NOW)).toBe(false);
  });

  it("is read again while it had failed and is marked, until somebody took it up", () => {
    expect(readAgainIn({ ...failed, redelivery: mark }, asked, NOW)).toBe(SOON);
    expect(readAgainIn({ state: "PENDING", redelivery: mark }, asked, NOW)).toBe(SOON);
    expect(readAgainIn({ state: "CONFIRMED", recordedAt: AGAIN_AT, redelivery: mark }, asked, NOW)).toBe(false);
    expect(readAgainIn({ state: "FAILED", recordedAt: AGAIN_AT, redelivery: mark }, asked, NOW)).toBe(false);
  });

  it("is followed for a minute, as a job may leave it out", () => {
    const later = asked.atMs + 60_000;
    expect(readAgainIn(failed, asked, later - 1)).toBe(SOON);
    expect(readAgainIn(failed, asked, later)).toBe(false);
    expect(readAgainIn({ ...failed, redelivery: mark }, asked, later)).toBe(false);
  });
});
