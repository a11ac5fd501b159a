import { describe, expect, it } from "@jest/globals";
import type { AfterCall } from "../../../../core/confirmation/decide/after-call.ts";
import { decide } from "../../../../core/confirmation/decide/decide.ts";
import { progressAfter } from "../../../../core/confirmation/decide/progress-after.ts";
import type { Job } from "../../../../core/confirmation/job.ts";
import type { PreparedCall } from "../../../../core/delivery/prepare.ts";
import type { AttemptOutcome } from "../../../../core/retry/next-step.ts";
import { METRICS } from "../../../../core/settings/names.ts";
import { rowStateOf } from "../../../../core/transaction/row/row-state.ts";
import { jobOf, NOW, orderedJob, SETTINGS } from "../../../support/jobs.ts";
import { contentIn, transactionRow } from "../../../support/rows.ts";

const GIVE_UP_AT = NOW + 1_000_000;
const CONTENT = contentIn(transactionRow());
const CALL: PreparedCall = {
  merchant: { merchantId: "m-1", secretKeyVersion: "1", confirmationUrl: "https://m.example/" },
  keys: [],
  destination: { origin: "https://m.example", path: "/" },
  webhook: { id: "msg_1", body: "{}" },
  content: CONTENT,
  deadlineMs: 10_000,
};
const DELIVERED: AttemptOutcome = { kind: "delivered", status: 200 };
const FAILED: AttemptOutcome = { kind: "failed", class: "status_5xx", status: 503, error: "503" };
const AFTER: AfterCall = { isUrlDisabled: false, hasRoomInQueue: true, now: NOW, random: 0.5 };
const tried = (attemptCount: number) => ({ state: { ...rowStateOf(transactionRow()), attemptCount } });

function after(job: Job, outcome: AttemptOutcome, changes: Partial<AfterCall> = {}, merchant = {}) {
  const call = { ...CALL, merchant: { ...CALL.merchant, ...merchant } };
  const progress = progressAfter(job, call, outcome, GIVE_UP_AT, NOW, 70);
  return decide.afterCall(job, call, outcome, progress, { ...AFTER, ...changes }, SETTINGS);
}

describe("a delivery", () => {
  it.each([
    ["is confirmed", jobOf(), "delete"],
    ["is confirmed in order", orderedJob(), "delete"],
    ["is confirmed before the one behind it", orderedJob({ isPredecessor: true }), "keep"],
  ])("%s", (_, job, fate) => {
    const progress = progressAfter(job, CALL, DELIVERED, GIVE_UP_AT, NOW, 70);
    const expected = {
      kind: "confirm",
      note: undefined,
      send: undefined,
      record: { kind: "confirmed", progress, delivered: CONTENT },
      fate: { kind: fate },
    };
    expect(decide.delivered(job, progress, CONTENT)).toMatchObject(expected);
    expect(after(job, { ...DELIVERED, disablesUrl: true }, { isUrlDisabled: true })).toMatchObject(expected);
  });
});

const waitsInQueue = {
  kind: "retry in queue",
  record: { kind: "attempted" },
  fate: { kind: "give back", seconds: 10 },
};
const parks = { kind: "park", record: { kind: "parked", dueKey: "T#0" }, fate: { kind: "delete" } };
const stays = { kind: "stay", record: { kind: "stays", dueKey: "O#0" }, fate: { kind: "give back until" } };
const givenUp = {
  kind: "give up",
  send: { kind: "dead letter" },
  record: { kind: "failed" },
  fate: { kind: "delete" },
};

it.each<[string, ReturnType<typeof after>, object]>([
  ["waits in the queue", after(jobOf(), FAILED), waitsInQueue],
  ["parks where the queue has no room", after(jobOf(), FAILED, { hasRoomInQueue: false }), parks],
  ["parks for a longer wait", after(jobOf(tried(1)), FAILED), { ...parks, record: { dueAt: NOW + 100_000 } }],
  ["is given up after the last attempt", after(jobOf(tried(2)), FAILED), givenUp],
  ["stays in its place in order", after(orderedJob(), FAILED, { hasRoomInQueue: false }), stays],
  ["is given up in order after the last attempt", after(orderedJob(tried(2)), FAILED), givenUp],
  [
    "is attempted on its merchant's schedule",
    after(jobOf(tried(1)), FAILED, {}, { retryScheduleSeconds: [1] }),
    givenUp,
  ],
  [
    "is parked as long as its merchant asks for, and not counted",
    after(jobOf(tried(1)), { ...FAILED, retryAfterSeconds: 60 }),
    { ...parks, record: { progress: { attemptCount: 1 }, dueAt: NOW + 67_500 } },
  ],
  [
    "waits for its merchant whose URL is disabled",
    after(jobOf(), FAILED, { isUrlDisabled: true }),
    { kind: "park", note: { reason: "url disabled" }, record: { dueKey: "M#m-1#0", progress: { attemptCount: 1 } } },
  ],
  [
    "records its attempt in its place, though it waited for the same before",
    after(orderedJob({ state: { ...rowStateOf(transactionRow()), waitedFor: "url disabled" } }), FAILED, {
      isUrlDisabled: true,
    }),
    { kind: "stay", record: { kind: "stays", waitingFor: "url disabled", progress: { attemptCount: 1 } } },
  ],
  [
    "is given up at once when its merchant does not want it, whatever becomes of the URL",
    after(jobOf(), { ...FAILED, abortsMessage: true }, { isUrlDisabled: true }),
    { ...givenUp, givenUp: { failure: { code: "aborted_by_merchant" } } },
  ],
])("a failed attempt %s", (_, effect, expected) => {
  expect(effect).toMatchObject(expected);
});

it("a transaction that is given up takes its attempts with it", () => {
  const effect = after(jobOf(tried(2)), FAILED);
  expect(effect).toMatchObject({
    send: { attemptCount: 3 },
    record: { state: { attemptCount: 3, attempts: [{ at: NOW, durationMs: 70, outcome: "status_5xx" }] } },
    givenUp: { failure: { code: "attempts_exhausted" }, state: { attemptCount: 3 } },
  });
});

it("what the first attempt offered stays, whatever is offered later", () => {
  const accepted = { ...CONTENT, payloadDigest: "of the first" };
  const job = jobOf({ state: { ...rowStateOf(transactionRow()), accepted } });
  expect(progressAfter(job, CALL, FAILED, GIVE_UP_AT, NOW, 70).accepted).toBe(accepted);
});

it.each([
  ["parks for a moment", jobOf(), "park", { kind: "parked", dueKey: "T#0", dueAt: NOW + 10_000 }],
  ["stays in its place for a moment", orderedJob(), "stay", { kind: "stays", nextTryAt: NOW + 10_000 }],
])("one that our own network did not let out %s, and no attempt is counted", (_, job, kind, record) => {
  const effect = decide.ourEgress(job, CALL, GIVE_UP_AT, SETTINGS, { now: NOW, random: 0.5 });
  const progress = { attemptCount: 0, attempts: [], accepted: CONTENT };
  const expected = { kind, counts: [METRICS.spared], traced: "our egress" };
  expect(effect).toMatchObject({ ...expected, record: { ...record, waitingFor: "our egress", progress } });
});
