/** What the suite says of what jobs sent again. */
import { describe, expect, it } from "@jest/globals";
import { judgeRedeliveries, type RedeliveryEvidence } from "../../../tools/chaos/run/judge-redeliveries.ts";
import type { RunJob } from "../../../tools/chaos/run/run-jobs.ts";
import type { WholeRow } from "../../../tools/chaos/run/whole-rows.ts";
import { delivery } from "./deliveries.ts";

const JOB: RunJob = { jobId: "j", state: "done", isOver: true, totals: { sent: 1, delivered: 1 } };
const ROW: WholeRow = {
  transactionId: "t-1",
  version: 1,
  state: "CONFIRMED",
  merchantId: "acme",
  attemptCount: 1,
  attempts: [],
  content: "{}",
  settledAt: 5,
  redelivery: { jobId: "j", version: 1, result: "delivered", isReopened: false },
};
const AGAIN = delivery(1, { redelivery: "j" });

function details(changes: Partial<RedeliveryEvidence>): string[] {
  const evidence = { jobs: [JOB], rows: [ROW], deliveries: [AGAIN], written: [], confirmedAt: new Map([["t-1 1", 5]]) };
  return judgeRedeliveries({ ...evidence, ...changes }).map(({ detail }) => detail);
}

const withMark = (mark: Partial<NonNullable<WholeRow["redelivery"]>>): WholeRow[] => [
  { ...ROW, redelivery: { jobId: "j", version: 1, isReopened: false, ...mark } },
];

describe("what jobs sent again", () => {
  it("is in order where counts add up and merchants say the same", () => {
    expect(details({})).toEqual([]);
  });

  it.each<[string, Partial<RunJob>]>([
    ["a job that has no end", { state: "running", isOver: false }],
    ["what was sent and came to no end", { totals: { sent: 2, delivered: 1 } }],
    ["what was neither sent nor skipped", { totals: { sent: 1, delivered: 1, new: 1 } }],
    ["less than was counted", { counted: { new: 2, "skipped:pending": 1 } }],
  ])("is not where there is %s", (_, change) => {
    expect(details({ jobs: [{ ...JOB, ...change }] })).toHaveLength(1);
  });

  it("is not where what is skipped is not counted for what was counted", () => {
    const totals = { sent: 1, delivered: 1, "skipped:changed": 1 };
    expect(details({ jobs: [{ ...JOB, totals, counted: { new: 2 } }] })).toEqual([]);
  });

  it("may have been canceled before it began what was counted", () => {
    expect(details({ jobs: [{ ...JOB, state: "canceled", totals: {}, counted: { new: 2 } }] })).toEqual([]);
  });

  it("is of a job that there is", () => {
    expect(details({ deliveries: [AGAIN, { ...AGAIN, redelivery: "nobody's" }] })).toHaveLength(1);
  });

  it("is not said to be delivered where its merchant has refused it", () => {
    expect(details({ deliveries: [{ ...AGAIN, responseStatus: 500 }] })).toHaveLength(1);
  });

  it("is owed to nobody once its job is over", () => {
    expect(details({ rows: withMark({}) })).toHaveLength(1);
    expect(details({ rows: withMark({ version: 2 }) })).toEqual([]);
    expect(details({ rows: withMark({ isReopened: true }) })).toEqual([]);
  });

  it("keeps the time of its first confirmation, unless a producer wrote it again", () => {
    const confirmedAt = new Map([["t-1 1", 4]]);
    expect(details({ confirmedAt })).toHaveLength(1);
    expect(details({ confirmedAt, written: [{ transactionId: "t-1", versions: [1], isRewritten: true }] })).toEqual([]);
  });
});
