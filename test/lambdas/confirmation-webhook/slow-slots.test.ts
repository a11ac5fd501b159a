import { ConditionalCheckFailedException, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { expect, test } from "@jest/globals";
import { SLOW_SLOTS, slowSlots } from "../../../lambdas/confirmation-webhook/slow-slots.ts";

const NOW_MS = 1_000_000;

/** A table of places that does what the condition says. */
function table() {
  const held = new Map<string, number>();
  const documents = mockClient(DynamoDBDocumentClient);
  documents.on(PutCommand).callsFake(({ Item, ConditionExpression, ExpressionAttributeValues }) => {
    expect(ConditionExpression).toBe("attribute_not_exists(webhookId) OR heldUntil < :now");
    if ((held.get(Item.webhookId) ?? 0) >= ExpressionAttributeValues[":now"])
      throw new ConditionalCheckFailedException({ $metadata: {}, message: "held" });
    held.set(Item.webhookId, Item.heldUntil);
  });
  return { held, documents, take: slowSlots(new DynamoDBClient({ region: "eu-central-1" }), "Received") };
}

test("of a thousand answers that are to be slow together four are", async () => {
  const { take, documents } = table();
  const draws = Array.from({ length: 1000 }, (_, index) => (index % 97) / 97);
  const taken = await Promise.all(draws.map((random) => take(20_000, NOW_MS, random)));
  expect(taken.filter(Boolean)).toHaveLength(SLOW_SLOTS);
  documents.restore();
});

test("a place is free again a second after its answer", async () => {
  const { take, documents } = table();
  expect(await take(2000, NOW_MS, 0)).toBe(true);
  expect(await take(2000, NOW_MS + 3000, 0)).toBe(false);
  expect(await take(2000, NOW_MS + 3001, 0)).toBe(true);
  documents.restore();
});

test("none is had where the table cannot be reached", async () => {
  const { documents, take } = table();
  documents.on(PutCommand).rejects(new Error("throttled"));
  expect(await take(2000, NOW_MS, 0.99)).toBe(false);
  documents.restore();
});
