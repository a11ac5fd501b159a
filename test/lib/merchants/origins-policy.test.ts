import type { DynamoDBClient, UpdateItemCommandInput } from "@aws-sdk/client-dynamodb";
import { describe, expect, it } from "@jest/globals";
import { MerchantOrigins } from "../../../core/aws/merchant-origins.ts";
import { originsPolicy } from "../../../lib/merchants/origins-policy.ts";

const WORDS = new Set(["SET", "REMOVE", "AND", "IN", "attribute_not_exists"]);
const { Condition } = originsPolicy("arn").toStatementJson() as { Condition: Record<string, Record<string, unknown>> };

/** What a program would send to DynamoDB for a challenge that ended so. */
async function requestFor(error: string | undefined): Promise<UpdateItemCommandInput> {
  const sent: { readonly input: UpdateItemCommandInput }[] = [];
  const client = { send: async (command: never) => void sent.push(command) } as unknown as DynamoDBClient;
  const origins = new MerchantOrigins(client, "Merchants");
  await origins.record({ merchantId: "m-1", origin: "https://a.example", jobId: "j", error }, 1);
  return sent[0]?.input as UpdateItemCommandInput;
}

/** Top-level names of the item, as `dynamodb:Attributes` has them. */
function attributesIn({ Key = {}, UpdateExpression = "", ConditionExpression = "" }: UpdateItemCommandInput): string[] {
  const paths = `${UpdateExpression} ${ConditionExpression}`.match(/(?<![:\w#])[A-Za-z][\w.#]*/g) ?? [];
  const named = paths.filter((path) => !WORDS.has(path)).map((path) => path.replace(/\..*$/s, ""));
  return [...new Set([...Object.keys(Key), ...named])].toSorted();
}

describe("what a program that delivers may write of a merchant", () => {
  it.each([undefined, "wrong_response: no JSON"])(
    "is what it writes for a challenge, and no more: %s",
    async (error) => {
      const request = await requestFor(error);
      const allowed = Condition["ForAllValues:StringEquals"]?.["dynamodb:Attributes"] as readonly string[];
      expect(attributesIn(request)).toEqual([...allowed].toSorted());
      expect(request).not.toHaveProperty("ReturnValues");
    },
  );

  it("returns no other attribute either, and names at least one", () => {
    expect(Condition).toMatchObject({
      StringEqualsIfExists: { "dynamodb:ReturnValues": "NONE" },
      Null: { "dynamodb:Attributes": "false" },
    });
  });
});
