import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import type { ConfirmationMessage } from "../../../core/transaction/message.ts";
import { type Accepted, contentChanged, writeAccepted } from "../../../core/transaction/accepted.ts";
import {
  highestVersionOf,
  isSettled,
  isStateCurrent,
  judge,
  loweredFailure,
  releaseFailure,
  rowStateOf,
  STATES,
  stateOf,
} from "../../../core/transaction/state.ts";
import { changed, number, text, transactionRow } from "../../support/rows.ts";

const message: ConfirmationMessage = { transactionId: "t-1", version: 2, release: 3 };
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
    expect(STATES.filter((state) => isSettled(row(state)))).toEqual(["CONFIRMED", "FAILED"]);
    expect(STATES.filter((state) => isSettled(row(state, { stateVersion: number(1) })))).toEqual([]);
  });

  it.each([number(-10), number(1.5), text("3"), { M: {} }])(
    "counts what nobody can have counted as none: %j",
    (count) => {
      const counts = { releaseNumber: count, unheardReleases: count, attemptCount: count };
      expect(rowStateOf(row("PENDING", counts))).toMatchObject({ release: 0, unheardReleases: 0, attemptCount: 0 });
      expect(releaseFailure(row("PENDING", counts))).toMatchObject({ code: "row_invalid" });
    },
  );

  it("can be released with a number of the pipeline's own, or with none", () => {
    for (const releaseNumber of [undefined, number(0), number(7)])
      expect(releaseFailure(row("PENDING", { releaseNumber }))).toBeUndefined();
  });

  it("says what stands where the pipeline's own number should, as much of it as is of use", () => {
    const failureOf = (releaseNumber: AttributeMap[string]) =>
      releaseFailure(row("PENDING", { releaseNumber }))?.reason;
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

  it("is named where a lower one is set aside", () => {
    expect(loweredFailure(2, 5)).toEqual({
      code: "version_lowered",
      fault: "producer",
      reason:
        "version: got 2 after 5, expected a higher one with every change of outcome. Write the row again " +
        "with version 6.",
    });
  });
});

describe("a message is judged so that", () => {
  it.each<[string, ConfirmationMessage, AttributeMap | undefined, object]>([
    ["one without a row is discarded", message, undefined, { kind: "discard", reason: "gone" }],
    [
      "an older version is superseded",
      { ...message, version: 1 },
      row("PENDING"),
      { kind: "discard", reason: "superseded" },
    ],
    [
      "a newer version than the row's is not delivered",
      { ...message, version: 3 },
      row("PENDING"),
      { kind: "discard", reason: "superseded" },
    ],
    ["a confirmed one is discarded", message, row("CONFIRMED"), { kind: "discard", reason: "confirmed" }],
    ["a parked one is discarded", message, row("SCHEDULED"), { kind: "discard", reason: "parked" }],
    [
      "one of an older release is discarded",
      { ...message, release: 2 },
      row("PENDING"),
      { kind: "discard", reason: "released again" },
    ],
    [
      "one of a newer release is discarded",
      { ...message, release: 4 },
      row("PENDING"),
      { kind: "discard", reason: "released again" },
    ],
    ["a pending one is delivered", message, row("PENDING"), { kind: "deliver" }],
    ["one without state is delivered", message, row(undefined), { kind: "deliver" }],
    [
      "one whose state is of an older version is delivered",
      message,
      row("CONFIRMED", { stateVersion: number(1) }),
      { kind: "deliver" },
    ],
    ["a replay of a failed one makes sure of the dead letter", message, row("FAILED"), { kind: "dead-letter again" }],
    [
      "a repetition of a failed one with an ordering key is discarded, as the dead letter was there before",
      message,
      row("FAILED", { orderingKey: text("k") }),
      { kind: "discard", reason: "failed" },
    ],
    [
      "a dead letter of a failed one with an ordering key opens it again too",
      { ...message, deadLettered: true },
      row("FAILED", { orderingKey: text("k") }),
      { kind: "reopen" },
    ],
    [
      "a dead letter of a failed one opens it again",
      { ...message, deadLettered: true },
      row("FAILED"),
      { kind: "reopen" },
    ],
    [
      "a dead letter of an older release does not",
      { ...message, release: 2, deadLettered: true },
      row("FAILED"),
      { kind: "discard" },
    ],
    [
      "a dead letter of a confirmed one does not",
      { ...message, deadLettered: true },
      row("CONFIRMED"),
      { kind: "discard" },
    ],
    [
      "a dead letter of a parked one does not",
      { ...message, deadLettered: true },
      row("SCHEDULED"),
      { kind: "discard" },
    ],
    [
      "a dead letter of a pending one is put back too early: its row will say that it failed",
      { ...message, deadLettered: true },
      row("PENDING"),
      { kind: "too early" },
    ],
    [
      "release 0 is that of a row without one",
      { ...message, release: 0 },
      row(undefined, { releaseNumber: undefined }),
      { kind: "deliver" },
    ],
  ])("%s", (_, given, givenRow, expected) => {
    expect(judge(given, givenRow)).toMatchObject(expected);
  });

  it("a lowered version is never delivered by putting its dead letter back, as a newer one may have been", () => {
    const lowered = row("FAILED", { failure: { M: { code: text("version_lowered") } } });
    expect(judge({ ...message, deadLettered: true }, lowered)).toEqual({ kind: "dead-letter again" });
  });

  it("one whose content was changed is never delivered by putting its dead letter back either", () => {
    const given = row("FAILED", { failure: { M: { code: text(contentChanged(2, ["amount"]).code) } } });
    expect(judge({ ...message, deadLettered: true }, given)).toEqual({ kind: "dead-letter again" });
    const other = row("FAILED", { failure: { M: { code: text("expired") } } });
    expect(judge({ ...message, deadLettered: true }, other)).toEqual({ kind: "reopen" });
  });

  it("one whose failure somebody else wrote over is opened again by its dead letter like any other", () => {
    for (const failure of [undefined, text("version_lowered"), { M: {} }])
      expect(judge({ ...message, deadLettered: true }, row("FAILED", { failure }))).toEqual({ kind: "reopen" });
  });

  it("the row's state is taken as its caller has read it", () => {
    const known = rowStateOf(row("CONFIRMED"));
    expect(judge(message, row("PENDING"), known)).toEqual({ kind: "discard", reason: "confirmed" });
  });

  it("only the row's own version and release are ever acted upon", () => {
    const small = fc.integer({ min: 0, max: 3 });
    const anyRow = fc.tuple(small, small, small, fc.constantFrom(...STATES, undefined));
    fc.assert(
      fc.property(
        anyRow,
        small,
        small,
        fc.boolean(),
        ([version, stateVersion, release, state], asked, heard, marked) => {
          const verdict = judge(
            { transactionId: "t-1", version: asked, release: heard, ...(marked && { deadLettered: true }) },
            row(state, {
              version: number(version),
              stateVersion: number(stateVersion),
              releaseNumber: number(release),
            }),
          );
          if (verdict.kind === "discard") return;
          expect([asked, heard]).toEqual([version, release]);
          const settled = stateVersion === version && (state === "CONFIRMED" || state === "SCHEDULED");
          expect(settled).toBe(false);
          if (verdict.kind === "reopen") expect(marked).toBe(true);
        },
      ),
    );
  });
});
