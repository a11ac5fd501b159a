import { BatchExecuteStatementCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from "aws-lambda";
import { mockClient } from "aws-sdk-client-mock";
import { streamTransactionsEnvironment } from "../../../lambdas/stream-transactions/environment.ts";
import { transactionRow } from "../../support/rows.ts";

const dynamodb = mockClient(DynamoDBClient);
const sqs = mockClient(SQSClient);
let handler: (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>;

beforeAll(async () => {
  Object.assign(process.env, {
    AWS_REGION: "eu-central-1",
    POWERTOOLS_METRICS_DISABLED: "true",
    POWERTOOLS_METRICS_NAMESPACE: "Test",
    POWERTOOLS_LOG_LEVEL: "SILENT",
    ...streamTransactionsEnvironment.write({
      publishedMetrics: ["*"],
      transactionsTable: "Transactions",
      merchantsTable: "Merchants",
      confirmationsQueueUrl: "http://127.0.0.1/0/confirmations.fifo",
      orderedQueueUrl: "http://127.0.0.1/0/confirmations-ordered.fifo",
      deadLetterQueueUrl: "http://127.0.0.1/0/confirmations-dl.fifo",
      dueShards: 1,
      merchantShards: 1,
      leaseMs: 900_000,
      settledDays: 90,
      debugSamplePercent: 0,
      campaigns: [],
      order: "transaction",
      sampling: { share: 0, reservoirPerSecond: 0 },
    }),
  });
  ({ handler } = await import("../../../lambdas/stream-transactions/handler.ts"));
});

beforeEach(() => {
  dynamodb.reset();
  sqs.reset();
  dynamodb.onAnyCommand().rejects(new Error("this call is not faked"));
  sqs.onAnyCommand().rejects(new Error("this call is not faked"));
});

function event(...images: { sequence: string; newImage?: unknown; oldImage?: unknown }[]): DynamoDBStreamEvent {
  const Records = images.map(({ sequence, newImage, oldImage }) => ({
    dynamodb: { SequenceNumber: sequence, NewImage: newImage, OldImage: oldImage },
  }));
  return { Records } as DynamoDBStreamEvent;
}

describe("the function stream-transactions", () => {
  it("enqueues what was inserted and repairs it, and reports nothing to repeat", async () => {
    sqs.on(SendMessageBatchCommand).resolves({});
    dynamodb.on(BatchExecuteStatementCommand).resolves({ Responses: [{}] });
    expect(await handler(event({ sequence: "1", newImage: transactionRow() }))).toEqual({ batchItemFailures: [] });
    expect(sqs.commandCalls(SendMessageBatchCommand)[0]?.args[0].input).toMatchObject({
      QueueUrl: "http://127.0.0.1/0/confirmations.fifo",
      Entries: [{ MessageGroupId: "t-1" }],
    });
    expect(dynamodb.commandCalls(BatchExecuteStatementCommand)).toHaveLength(1);
  });

  it("hands on the time of the change, which the stream gives in seconds, in milliseconds", async () => {
    sqs.on(SendMessageBatchCommand).resolves({});
    dynamodb.on(BatchExecuteStatementCommand).resolves({ Responses: [{}] });
    const [record] = event({ sequence: "1", newImage: transactionRow() }).Records;
    const dated = { ...record?.dynamodb, ApproximateCreationDateTime: 1_700_000_000 };
    await handler({ Records: [{ dynamodb: dated }] });
    const [entry] = sqs.commandCalls(SendMessageBatchCommand)[0]?.args[0].input.Entries ?? [];
    expect(JSON.parse(entry?.MessageBody ?? "")).toMatchObject({ committedAt: 1_700_000_000_000 });
  });

  it("asks nothing of AWS for a row that was removed", async () => {
    expect(await handler(event({ sequence: "1", oldImage: transactionRow() }))).toEqual({ batchItemFailures: [] });
  });

  it("reports where to go on when a message was not sent", async () => {
    sqs.on(SendMessageBatchCommand).rejects(new Error("ECONNREFUSED"));
    dynamodb.on(BatchExecuteStatementCommand).resolves({ Responses: [{}] });
    expect(await handler(event({ sequence: "7", newImage: transactionRow() }))).toEqual({
      batchItemFailures: [{ itemIdentifier: "7" }],
    });
  });
});
