import { describe, expect, it } from "@jest/globals";
import { planFor } from "../../../../lambdas/release-due/rows/plan.ts";
import { START_MS } from "../../../support/fake-clock.ts";
import { type Changes, number, text, transactionRow } from "../../../support/rows.ts";

const LEASE_MS = 900_000;
const options = {
  now: START_MS,
  leaseMs: LEASE_MS,
  goneBefore: START_MS,
  goneBeforeOrdered: START_MS,
  dueShards: 1,
  maxUnheard: 3,
  isGranted: false,
};
const due = (changes: Changes = {}) => transactionRow({ dueKey: text("T#0"), dueAt: number(START_MS), ...changes });
const state = (name: string, stateVersion = 1): Changes => ({
  confirmationState: text(name),
  stateVersion: number(stateVersion),
});
const target = { transactionId: "t-1", version: 1, release: 0 };

describe("a row with an ordering key", () => {
  const DAY_MS = 86_400_000;
  const ordered = (changes: Changes = {}) =>
    transactionRow({ orderingKey: text("k"), dueKey: text("O#0"), dueAt: number(START_MS), ...changes });
  const behind = { ...options, goneBeforeOrdered: START_MS - LEASE_MS };

  it("is repeated at its own generation when it is due, ever more seldom", () => {
    const repeat = { kind: "repeat", target, dueAt: START_MS };
    expect(planFor(ordered(), options)).toMatchObject({ ...repeat, nextDueAt: START_MS + LEASE_MS });
    expect(planFor(ordered({ unheardReleases: number(2) }), options)).toMatchObject({
      ...repeat,
      nextDueAt: START_MS + 4 * LEASE_MS,
    });
  });

  it("is left alone while older messages are in its queue, for a day", () => {
    expect(planFor(ordered(), behind)).toEqual({ kind: "leave", isPostponed: true });
    expect(planFor(ordered({ dueAt: number(START_MS - DAY_MS) }), behind)).toMatchObject({ kind: "repeat" });
  });

  it("does not wait for the queue of the others, nor they for its queue", () => {
    expect(planFor(ordered(), { ...options, goneBefore: START_MS - LEASE_MS })).toMatchObject({ kind: "repeat" });
    expect(planFor(due({ dueKey: text("P#0") }), behind)).toMatchObject({ kind: "release" });
  });

  it("is moved to where its kind is looked for, and back when it has lost its key", () => {
    expect(planFor(ordered({ dueKey: text("P#0") }), options)).toEqual({
      kind: "move",
      target,
      dueKey: "O#0",
      dueAt: START_MS,
    });
    expect(planFor(due({ dueKey: text("O#0") }), options)).toEqual({
      kind: "move",
      target,
      dueKey: "P#0",
      dueAt: START_MS,
    });
  });

  it("that was parked before it got its key is requeued, as no message of it is in a queue", () => {
    const parked = ordered({ ...state("SCHEDULED"), dueKey: text("T#0") });
    expect(planFor(parked, behind)).toMatchObject({ kind: "release" });
  });

  it(
    "is given up when it was repeated, never acknowledged, for longer than any message " +
      "is kept, whatever the settings say",
    () => {
      expect(planFor(ordered({ unheardReleases: number(19) }), options)).toMatchObject({ kind: "repeat" });
      expect(planFor(ordered({ unheardReleases: number(20) }), options)).toMatchObject({
        kind: "give up",
        failure: { code: "release_unheard" },
      });
    },
  );
});

describe("a row that the index named", () => {
  it.each<[string, Changes]>([
    ["is not due yet", { dueAt: number(START_MS + 1) }],
    ["has left the index", { dueKey: undefined, dueAt: undefined }],
    ["lost its date", { dueAt: undefined }],
  ])("is left alone when it %s", (_, changes) => {
    expect(planFor(due(changes), options)).toEqual({ kind: "leave", isPostponed: false });
  });

  it("is requeued before its time when its merchant can take it, and only while it waits for the merchant", () => {
    const waiting = { ...state("SCHEDULED"), dueAt: number(START_MS + 1) };
    const granted = { ...options, isGranted: true };
    expect(planFor(due({ ...waiting, dueKey: text("M#m-1#0") }), granted)).toMatchObject({ kind: "release" });
    expect(planFor(due(waiting), granted)).toMatchObject({ kind: "leave" });
    expect(planFor(due({ ...waiting, dueKey: text("M#m-1#0") }), options)).toMatchObject({ kind: "leave" });
  });

  it.each(["CONFIRMED", "FAILED"])("leaves the index when it is %s", (name) => {
    expect(planFor(due(state(name)), options)).toEqual({ kind: "leave index", version: 1 });
  });

  it.each<[string, Changes]>([
    ["has no state", {}],
    ["is pending", state("PENDING")],
    ["is parked", state("SCHEDULED")],
    ["was settled at an older version", state("CONFIRMED", 0)],
  ])("is released when it %s", (_, changes) => {
    expect(planFor(due(changes), options)).toMatchObject({ kind: "release", target, dueAt: START_MS });
  });

  it("is quarantined when somebody else has written its releaseNumber, since no claim could ever succeed", () => {
    expect(planFor(due({ releaseNumber: text("1") }), options)).toMatchObject({ kind: "set aside" });
  });

  it("keeps its counts where its state is of this version, and starts anew where not", () => {
    expect(planFor(due(state("SCHEDULED")), options)).toMatchObject({ hasState: true });
    expect(planFor(due(state("SCHEDULED", 0)), options)).toMatchObject({ hasState: false });
  });
});

describe("while its message may be in the queue", () => {
  /** Its message was sent a lease before it was due, or up to a minute later. */
  const MARGIN_MS = 60_000;
  const behind = { ...options, goneBefore: START_MS - LEASE_MS + MARGIN_MS };

  it("a pending row is left alone", () => {
    expect(planFor(due(), behind)).toEqual({ kind: "leave", isPostponed: true });
    expect(planFor(due({ unheardReleases: number(99) }), behind)).toEqual({ kind: "leave", isPostponed: true });
  });

  it("a parked one is requeued, as its message was deleted", () => {
    expect(planFor(due(state("SCHEDULED")), behind)).toMatchObject({ kind: "release" });
  });

  it("and no longer, a pending row is requeued", () => {
    expect(planFor(due(), { ...options, goneBefore: behind.goneBefore + 1 })).toMatchObject({ kind: "release" });
  });

  it("of which nothing is known, only parked rows are requeued", () => {
    const unknown = { ...options, goneBefore: Number.NEGATIVE_INFINITY };
    expect(planFor(due(), unknown)).toMatchObject({ kind: "leave" });
    expect(planFor(due(state("SCHEDULED")), unknown)).toMatchObject({ kind: "release" });
  });
});

describe("a row that no worker hears", () => {
  it("is requeued as often as it may be, and then given up", () => {
    expect(planFor(due({ unheardReleases: number(2) }), options)).toMatchObject({ kind: "release" });
    expect(planFor(due({ unheardReleases: number(3), releaseNumber: number(7) }), options)).toMatchObject({
      kind: "give up",
      target: { ...target, release: 7 },
      failure: { code: "release_unheard", fault: "pipeline", reason: expect.stringContaining("released 3 times") },
    });
  });
});

describe("a row whose version cannot be delivered", () => {
  it.each([text("1"), undefined, number(0)])("is set aside when due: %j", (version) => {
    expect(planFor(due({ version }), options)).toMatchObject({
      kind: "set aside",
      failure: { code: "version_invalid" },
    });
  });
});
