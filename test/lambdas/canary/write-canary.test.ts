import { DynamoDBClient, PutItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import { canaryWriter } from "../../../lambdas/canary/write-canary.ts";

const AT = Date.parse("2026-11-22T10:07:31Z");
const dynamodb = mockClient(DynamoDBClient);

beforeEach(() => {
  dynamodb.reset();
  dynamodb.onAnyCommand().rejects(new Error("this call is not faked"));
  dynamodb.on(UpdateItemCommand).resolves({});
  dynamodb.on(PutItemCommand).resolves({});
});

const writer = (traceHeader?: string) =>
  canaryWriter({
    client: new DynamoDBClient({}),
    transactionsTable: "Transactions",
    merchantsTable: "Merchants",
    confirmationUrl: "https://api.example/prod/confirmation",
    dueShards: 4,
    merchantShards: 2,
    leaseMs: 900_000,
    randomBytes: (bytes) => Buffer.alloc(bytes, 1),
    nowMs: () => AT,
    traceHeader: () => traceHeader,
  });
const registrations = () => dynamodb.commandCalls(UpdateItemCommand).map(({ args }) => args[0].input);

describe("whoever writes canaries", () => {
  it("registers their merchant before the first one, and not again", async () => {
    const write = writer();
    await write(AT);
    await write(AT + 60_000);
    expect(registrations()).toHaveLength(1);
    expect(registrations()[0]).toMatchObject({
      TableName: "Merchants",
      Key: { merchantId: { S: "pipeline-canary" } },
      ExpressionAttributeValues: { ":url": { S: "https://api.example/prod/confirmation" } },
    });
    expect(dynamodb.commandCalls(PutItemCommand)).toHaveLength(2);
  });

  it("writes none before the merchant is registered, and registers it the next time", async () => {
    const write = writer();
    dynamodb.on(UpdateItemCommand).rejectsOnce(new Error("throttled")).resolves({});
    await expect(write(AT)).rejects.toThrow("throttled");
    expect(dynamodb.commandCalls(PutItemCommand)).toHaveLength(0);
    expect(await write(AT)).toBe(true);
    expect(registrations()).toHaveLength(2);
  });

  it("gives the trace of its invocation along", async () => {
    await writer("Root=1-5759e988-bd862e3fe1be46a994272793")(AT);
    expect(dynamodb.commandCalls(PutItemCommand)[0]?.args[0].input.Item).toMatchObject({
      traceHeader: { S: "Root=1-5759e988-bd862e3fe1be46a994272793" },
    });
  });
});
