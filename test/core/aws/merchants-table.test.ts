import { BatchGetItemCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import { MerchantsTable } from "../../../core/aws/merchants-table.ts";
import { merchantRow, text } from "../../support/rows.ts";

const dynamodb = mockClient(DynamoDBClient);
const table = new MerchantsTable(new DynamoDBClient({ region: "eu-central-1" }), "Merchants");

beforeEach(() => {
  dynamodb.reset();
});

describe("the Merchants table", () => {
  it("tells rows that exist from ids that were left unread", async () => {
    dynamodb.on(BatchGetItemCommand).resolves({
      Responses: { Merchants: [merchantRow() as never] },
      UnprocessedKeys: { Merchants: { Keys: [{ merchantId: { S: "m-2" } }] } },
    });
    const { rows, unread } = await table.read(["m-1", "m-2", "m-3"]);
    expect([...rows]).toEqual([["m-1", merchantRow()]]);
    expect([...unread]).toEqual(["m-2"]);
  });

  it("is read consistently, so that a merchant just registered is found", async () => {
    dynamodb.on(BatchGetItemCommand).resolves({});
    await table.read(["m-1"]);
    expect(dynamodb.commandCalls(BatchGetItemCommand)[0]?.args[0].input.RequestItems).toEqual({
      Merchants: { Keys: [{ merchantId: text("m-1") }], ConsistentRead: true },
    });
  });
});
