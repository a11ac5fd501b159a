import { describe, expect, it } from "@jest/globals";
import type { AttributeMap } from "../../../../core/transaction/attribute-value.ts";
import { type Accepted, writeAccepted } from "../../../../core/transaction/accepted.ts";
import {
  highestVersionOf,
  isTerminal,
  isStateCurrent,
  rowStateOf,
  STATES,
  stateOf,
} from "../../../../core/transaction/row/row-state.ts";
import { loweredFailure, generationFailure } from "../../../../core/transaction/row/row-failures.ts";
import { changed, number, text, transactionRow } from "../../../support/rows.ts";

const ACCEPTED: Accepted = {
  merchantId: "m-1",
  outcome: "APPROVED",
  amount: "10.00",
  currency: "EUR",
  occurredAt: "2026-01-01T00:00:00Z",
  payloadDigest: "d",
  digestVersion: 1,
};
const row = (state: string | undefined, changes = {}): AttributeMap =>
  transactionRow({
    version: number(2),
    stateVersion: number(2),
    releaseNumber: number(3),
    confirmationState: state === undefined ? undefined : text(state),
    ...changes,
  });

describe("a row's state", () => {
  it("is PENDING where none was written", () => {
    expect(stateOf(transactionRow())).toBe("PENDING");
  });

  it("is PENDING whatever was written for another version", () => {
    for (const state of STATES) expect(stateOf(row(state, { stateVersion: number(1) }))).toBe("PENDING");
  });

  it("is PENDING where it has no version at all", () => {
    expect(stateOf(row("CONFIRMED", { stateVersion: undefined }))).toBe("PENDING");
  });

  it("is what was written for the version that the row has", () => {
    for (const state of STATES) expect(stateOf(row(state))).toBe(state);
  });

  it("is PENDING when a newer program wrote one that this one does not know", () => {
    expect(stateOf(row("PAUSED"))).toBe("PENDING");
  });

  it.each<[string, AttributeMap[string] | undefined]>([
    ["a string", { S: "2" }],
    ["missing", undefined],
    ["a map", { M: { a: { N: "1" } } }],
    ["a fraction", { N: "1.5" }],
  ])("is told for a broken version too: %s", (_, version) => {
    const broken = row("FAILED", { version, stateVersion: version });
    expect(isStateCurrent(broken)).toBe(true);
    expect(isStateCurrent(changed(broken, { version: number(9) }))).toBe(false);
  });

  it("is of the version where the number is the same, however it is written", () => {
    expect(isStateCurrent(row("FAILED", { version: { N: "2.0" } }))).toBe(true);
    expect(isStateCurrent(row("FAILED", { version: { N: "2.5" } }))).toBe(false);
    expect(isStateCurrent(row("FAILED", { version: text("2") }))).toBe(false);
    expect(isStateCurrent(row("FAILED", { version: text("b"), stateVersion: text("a") }))).toBe(false);
    expect(isStateCurrent(row("FAILED", { version: undefined }))).toBe(false);
  });

  it("without a version that it was written for is of one that cannot be read", () => {
    expect(isStateCurrent(row("FAILED", { version: text("2"), stateVersion: undefined }))).toBe(true);
    expect(isStateCurrent(row("FAILED", { stateVersion: undefined }))).toBe(false);
  });

  it("is none without its name", () => {
    expect(isStateCurrent(row(undefined))).toBe(false);
  });

  it("owes nothing where it is CONFIRMED or FAILED, of this version", () => {
    expect(STATES.filter((state) => isTerminal(row(state)))).toEqual(["CONFIRMED", "FAILED"]);
    expect(STATES.filter((state) => isTerminal(row(state, { stateVersion: number(1) })))).toEqual([]);
  });

  it.each([number(-10), number(1.5), text("3"), { M: {} }])(
    "counts what nobody can have counted as none: %j",
    (count) => {
      const counts = { releaseNumber: count, unheardReleases: count, attemptCount: count };
      expect(rowStateOf(row("PENDING", counts))).toMatchObject({ release: 0, unheardReleases: 0, attemptCount: 0 });
      expect(generationFailure(row("PENDING", counts))).toMatchObject({ code: "row_invalid" });
    },
  );

  it("can be requeued with a number of the pipeline's own, or with none", () => {
    for (const releaseNumber of [undefined, number(0), number(7)])
      expect(generationFailure(row("PENDING", { releaseNumber }))).toBeUndefined();
  });

  it("says what stands where the pipeline's own number should, as much of it as is of use", () => {
    const failureOf = (releaseNumber: AttributeMap[string]) =>
      generationFailure(row("PENDING", { releaseNumber }))?.reason;
    expect(failureOf(text("3"))).toBe(
      'releaseNumber: got {"S":"3"}, expected nothing or what the pipeline wrote. ' +
        "Put the row again with a higher version and without it.",
    );
    expect(failureOf(text("x".repeat(200)))).toContain(`got {"S":"${"x".repeat(74)}, expected`);
  });

  it("keeps what its worker waits for, when it is tried next and when it was written, while the version is", () => {
    const waiting = { nextTryAt: number(5), committedAt: number(6), waitingFor: text("paused") };
    expect(rowStateOf(row("PENDING", waiting))).toEqual({
      state: "PENDING",
      release: 3,
      unheardReleases: 0,
      attemptCount: 0,
      attempts: [],
      nextTryAt: 5,
      committedAt: 6,
      waitedFor: "paused",
    });
    const old = rowStateOf(row("PENDING", { ...waiting, stateVersion: number(1) }));
    expect([old.nextTryAt, old.committedAt, old.waitedFor]).toEqual([undefined, undefined, undefined]);
    expect(Object.keys(rowStateOf(row("PENDING")))).toHaveLength(5);
  });

  it("keeps what its first attempt offered", () => {
    expect(rowStateOf(row("PENDING", { accepted: writeAccepted(2, ACCEPTED) })).accepted).toEqual(ACCEPTED);
    expect(rowStateOf(row("PENDING", { accepted: writeAccepted(1, ACCEPTED) }))).not.toHaveProperty("accepted");
  });

  it("takes counts and times of the version it was written for only, and the release of the row", () => {
    const counts = { attemptCount: number(4), giveUpAt: number(99), unheardReleases: number(2) };
    const attempts = { L: [{ M: { at: number(1), durationMs: number(2), outcome: text("status") } }] };
    expect(rowStateOf(row("SCHEDULED", { ...counts, attempts }))).toEqual({
      state: "SCHEDULED",
      release: 3,
      unheardReleases: 2,
      attemptCount: 4,
      attempts: [{ at: 1, durationMs: 2, outcome: "status" }],
      giveUpAt: 99,
    });
    expect(rowStateOf(row("SCHEDULED", { ...counts, attempts, stateVersion: number(1) }))).toEqual({
      state: "PENDING",
      release: 3,
      unheardReleases: 2,
      attemptCount: 0,
      attempts: [],
    });
  });
});

describe("the highest version of a row", () => {
  it.each<[string, number, AttributeMap]>([
    ["its own", 2, {}],
    ["the one that is remembered, once it was lowered", 5, { highestVersion: number(5) }],
    ["its own again, once it is higher", 2, { highestVersion: number(1) }],
    ["its own where something else is remembered", 2, { highestVersion: number(7.5) }],
    ["its own where no number is remembered", 2, { highestVersion: text("7") }],
    ["the one that is remembered where its own cannot be read", 5, { version: text("x"), highestVersion: number(5) }],
    ["none where neither can", 0, { version: text("x") }],
  ])("is %s", (_, highest, changes) => {
    expect(highestVersionOf(row("PENDING", changes))).toBe(highest);
  });

  it("is named where a lower one is quarantined", () => {
    expect(loweredFailure(2, 5)).toEqual({
      code: "version_lowered",
      fault: "producer",
      reason:
        "version: got 2 after 5, expected a higher one with every change of outcome. Write the row again " +
        "with version 6.",
    });
  });
});
