import { describe, expect, it } from "@jest/globals";
import { giveUpAtOf } from "../../../../core/confirmation/decide/before-call.ts";
import { decide } from "../../../../core/confirmation/decide/decide.ts";
import type { Job } from "../../../../core/confirmation/job.ts";
import type { WaitReason } from "../../../../core/merchant/merchant-health.ts";
import { METRICS } from "../../../../core/settings/names.ts";
import { rowStateOf } from "../../../../core/transaction/row/row-state.ts";
import { GROUP_ID, inFlight, jobOf, NOW, orderedJob, SETTINGS } from "../../../support/jobs.ts";
import { transactionRow } from "../../../support/rows.ts";

const state = rowStateOf(transactionRow());
const waiting = (ms: number) => ({ ...state, nextTryAt: NOW + ms });
const SOON = NOW + 500_000;

it.each<[string, Job, number, boolean, object | undefined]>([
  ["in time is made", jobOf(), SOON, false, undefined],
  ["at its very end is made", jobOf(), NOW, false, undefined],
  ["past its time is given up", jobOf(), NOW - 1, false, { kind: "give up", record: { kind: "failed" } }],
  ["of a task that stops goes back", jobOf(), SOON, true, { kind: "let go", fate: { kind: "give back", seconds: 0 } }],
  ["past its time goes back too: the clock may be wrong", jobOf(), NOW - 1, true, { kind: "let go" }],
  [
    "in its place waits for its time",
    orderedJob({ state: waiting(2000) }),
    SOON,
    false,
    { kind: "stay", record: undefined, fate: { kind: "give back until", until: NOW + 2000 }, traced: "not due yet" },
  ],
  ["in its place is made at its time", orderedJob({ state: waiting(0) }), SOON, false, undefined],
  ["waits for no time past its end", orderedJob({ state: waiting(600_000) }), SOON, false, undefined],
  ["without an order knows no such time", jobOf({ state: waiting(2000) }), SOON, false, undefined],
])("a call %s", (_, job, giveUpAt, isStopping, expected) => {
  const effect = decide.beforeCall(job, giveUpAt, NOW, isStopping);
  if (expected === undefined) expect(effect).toBeUndefined();
  else expect(effect).toMatchObject(expected);
});

it.each<[string, Job, number]>([
  ["from its first attempt on", jobOf({ inFlight: inFlight({ sentAt: NOW - 5000 }) }), NOW + 1_000_000],
  [
    "from when it was written on, for a clock that is behind",
    jobOf({ message: { ...jobOf().message, committedAt: NOW + 600_000 } }),
    NOW + 1_600_000,
  ],
  ["in order, from when it was sent", orderedJob({ inFlight: inFlight({ sentAt: NOW - 5000 }) }), NOW + 995_000],
  ["in order, sent at nobody knows when", orderedJob({ inFlight: inFlight({ sentAt: 0 }) }), NOW + 1_000_000],
  ["in order, and is attempted once", orderedJob({ inFlight: inFlight({ sentAt: NOW - 2_000_000 }) }), NOW],
])("the time to deliver counts %s", (_, job, expected) => {
  expect(giveUpAtOf(job, NOW, SETTINGS)).toBe(expected);
});

describe("one that its merchant's health row turned away", () => {
  const merchant = { merchantId: "m-1", confirmationUrl: "https://m.example/" };
  const url = "https://m.example/";
  const turnedAway = (job: Job, reason: WaitReason, to = url) =>
    decide.turnedAway(job, SOON, { merchant, reason, url: to, traced: reason }, SETTINGS, { now: NOW, random: 0.5 });

  it.each<[WaitReason]>([["paused"], ["circuit open"], ["no room"], ["key unavailable"], ["url disabled"]])(
    "parks under its merchant until it is given up, noted at the gate: %s",
    (reason) => {
      expect(turnedAway(jobOf(), reason)).toMatchObject({
        kind: "park",
        counts: [METRICS.waiting],
        traced: reason,
        note: { merchantId: "m-1", reason },
        record: { kind: "parked", dueKey: "M#m-1#0", dueAt: SOON, waitingFor: reason, progress: { attemptCount: 0 } },
        fate: { kind: "delete" },
      });
    },
  );

  it("parks by time for a URL of its own, of which the health row's end says nothing", () => {
    expect(turnedAway(jobOf(), "url disabled", "https://own.example/")).toMatchObject({
      kind: "park",
      counts: [],
      note: undefined,
      record: { kind: "parked", dueKey: "T#0", dueAt: SOON, waitingFor: "url disabled" },
    });
  });

  it("parks by time where the health row could not be written", () => {
    const progress = { attemptCount: 0, attempts: [], giveUpAt: SOON };
    const effect = decide.unnoted(jobOf(), { progress, reason: "paused" }, SETTINGS, { now: NOW, random: 0 });
    expect(effect).toMatchObject({ kind: "park", counts: [], note: undefined, record: { dueKey: "T#0" } });
    expect(effect.record).toMatchObject({ dueAt: NOW + 1000, waitingFor: "paused" });
  });

  it("keeps the message of the one behind it, of which it is a predecessor", () => {
    expect(turnedAway(jobOf({ isPredecessor: true }), "paused").fate).toEqual({ kind: "keep" });
  });

  it.each<[string, Job, WaitReason, boolean]>([
    ["records what it waits for", orderedJob(), "paused", true],
    ["records it once", orderedJob({ state: { ...state, waitedFor: "paused" } }), "paused", false],
    ["records another reason", orderedJob({ state: { ...state, waitedFor: "paused" } }), "circuit open", true],
    ["records nothing that passes", orderedJob(), "no room", false],
  ])("stays in its place in order, and %s", (_, job, reason, isRecorded) => {
    const effect = turnedAway(job, reason);
    expect(effect).toMatchObject({ kind: "stay", counts: [METRICS.waiting], note: undefined, traced: reason });
    expect(effect.record?.kind).toBe(isRecorded ? "stays" : undefined);
    expect(effect.fate.kind).toBe("give back until");
  });

  it("is not looked for while it stays, nor for a lease longer", () => {
    const { record } = turnedAway(orderedJob(), "paused");
    expect(GROUP_ID).not.toBe("");
    expect(record).toMatchObject({ dueKey: "O#0", nextTryAt: NOW + 5625, dueAt: NOW + 5625 + SETTINGS.leaseMs });
  });
});

it("one for which there is no time left is not touched", () => {
  expect(decide.noTime()).toMatchObject({ kind: "let go", fate: { kind: "leave" }, counts: [METRICS.leftInQueue] });
});
