/** Tokens of a job's rate against DynamoDB Local, whoever takes them. */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { takeJobTokens } from "../../../core/aws/job-tokens.ts";
import { type DynamoDbLocal, startDynamoDbLocal } from "../../support/dynamodb-local.ts";
import { createJobsTable } from "../../support/jobs-table.ts";
import { patienceMs } from "../../support/machine-speed.ts";

const TABLE = "Jobs";
const RATE = 10;
const EVERY_MS = 1000 / RATE;
const KEPT = 5;

let dynamodb: DynamoDbLocal;
beforeAll(async () => {
  dynamodb = await startDynamoDbLocal();
  await createJobsTable(dynamodb.client, TABLE);
}, patienceMs(60_000));
afterAll(() => dynamodb.stop());

let jobs = 0;
function tokens() {
  const jobId = `job-${(jobs += 1)}`;
  const clock = { now: 1_000_000 };
  const options = { client: dynamodb.client, table: TABLE, now: () => clock.now };
  return { jobId, clock, take: (asked: number) => takeJobTokens(options, jobId, asked, RATE) };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((one, other) => one + other, 0);
}

describe("tokens of a job", () => {
  it("are as many in a time as the job asks for, whoever takes them at once", async () => {
    const { clock, take } = tokens();
    let taken = 0;
    for (let turn = 0; turn < 40; turn += 1) {
      taken += sum(await Promise.all(Array.from({ length: 4 }, () => take(3))));
      clock.now += EVERY_MS / 2;
    }
    const due = 40 / 2;
    expect(taken).toBeGreaterThanOrEqual(due - 2);
    expect(taken).toBeLessThanOrEqual(due + KEPT);
  });

  it("come one after the other: none is there before its time", async () => {
    const { clock, take } = tokens();
    await take(100);
    expect(await take(1)).toBe(0);
    clock.now += EVERY_MS - 1;
    expect(await take(1)).toBe(0);
    clock.now += 1;
    expect([await take(100), await take(1)]).toEqual([1, 0]);
  });

  it("are kept for half a second, so that no burst follows a stall", async () => {
    const { clock, take } = tokens();
    await take(100);
    clock.now += 3_600_000;
    expect([await take(100), await take(100)]).toEqual([KEPT, 0]);
  });

  it("come though a clock that was wrong has taken them far ahead", async () => {
    const { clock, take } = tokens();
    clock.now += 3_600_000;
    await take(100);
    clock.now -= 3_600_000;
    expect(await take(1)).toBe(1);
  });

  it("come though an earlier program has counted by the second in the same item", async () => {
    const { jobId, take } = tokens();
    await dynamodb.client.send(
      new UpdateItemCommand({
        TableName: TABLE,
        Key: { jobId: { S: `${jobId}#tokens` } },
        UpdateExpression: "SET slot = :slot, taken = :taken",
        ExpressionAttributeValues: { ":slot": { N: "1000" }, ":taken": { N: "10" } },
      }),
    );
    expect(await take(1)).toBe(1);
  });

  it("are whole where the rate does not divide a second", async () => {
    const { jobId, clock } = tokens();
    const options = { client: dynamodb.client, table: TABLE, now: () => clock.now };
    await takeJobTokens(options, jobId, 100, 3);
    let taken = 0;
    for (let turn = 0; turn < 60; turn += 1) {
      clock.now += 100;
      taken += await takeJobTokens(options, jobId, 1, 3);
    }
    expect(taken).toBe(18);
  });
});
