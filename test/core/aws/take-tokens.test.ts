import { ConditionalCheckFailedException, DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { describe, expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import { MerchantHealthTable } from "../../../core/aws/merchant-health-table.ts";

const client = new DynamoDBClient({ region: "us-east-1" });
const MOST_UPDATES = 8;

describe("tokens of a row that no condition ever fits", () => {
  it.each([
    ["a slot that is no number", { S: "x" }],
    ["a slot with more digits than a number of ours has", { N: "12345678901234567890123456789012345678" }],
    ["a slot that another task has just begun, each time", { N: "1" }],
  ])("%s: none are taken, after a few attempts", async (_, rateSlot) => {
    const table = mockClient(client);
    const failed = new ConditionalCheckFailedException({ message: "", $metadata: {}, Item: { rateSlot } });
    table.on(UpdateItemCommand).rejects(failed);
    expect(await new MerchantHealthTable(client, "MerchantGates").takeTokens("m-1", 100, 2, 4)).toBe(0);
    expect(table.calls().length).toBeLessThanOrEqual(MOST_UPDATES);
  });
});

describe("tokens of a rate limit", () => {
  it("are taken from an item of their own, so that one which is throttled is not the health row", async () => {
    const table = mockClient(client);
    table.on(UpdateItemCommand).resolves({});
    const healthTable = new MerchantHealthTable(client, "MerchantGates");
    expect(await healthTable.takeTokens("m-1", 100, 2, 4)).toBe(2);
    await healthTable.markWaiting("m-1", true, 5);
    const [tokens, gate] = table
      .commandCalls(UpdateItemCommand)
      .map(({ args }) => args[0].input.Key?.["merchantId"]?.S);
    expect(gate).toBe("m-1");
    expect(tokens).not.toBe("m-1");
  });
});
