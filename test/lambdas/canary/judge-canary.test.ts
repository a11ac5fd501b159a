import { describe, expect, it } from "@jest/globals";
import { judgeCanary } from "../../../lambdas/canary/judge-canary.ts";
import { number, text, transactionRow } from "../../support/rows.ts";

const WRITTEN = "2026-11-22T10:00:00.250Z";
const AT = Date.parse(WRITTEN);
const terminal = (state: string, settledAt: number) =>
  transactionRow({
    occurredAt: text(WRITTEN),
    confirmationState: text(state),
    stateVersion: number(1),
    settledAt: number(settledAt),
  });

describe("a canary", () => {
  it("is confirmed in time up to the very second of the objective", () => {
    expect(judgeCanary(terminal("CONFIRMED", AT + 30_000), 30)).toEqual({
      kind: "confirmed",
      latencyMs: 30_000,
      isInTime: true,
    });
  });

  it("is confirmed late after it", () => {
    expect(judgeCanary(terminal("CONFIRMED", AT + 30_001), 30)).toMatchObject({ latencyMs: 30_001, isInTime: false });
  });

  it("took no time rather than less than none, where clocks are apart", () => {
    expect(judgeCanary(terminal("CONFIRMED", AT - 40), 30)).toMatchObject({ latencyMs: 0, isInTime: true });
  });

  it("is unconfirmed while it is on its way, with what it waits for", () => {
    const parked = { confirmationState: text("SCHEDULED"), stateVersion: number(1), waitingFor: text("circuit open") };
    expect(judgeCanary(transactionRow({ ...parked, attemptCount: number(2) }), 30)).toEqual({
      kind: "unconfirmed",
      state: "SCHEDULED",
      attemptCount: 2,
      waitedFor: "circuit open",
    });
    expect(judgeCanary(transactionRow(), 30)).toEqual({ kind: "unconfirmed", state: "PENDING", attemptCount: 0 });
  });

  it("is unconfirmed when it was given up", () => {
    expect(judgeCanary(terminal("FAILED", AT + 1), 30)).toMatchObject({ kind: "unconfirmed", state: "FAILED" });
  });

  it("is not judged when it was not written: silence says enough", () => {
    expect(judgeCanary(undefined, 30)).toEqual({ kind: "not written" });
  });
});
