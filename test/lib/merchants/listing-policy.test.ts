import type { DynamoDBClient, UpdateItemCommandInput } from "@aws-sdk/client-dynamodb";
import { expect, it } from "@jest/globals";
import { listMerchant } from "../../../core/aws/list-merchant.ts";
import { listingPolicy } from "../../../lib/merchants/listing-policy.ts";

const WORDS = new Set(["SET", "AND", "attribute_exists", "attribute_not_exists"]);

it("is what the audit writes of a merchant, and no more", async () => {
  const sent: { readonly input: UpdateItemCommandInput }[] = [];
  const client = { send: async (command: never) => void sent.push(command) } as unknown as DynamoDBClient;
  await listMerchant(client, "Merchants", "acme");
  const { Key = {}, UpdateExpression = "", ConditionExpression = "", ...others } = sent[0]?.input ?? {};
  const paths = `${UpdateExpression} ${ConditionExpression}`.match(/(?<![:\w])[A-Za-z]\w*/g) ?? [];
  const named = new Set([...Object.keys(Key), ...paths.filter((path) => !WORDS.has(path))]);
  const { Condition } = listingPolicy("arn").toStatementJson() as {
    Condition: Record<string, Record<string, unknown>>;
  };
  const allowed = Condition["ForAllValues:StringEquals"]?.["dynamodb:Attributes"] as readonly string[];
  expect([...named].toSorted()).toEqual([...allowed].toSorted());
  expect(others).not.toHaveProperty("ReturnValues");
  expect(Condition).toMatchObject({ Null: { "dynamodb:Attributes": "false" } });
});
