import { ConditionalCheckFailedException, DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { describe, expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import { GatesTable } from "../../aws/gates-table.ts";

const client = new DynamoDBClient({ region: "us-east-1" });
const MOST_UPDATES = 8;

describe("tokens of a row that no condition ever fits", () => {
  it.each([
    ["a slot that is no number", { S: "x" }],
    ["a slot with more digits than a number of ours has", { N: "12345678901234567890123456789012345678" }],
    ["a slot that another task has just begun, each time", { N: "1" }],
  ])("%s: none are taken, after a few tries", async (_, rateSlot) => {
    const table = mockClient(client);
    const failed = new ConditionalCheckFailedException({ message: "", $metadata: {}, Item: { rateSlot } });
    table.on(UpdateItemCommand).rejects(failed);
    expect(await new GatesTable(client, "MerchantGates").takeTokens("m-1", 100, 2, 4)).toBe(0);
    expect(table.calls().length).toBeLessThanOrEqual(MOST_UPDATES);
  });
});
