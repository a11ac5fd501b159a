/** Jobs against DynamoDB Local: begun by one, recorded once, and the same in memory. */
import { CreateTableCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { JobsTable } from "../../../../core/aws/jobs-table.ts";
import { type MerchantCallResult, merchantCallRow, readMerchantCall } from "../../../../core/jobs/merchant-call.ts";
import type { DynamoDbLocal } from "../../../support/dynamodb-local.ts";
import { MemoryJobs } from "../../../support/memory-jobs.ts";

const TABLE = "Jobs";
const RESULT: MerchantCallResult = {
  outcome: "delivered",
  durationMs: 3,
  request: { url: "https://m.example/", headers: { "webhook-id": "x" }, body: "{}" },
  response: { status: 200, headers: {}, body: "" },
};
type Steps = Pick<JobsTable, "begin" | "record">;

export function describeJobs(started: () => DynamoDbLocal): void {
  let jobs: JobsTable;
  let count = 0;

  beforeAll(async () => {
    const { client } = started();
    jobs = new JobsTable(client, TABLE);
    await client.send(
      new CreateTableCommand({
        TableName: TABLE,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [{ AttributeName: "jobId", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "jobId", KeyType: "HASH" }],
      }),
    );
  });

  describe("a job", () => {
    it.each<[string, (on: Steps, id: string) => Promise<boolean>[], boolean[]]>([
      ["is begun by one", (on, id) => [on.begin(id, undefined, 5), on.begin(id, undefined, 6)], [true, false]],
      [
        "is taken over from the one that was seen",
        (on, id) => [on.begin(id, undefined, 5), on.begin(id, 5, 6)],
        [true, true],
      ],
      ["is not taken over from another", (on, id) => [on.begin(id, undefined, 5), on.begin(id, 4, 6)], [true, false]],
      [
        "is recorded once",
        (on, id) => [on.begin(id, undefined, 5), on.record(id, 5, RESULT, 7), on.record(id, 5, RESULT, 8)],
        [true, true, false],
      ],
      [
        "is not recorded by the one that it was taken over from",
        (on, id) => [on.begin(id, undefined, 5), on.begin(id, 5, 6), on.record(id, 5, RESULT, 7)],
        [true, true, false],
      ],
      ["is recorded without a beginning", (on, id) => [on.record(id, undefined, { outcome: "expired" }, 7)], [true]],
      [
        "is not begun once it is done",
        (on, id) => [on.record(id, undefined, { outcome: "expired" }, 7), on.begin(id, undefined, 8)],
        [true, false],
      ],
      [
        "is none that nobody put",
        (on) => [on.begin("gone", undefined, 5), on.record("gone", 5, RESULT, 7)],
        [false, false],
      ],
    ])("%s", async (_, steps, expected) => {
      const jobId = `job-${(count += 1)}`;
      const row = merchantCallRow({ jobId, kind: "test", merchantId: "m-1", requestedBy: "ada" }, 1000);
      const memory = new MemoryJobs();
      memory.put(row);
      await started().client.send(new PutItemCommand({ TableName: TABLE, Item: row as never }));
      expect(await oneByOne(steps, memory, jobId)).toEqual(expected);
      expect(await oneByOne(steps, jobs, jobId)).toEqual(expected);
      expect(await jobs.read(jobId)).toEqual(memory.rows.get(jobId));
      expect(readMerchantCall((await jobs.read(jobId)) ?? {})).toBeDefined();
      expect(await jobs.read("gone")).toBeUndefined();
    });
  });
}

/** Each step after the one before. */
async function oneByOne(
  steps: (on: Steps, jobId: string) => Promise<boolean>[],
  on: Steps,
  jobId: string,
): Promise<boolean[]> {
  let before: Promise<unknown> = Promise.resolve();
  const inTurn = (step: () => Promise<boolean>): Promise<boolean> => {
    const taken = before.then(step);
    before = taken;
    return taken;
  };
  return Promise.all(
    steps(
      {
        begin: (...given) => inTurn(() => on.begin(...given)),
        record: (...given) => inTurn(() => on.record(...given)),
      },
      jobId,
    ),
  );
}
