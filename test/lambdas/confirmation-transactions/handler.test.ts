import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { BatchGetItemCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ChangeMessageVisibilityBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { beforeAll, beforeEach, describe, expect, it, jest } from "@jest/globals";
import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { mockClient } from "aws-sdk-client-mock";
import { encodeMessage } from "../../../core/transaction/message.ts";
import { confirmationTransactionsEnvironment } from "../../../lambdas/confirmation-transactions/environment.ts";
import { environmentValues } from "./environment-values.ts";

const dynamodb = mockClient(DynamoDBClient);
const sqs = mockClient(SQSClient);
const secrets = mockClient(SecretsManagerClient);
let handler: (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

beforeAll(async () => {
  Object.assign(process.env, {
    AWS_REGION: "eu-central-1",
    POWERTOOLS_LOG_LEVEL: "SILENT",
    ...confirmationTransactionsEnvironment.write(environmentValues((queue) => `http://127.0.0.1/0/${queue}`)),
  });
  ({ handler } = await import("../../../lambdas/confirmation-transactions/handler.ts"));
});

beforeEach(() => {
  for (const client of [dynamodb, sqs, secrets]) client.reset();
  const notFaked = new Error("this call is not faked");
  dynamodb.onAnyCommand().rejects(notFaked);
  sqs.onAnyCommand().rejects(notFaked);
  secrets.onAnyCommand().rejects(notFaked);
});

function eventOf(...ids: readonly string[]): SQSEvent {
  const Records = ids.map((id) => ({
    messageId: `message ${id}`,
    receiptHandle: `handle ${id}`,
    body: encodeMessage({ transactionId: id, version: 1, release: 0 }),
    attributes: {
      MessageGroupId: "group",
      ApproximateReceiveCount: "3",
      SentTimestamp: String(Date.now()),
      ApproximateFirstReceiveTimestamp: String(Date.now()),
    },
    eventSourceARN: "arn:aws:sqs:eu-central-1:000000000000:confirmations.fifo",
  }));
  return { Records } as unknown as SQSEvent;
}

const context = { getRemainingTimeInMillis: () => 30_000 } as Context;

describe("the function confirmation-transactions", () => {
  it("lets the head of a group wait, and what is behind it not at all, when nothing can be begun", async () => {
    secrets.on(GetSecretValueCommand).rejects(new Error("AccessDeniedException"));
    sqs.on(ChangeMessageVisibilityBatchCommand).resolves({});
    const { batchItemFailures } = await handler(eventOf("t-1", "t-2"), context);
    expect(batchItemFailures).toEqual([{ itemIdentifier: "message t-1" }, { itemIdentifier: "message t-2" }]);
    const [call] = sqs.commandCalls(ChangeMessageVisibilityBatchCommand);
    const changes = (call?.args[0].input.Entries ?? []).map(({ ReceiptHandle, VisibilityTimeout }) => [
      ReceiptHandle,
      VisibilityTimeout,
    ]);
    expect(Object.fromEntries(changes)).toEqual({ "handle t-1": 20, "handle t-2": 0 });
  });

  it("has put out what it counted before it responds, and leaves no timer behind that would run on", async () => {
    const masterKeys = JSON.stringify({ "1": Buffer.alloc(32, 7).toString("base64") });
    secrets.on(GetSecretValueCommand).resolves({ SecretString: masterKeys });
    dynamodb.on(BatchGetItemCommand).resolves({ Responses: {} });
    const lines: string[] = [];
    // Those of the tests themselves.
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const before = timers();
    const write = jest.spyOn(process.stdout, "write").mockImplementation((line) => lines.push(String(line)) > 0);
    try {
      // Its row is gone: it is deleted as stale.
      expect(await handler(eventOf("t-1"), context)).toEqual({ batchItemFailures: [] });
    } finally {
      write.mockRestore();
    }
    const metrics = lines.filter((line) => line.includes('"_aws"')).map((line) => JSON.parse(line) as object);
    expect(Object.assign({}, ...metrics)).toMatchObject({ Received: 1, Discarded: 1 });
    expect(timers()).toBe(before);
  });
});
