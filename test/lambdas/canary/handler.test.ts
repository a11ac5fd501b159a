import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { afterEach, beforeAll, beforeEach, describe, expect, it, jest } from "@jest/globals";
import type { Context } from "aws-lambda";
import { mockClient } from "aws-sdk-client-mock";
import { canaryEnvironment } from "../../../lambdas/canary/environment.ts";
import type { CanaryResult } from "../../../lambdas/canary/handler.ts";
import { number, text, transactionRow } from "../../support/rows.ts";

const dynamodb = mockClient(DynamoDBClient);
const context = { functionName: "canary", awsRequestId: "r-1" } as Context;
const EVENT = { time: "2026-11-22T10:07:31Z" };
let handler: (event: { time?: string } | undefined, context: Context) => Promise<CanaryResult>;
let published: string[];

beforeAll(async () => {
  Object.assign(process.env, {
    AWS_REGION: "eu-central-1",
    POWERTOOLS_METRICS_NAMESPACE: "Test",
    POWERTOOLS_SERVICE_NAME: "canary",
    POWERTOOLS_LOG_LEVEL: "SILENT",
    // To the console, which is read here.
    POWERTOOLS_DEV: "true",
    POWERTOOLS_METRICS_DISABLED: "false",
    ...canaryEnvironment.write({
      publishedMetrics: ["*"],
      transactionsTable: "Transactions",
      merchantsTable: "Merchants",
      confirmationUrl: "https://api.example/prod/confirmation",
      dueShards: 4,
      merchantShards: 2,
      leaseMs: 900_000,
      withinSeconds: 30,
      everyMinutes: 1,
    }),
  });
  ({ handler } = await import("../../../lambdas/canary/handler.ts"));
});

beforeEach(() => {
  dynamodb.reset();
  dynamodb.onAnyCommand().rejects(new Error("this call is not faked"));
  dynamodb.on(UpdateItemCommand).resolves({});
  dynamodb.on(PutItemCommand).resolves({});
  dynamodb.on(GetItemCommand).resolves({});
  published = [];
  jest.spyOn(console, "log").mockImplementation((line: unknown) => void published.push(String(line)));
});

afterEach(() => {
  jest.restoreAllMocks();
});

/** What was published, by metric. */
function metrics(): Record<string, unknown> {
  const lines = published.map((line) => JSON.parse(line) as Record<string, unknown>).filter((line) => "_aws" in line);
  return Object.fromEntries(
    lines.flatMap((line) => Object.entries(line).filter(([name]) => name.startsWith("Canary"))),
  );
}

function earlierIs(row: Parameters<typeof transactionRow>[0] | undefined): void {
  dynamodb.on(GetItemCommand).resolves(row === undefined ? {} : { Item: transactionRow(row) as never });
}

const CONFIRMED = {
  occurredAt: text("2026-11-22T10:06:31.000Z"),
  confirmationState: text("CONFIRMED"),
  stateVersion: number(1),
  settledAt: number(Date.parse("2026-11-22T10:06:32.200Z")),
};

describe("the function canary", () => {
  it("writes the minute's canary as a cooperative producer, for a merchant of its own", async () => {
    await handler(EVENT, context);
    const [put] = dynamodb.commandCalls(PutItemCommand).map(({ args }) => args[0].input);
    expect(put).toMatchObject({
      TableName: "Transactions",
      ConditionExpression: "attribute_not_exists(transactionId) OR version < :version",
      Item: {
        transactionId: text("canary-2026-11-22T10:07Z"),
        version: number(1),
        merchantId: text("pipeline-canary"),
        dueKey: text(expect.stringMatching(/^P#\d$/) as unknown as string),
        merchantKey: text(expect.stringMatching(/^pipeline-canary#\d{4}-\d\d-\d\d#\d$/) as unknown as string),
      },
    });
  });

  it("judges the canary of the minute before, by its row", async () => {
    earlierIs(CONFIRMED);
    const { judged } = await handler(EVENT, context);
    expect(judged).toBe("canary-2026-11-22T10:06Z");
    expect(dynamodb.commandCalls(GetItemCommand)[0]?.args[0].input).toMatchObject({
      Key: { transactionId: text(judged) },
      ConsistentRead: true,
    });
    expect(metrics()).toEqual({ CanaryConfirmed: 1, CanaryLatency: 1200 });
  });

  it("says 0 of one that came late, and how late", async () => {
    earlierIs({ ...CONFIRMED, settledAt: number(Date.parse("2026-11-22T10:07:02.000Z")) });
    await handler(EVENT, context);
    expect(metrics()).toEqual({ CanaryConfirmed: 0, CanaryLatency: 31_000 });
  });

  it("says 0 of one that is still on its way", async () => {
    earlierIs({});
    await handler(EVENT, context);
    expect(metrics()).toEqual({ CanaryConfirmed: 0 });
  });

  it("says nothing of one that was not written", async () => {
    await handler(EVENT, context);
    expect(metrics()).toEqual({});
  });

  it("leaves the canary as it is when the minute's run comes twice", async () => {
    dynamodb.on(PutItemCommand).rejects(new ConditionalCheckFailedException({ message: "there", $metadata: {} }));
    earlierIs(CONFIRMED);
    await expect(handler(EVENT, context)).resolves.toMatchObject({ written: "canary-2026-11-22T10:07Z" });
  });

  it("tells of the earlier one even when the table takes no new one, and fails", async () => {
    dynamodb.on(PutItemCommand).rejects(new Error("throttled"));
    earlierIs(CONFIRMED);
    await expect(handler(EVENT, context)).rejects.toThrow("throttled");
    expect(metrics()).toMatchObject({ CanaryConfirmed: 1 });
  });

  it("writes the new one even when the earlier one cannot be read, and fails", async () => {
    dynamodb.on(GetItemCommand).rejects(new Error("throttled"));
    await expect(handler(EVENT, context)).rejects.toThrow("throttled");
    expect(dynamodb.commandCalls(PutItemCommand)).toHaveLength(1);
    expect(metrics()).toEqual({});
  });

  it("goes by the clock when it is invoked by hand", async () => {
    const { written } = await handler(undefined, context);
    expect(written).toBe(`canary-${new Date().toISOString().slice(0, 16)}Z`);
  });
});
