import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import type { ConfirmationMessage } from "../../../core/transaction/message.ts";
import { contentChanged } from "../../../core/transaction/accepted.ts";
import { rowStateOf, STATES } from "../../../core/transaction/row/row-state.ts";
import { type Redelivery, writeRedelivery } from "../../../core/transaction/row/redelivery.ts";
import { judge } from "../../../core/transaction/judge-message.ts";
import { number, text, transactionRow } from "../../support/rows.ts";

const message: ConfirmationMessage = { transactionId: "t-1", version: 2, release: 3 };
const row = (state: string | undefined, changes = {}): AttributeMap =>
  transactionRow({
    version: number(2),
    stateVersion: number(2),
    releaseNumber: number(3),
    confirmationState: state === undefined ? undefined : text(state),
    ...changes,
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
          const terminal = stateVersion === version && (state === "CONFIRMED" || state === "SCHEDULED");
          expect(terminal).toBe(false);
          if (verdict.kind === "reopen") expect(marked).toBe(true);
        },
      ),
    );
  });
});

describe("the message of a job for a confirmed row", () => {
  const mark = { jobId: "job-1", version: 2, generation: 2, markedAt: 1 };
  const sent = { ...message, release: 9, redelivery: { jobId: "job-1", generation: 2 } };
  const marked = (changes: Partial<Redelivery> = {}, state = "CONFIRMED") =>
    row(state, { redelivery: writeRedelivery({ ...mark, ...changes }) });

  it.each<[string, ConfirmationMessage, AttributeMap, object]>([
    ["is delivered at the row's mark, whatever its release", sent, marked(), { kind: "redeliver" }],
    ["is stale without one", sent, row("CONFIRMED"), confirmedBefore()],
    ["is stale at another generation", sent, marked({ generation: 3 }), confirmedBefore()],
    ["is stale at another job's mark", sent, marked({ jobId: "job-2" }), confirmedBefore()],
    ["is stale at a mark for another version", sent, marked({ version: 1 }), confirmedBefore()],
    ["is stale once there is a result", sent, marked({ ended: { result: "delivered" } }), confirmedBefore()],
    ["is stale at the mark of a row that had failed", sent, marked({ reopens: 1 }), confirmedBefore()],
    ["is no dead letter", { ...sent, deadLettered: true }, marked(), confirmedBefore()],
    ["is not what any other message of it is", message, marked(), confirmedBefore()],
    ["opens no failed row", sent, marked({}, "FAILED"), { kind: "discard", reason: "released again" }],
    ["is for no pending row", sent, marked({}, "PENDING"), { kind: "discard", reason: "released again" }],
  ])("%s", (_, asked, found, verdict) => {
    expect(judge(asked, found)).toEqual(verdict);
  });
});

function confirmedBefore() {
  return { kind: "discard", reason: "confirmed" };
}
