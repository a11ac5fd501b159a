import { describe, expect, it } from "@jest/globals";
import { merchantCallRow } from "../../../core/jobs/merchant-call.ts";
import { added, type Job, JOB_STATES, jobRow, readJobRow } from "../../../core/jobs/job.ts";
import { parsePartMessage, partMessage } from "../../../core/jobs/part.ts";

const job: Job = {
  jobId: "j-1",
  kind: "redelivery",
  state: "counted",
  asked: {
    spec: { state: "FAILED" },
    reason: "r",
    requestedBy: "ada",
    ratePerSecond: 5,
    asOf: 2,
    createdAt: 1,
    parts: 4,
  },
  counted: { totals: { new: 3 }, sample: ["t-1"] },
  startedAt: 5,
};

describe("a job's row", () => {
  it.each(JOB_STATES)("is read as it was written, %s", (state) => {
    expect(readJobRow(jobRow({ ...job, state }))).toEqual({ ...job, state });
  });

  it("is no row of a call, of a part, or of a kind that a newer program has", () => {
    const call = merchantCallRow({ jobId: "c-1", kind: "test", merchantId: "m", requestedBy: "ada" }, 1);
    expect(readJobRow(call)).toBeUndefined();
    expect(readJobRow({ jobId: { S: "j-1#run#0" }, body: { S: "{}" } })).toBeUndefined();
    expect(readJobRow({ ...jobRow(job), listedAs: { S: "dream" } })).toBeUndefined();
    expect(readJobRow({ ...jobRow(job), state: { S: "dreaming" } })).toBeUndefined();
  });

  it("sorts by time in the index, and is gone after 90 days", () => {
    const row = jobRow(job);
    expect(row["listedAt"]).toEqual({ S: "1970-01-01T00:00:00.001Z#j-1" });
    expect(row["purgeAt"]).toEqual({ N: String(90 * 86_400) });
  });
});

describe("totals", () => {
  it("are added up by name", () => {
    expect(added({ a: 1, b: 2 }, { b: 3, c: 4, d: 0 })).toEqual({ a: 1, b: 5, c: 4 });
  });
});

describe("the message of a part", () => {
  it("is read as it was written", () => {
    const id = { jobId: "j-1", pass: "count", part: 3 } as const;
    expect(parsePartMessage(partMessage(id))).toEqual(id);
  });

  it.each([
    ["no JSON", "{"],
    ["no object", "7"],
    ["a newer schema", '{"schema":2,"jobId":"j","pass":"run","part":0}'],
    ["another pass", '{"schema":1,"jobId":"j","pass":"walk","part":0}'],
    ["no part", '{"schema":1,"jobId":"j","pass":"run","part":-1}'],
    ["no job", '{"schema":1,"pass":"run","part":0}'],
  ])("is none of %s", (_, body) => {
    expect(parsePartMessage(body)).toBeUndefined();
  });
});
