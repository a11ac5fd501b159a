import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers/promises";
import { CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import {
  BatchExecuteStatementCommand,
  BatchGetItemCommand,
  DynamoDBClient,
  QueryCommand,
} from "@aws-sdk/client-dynamodb";
import { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from "@jest/globals";
import type { Context } from "aws-lambda";
import { mockClient } from "aws-sdk-client-mock";
import { releaseDueEnvironment } from "../../../lambdas/release-due/environment.ts";
import { DUE_INDEX } from "../../../core/settings/names.ts";
import { type Changes, number, text, transactionRow } from "../../support/rows.ts";
import { SANDBOX_LIMITS } from "../../support/no-sandbox.ts";

const dynamodb = mockClient(DynamoDBClient);
const sqs = mockClient(SQSClient);
const cloudwatch = mockClient(CloudWatchClient);
let handler: (event: unknown, context: Context) => Promise<{ released: number }>;
/** So little time left that one look is all there is time for. */
const context = { getRemainingTimeInMillis: () => 4000 } as Context;

const pauses: number[] = [];

beforeAll(async () => {
  // A look's time is never over here; between two looks no time passes.
  const setTimeout = (ms: number, _: unknown, { signal }: { signal?: AbortSignal } = {}) =>
    signal === undefined ? Promise.resolve(void pauses.push(ms)) : new Promise(() => undefined);
  jest.spyOn(timers, "setTimeout").mockImplementation(setTimeout as typeof timers.setTimeout);
  syncBuiltinESMExports();
  Object.assign(process.env, {
    AWS_REGION: "eu-central-1",
    POWERTOOLS_METRICS_DISABLED: "true",
    POWERTOOLS_METRICS_NAMESPACE: "Test",
    POWERTOOLS_LOG_LEVEL: "SILENT",
    ...releaseDueEnvironment.write({
      publishedMetrics: ["*"],
      transactionsTable: "Transactions",
      confirmationsQueueUrl: "http://127.0.0.1/0/confirmations.fifo",
      orderedQueueUrl: "http://127.0.0.1/0/confirmations-ordered.fifo",
      deadLetterQueueUrl: "http://127.0.0.1/0/confirmations-dl.fifo",
      merchantsTable: "Merchants",
      merchantGatesTable: "MerchantGates",
      merchantShards: 1,
      sandbox: SANDBOX_LIMITS,
      maxReleaseRate: 2000,
      maxOpenMs: 300_000,
      dueShards: 2,
      leaseMs: 900_000,
      everyMs: 5000,
      restAfterMs: 120_000,
      maxUnheard: 20,
      settledDays: 90,
      debugSamplePercent: 0,
      campaigns: [],
      order: "transaction",
      jobsTable: "",
      jobPartsQueueUrl: "",
    }),
  });
  ({ handler } = await import("../../../lambdas/release-due/handler.ts"));
});

afterAll(() => {
  jest.restoreAllMocks();
  syncBuiltinESMExports();
});

beforeEach(() => {
  const notFaked = new Error("this call is not faked");
  dynamodb.reset();
  dynamodb.onAnyCommand().rejects(notFaked);
  sqs.reset();
  sqs.onAnyCommand().rejects(notFaked);
  cloudwatch.reset();
  cloudwatch.onAnyCommand().rejects(notFaked);
  pauses.length = 0;
});

/** One row is due, in the first shard. */
function due(changes: Changes = {}): void {
  const row = transactionRow({ dueKey: text("T#0"), dueAt: number(1), ...changes });
  dynamodb.on(QueryCommand).callsFake(({ ExpressionAttributeValues }) => ({
    Items: ExpressionAttributeValues[":dueKey"]?.S === "T#0" ? [{ transactionId: text("t-1") }] : [],
  }));
  dynamodb.on(BatchGetItemCommand).resolves({ Responses: { Transactions: [row as never] } });
  dynamodb.on(BatchExecuteStatementCommand).resolves({ Responses: [{}] });
  sqs.on(SendMessageBatchCommand).resolves({});
}

describe("the function release-due", () => {
  it("asks every shard of the due index, and releases what is due", async () => {
    due({ confirmationState: text("SCHEDULED"), stateVersion: number(1) });
    expect(await handler({}, context)).toEqual({ released: 1 });
    const asked = dynamodb
      .commandCalls(QueryCommand)
      .map(({ args }) => args[0].input)
      .filter(({ IndexName }) => IndexName === DUE_INDEX);
    expect(asked.map((input) => input.ExpressionAttributeValues?.[":dueKey"])).toEqual([
      text("T#0"),
      text("T#1"),
      text("P#0"),
      text("P#1"),
      text("O#0"),
      text("O#1"),
    ]);
    expect(asked[0]).toMatchObject({ TableName: "Transactions", IndexName: DUE_INDEX });
    expect(sqs.commandCalls(SendMessageBatchCommand)[0]?.args[0].input.QueueUrl).toBe(
      "http://127.0.0.1/0/confirmations.fifo",
    );
  });

  it("leaves pending rows alone while nothing is known of the queue", async () => {
    due();
    cloudwatch.on(GetMetricDataCommand).rejects(new Error("throttled"));
    expect(await handler({}, context)).toEqual({ released: 0 });
  });

  it("releases parked rows all the same", async () => {
    due({ confirmationState: text("SCHEDULED"), stateVersion: number(1) });
    cloudwatch.on(GetMetricDataCommand).rejects(new Error("throttled"));
    expect(await handler({}, context)).toEqual({ released: 1 });
  });

  it("leaves pending rows alone while messages as old as theirs are in the queue", async () => {
    const now = Date.now();
    due({ dueAt: number(now - 1000), dueKey: text("P#0") });
    const datum = { Id: "age", Values: [1500], Timestamps: [new Date(now - 60_000)] };
    cloudwatch.on(GetMetricDataCommand).resolves({ MetricDataResults: [datum] });
    expect(await handler({}, context)).toEqual({ released: 0 });
  });

  it("fails if its last look did", async () => {
    dynamodb.on(QueryCommand).rejects(new Error("throttled"));
    await expect(handler({}, context)).rejects.toThrow("throttled");
  });
});
