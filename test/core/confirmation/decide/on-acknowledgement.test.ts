import { describe, expect, it } from "@jest/globals";
import { decide } from "../../../../core/confirmation/decide/decide.ts";
import { isAwaited } from "../../../../core/confirmation/decide/on-acknowledgement.ts";
import { progressAfter } from "../../../../core/confirmation/decide/progress-after.ts";
import type { Job } from "../../../../core/confirmation/job.ts";
import { METRICS } from "../../../../core/settings/names.ts";
import type { Attempt } from "../../../../core/transaction/attempt.ts";
import { type RowState, rowStateOf } from "../../../../core/transaction/row/row-state.ts";
import { jobOf, NOW, orderedJob, SETTINGS } from "../../../support/jobs.ts";
import { contentIn, transactionRow } from "../../../support/rows.ts";

const CONTENT = contentIn(transactionRow());
const MERCHANT = { merchantId: "m-1", secretKeyVersion: "1", acknowledgement: { withinSeconds: 60 } };
const GIVE_UP_AT = NOW + 1_000_000;
const MOMENT = { now: NOW, random: 0.5 };
const UNTIL = NOW + 70 + 60_000;

describe("a call that is answered with 202", () => {
  function accepted(job: Job) {
    const progress = progressAfter(job, { content: CONTENT }, { kind: "delivered", status: 202 }, GIVE_UP_AT, NOW, 70);
    return decide.accepted(job, progress, MERCHANT.acknowledgement, SETTINGS, MOMENT);
  }
  const attempts = [{ at: NOW, durationMs: 70, outcome: "accepted", status: 202 }];
  const progress = { attemptCount: 1, attempts, accepted: CONTENT };

  it("parks until its merchant's time is over, counted as an attempt", () => {
    expect(accepted(jobOf())).toMatchObject({
      kind: "park",
      send: undefined,
      note: undefined,
      record: { kind: "parked", dueKey: "T#0", dueAt: UNTIL, waitingFor: "acknowledgement", progress },
      fate: { kind: "delete" },
    });
  });

  it("holds its group, and is looked at again within moments", () => {
    expect(accepted(orderedJob())).toMatchObject({
      kind: "stay",
      record: { kind: "stays", nextTryAt: UNTIL, dueKey: "O#0", waitingFor: "acknowledgement", progress },
      fate: { kind: "give back until", until: NOW + 1125 },
    });
  });
});

describe("one whose merchant is to acknowledge it", () => {
  const attempt = (changes: Partial<Attempt> = {}): Attempt => ({
    at: NOW - 60_000,
    durationMs: 0,
    outcome: "accepted",
    status: 202,
    ...changes,
  });
  const waiting = (changes: Partial<RowState> = {}): RowState => ({
    ...rowStateOf(transactionRow()),
    attemptCount: 1,
    attempts: [attempt()],
    accepted: CONTENT,
    waitedFor: "acknowledgement",
    ...changes,
  });
  const awaited = (job: Job, { merchant = MERCHANT, giveUpAt = GIVE_UP_AT, isStopping = false } = {}) =>
    decide.awaited(job, merchant, giveUpAt, isStopping, SETTINGS, MOMENT);

  it.each<[string, RowState, boolean]>([
    ["is told by its newest attempt", waiting(), true],
    ["whatever it waited for since", waiting({ waitedFor: "merchant unread" }), true],
    ["not by an older one", waiting({ attempts: [attempt(), attempt({ outcome: "timeout" })] }), false],
    ["not once it was opened again", waiting({ attemptCount: 0 }), false],
    ["not of one that was never called", rowStateOf(transactionRow()), false],
  ])("%s", (_, state, expected) => {
    expect(isAwaited(jobOf({ state }))).toBe(expected);
  });

  it("and did not in time has failed once, is called by nobody for that, and is attempted again by schedule", () => {
    const effect = awaited(jobOf({ state: waiting() }));
    expect(effect).toMatchObject({
      kind: "park",
      counts: [METRICS.unacknowledged],
      note: undefined,
      record: {
        kind: "parked",
        dueAt: NOW + 10_000,
        waitingFor: undefined,
        progress: {
          attemptCount: 1,
          attempts: [{ outcome: "unacknowledged", status: 202, error: expect.any(String) }],
        },
      },
    });
  });

  it("has the waits of its merchant's own schedule", () => {
    const merchant = { ...MERCHANT, retryScheduleSeconds: [600] };
    expect(awaited(jobOf({ state: waiting() }), { merchant })).toMatchObject({ record: { dueAt: NOW + 600_000 } });
  });

  it("frees its group no sooner, and waits for its next attempt in its place", () => {
    expect(awaited(orderedJob({ state: waiting() }))).toMatchObject({
      kind: "stay",
      counts: [METRICS.unacknowledged],
      record: { kind: "stays", nextTryAt: NOW + 10_000, waitingFor: undefined },
    });
  });

  it.each([
    ["after its last attempt", waiting({ attemptCount: 3 }), {}, "the last of 3 attempts"],
    ["when no other can come in time", waiting(), { giveUpAt: NOW - 1 }, "the only attempt"],
  ])("is given up %s, and says that it may be confirmed still", (_, state, changes, text) => {
    const effect = awaited(jobOf({ state }), changes);
    expect(effect).toMatchObject({
      kind: "give up",
      counts: [METRICS.unacknowledged],
      send: { kind: "dead letter", failure: { code: "unacknowledged", fault: "merchant" } },
      record: { kind: "failed", state: { attempts: [{ outcome: "unacknowledged" }] } },
    });
    expect(effect.givenUp?.failure.reason).toContain(text);
  });

  it("waits on where somebody took it up too early", () => {
    const state = waiting({ attempts: [attempt({ at: NOW - 20_000 })] });
    expect(awaited(jobOf({ state }))).toMatchObject({
      kind: "park",
      counts: [],
      record: { dueAt: NOW + 40_000, waitingFor: "acknowledgement", progress: { attempts: state.attempts } },
    });
    expect(awaited(jobOf({ state }), { giveUpAt: NOW - 1 })).toMatchObject({ kind: "park" });
  });

  it("is only looked at while it waits in its place, and nothing is written for that", () => {
    const state = waiting({ attempts: [attempt({ at: NOW - 20_000 })], nextTryAt: NOW + 40_000 });
    expect(awaited(orderedJob({ state }))).toMatchObject({
      kind: "stay",
      record: undefined,
      fate: { kind: "give back until", until: NOW + 1125 },
    });
  });

  it("is not waited for any more once its merchant is one that does not acknowledge", () => {
    const state = waiting({ attempts: [attempt({ at: NOW - 1 })] });
    const { acknowledgement: _, ...merchant } = MERCHANT;
    expect(decide.awaited(jobOf({ state }), merchant, GIVE_UP_AT, false, SETTINGS, MOMENT)).toMatchObject({
      counts: [METRICS.unacknowledged],
    });
  });

  it("is given back by a task that ends, or whose clock is wrong", () => {
    expect(awaited(jobOf({ state: waiting() }), { isStopping: true })).toMatchObject({
      kind: "let go",
      record: undefined,
    });
  });
});
