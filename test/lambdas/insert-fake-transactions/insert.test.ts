import { DynamoDBClient, PutItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { beforeEach, expect, test } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import { insertFakeTransactions, type InsertDependencies } from "../../../lambdas/insert-fake-transactions/insert.ts";
import { parseRequest, RequestError } from "../../../lambdas/insert-fake-transactions/request.ts";
import { seededRandom } from "../../../local/demo/seeded-random.ts";

const dynamodb = mockClient(DynamoDBClient);
const CONFIGURATION = {
  transactionsTable: "Transactions",
  merchantsTable: "Merchants",
  confirmationUrl: "https://api.example/prod/confirmation",
  dueShards: 16,
  merchantShards: 4,
  leaseMs: 900_000,
};

beforeEach(() => {
  dynamodb.reset();
  dynamodb.onAnyCommand().rejects("not faked");
  dynamodb.on(PutItemCommand).resolves({});
  dynamodb.on(UpdateItemCommand).resolves({});
});

function dependencies(changes: Partial<InsertDependencies> = {}): InsertDependencies {
  const clock = { nowMs: 0 };
  return {
    client: new DynamoDBClient({}),
    configuration: CONFIGURATION,
    nowMs: () => clock.nowMs,
    sleep: async (milliseconds) => {
      clock.nowMs += milliseconds;
    },
    random: seededRandom(1),
    randomBytes: (bytes) => Buffer.alloc(bytes, 1),
    remainingMs: () => 60_000,
    traces: { begin: () => ({ header: "Root=1-2-3;Sampled=0", put: () => undefined }) },
    ...changes,
  };
}

function puts() {
  return dynamodb.commandCalls(PutItemCommand).map((call) => call.args[0].input);
}

test("as many transactions as asked for are put, each under the condition of a polite producer", async () => {
  const result = await insertFakeTransactions(
    parseRequest({ ratePerSecond: 1000, count: 200, merchants: 3 }),
    dependencies(),
  );
  expect(result).toEqual({ inserted: 200, secondVersions: 0, bad: 0, ordered: 0, merchants: 3 });
  expect(new Set(puts().map(({ Item }) => Item?.["transactionId"]?.S)).size).toBe(200);
  expect(new Set(puts().map(({ Item }) => Item?.["merchantId"]?.S))).toEqual(
    new Set(["fake-merchant-1", "fake-merchant-2", "fake-merchant-3"]),
  );
  for (const put of puts())
    expect(put).toMatchObject({
      TableName: "Transactions",
      ConditionExpression: "attribute_not_exists(transactionId) OR version < :version",
    });
});

test("a merchant that exists keeps its salt, and gets the URL of now", async () => {
  await insertFakeTransactions(parseRequest({ ratePerSecond: 10, count: 1, merchants: 1 }), dependencies());
  expect(dynamodb.commandCalls(UpdateItemCommand)[0]?.args[0].input).toMatchObject({
    Key: { merchantId: { S: "fake-merchant-1" } },
    UpdateExpression: "SET confirmationUrl = :url, secretSalt = if_not_exists(secretSalt, :salt), idStart = :start",
    ExpressionAttributeValues: { ":url": { S: CONFIGURATION.confirmationUrl }, ":start": { S: "f" } },
  });
});

test("second versions follow their first, and bad ones never have one", async () => {
  const result = await insertFakeTransactions(
    parseRequest({ ratePerSecond: 1000, count: 300, merchants: 2, badShare: 0.2, secondVersionShare: 0.5 }),
    dependencies(),
  );
  expect(result.inserted).toBe(300);
  expect(result.bad).toBeGreaterThan(20);
  expect(result.secondVersions).toBeGreaterThan(50);
  const seen = new Map<string, number>();
  for (const { Item } of puts()) {
    const id = Item?.["transactionId"]?.S ?? "";
    expect(Number(Item?.["version"]?.N)).toBe((seen.get(id) ?? 0) + 1);
    seen.set(id, Number(Item?.["version"]?.N));
  }
});

test("the share asked for has ordering keys, several for each merchant, the same for all versions", async () => {
  const result = await insertFakeTransactions(
    parseRequest({ ratePerSecond: 5000, count: 400, merchants: 2, secondVersionShare: 0.5, orderedShare: 0.25 }),
    dependencies(),
  );
  const keys = Map.groupBy(puts(), ({ Item }) => Item?.["transactionId"]?.S)
    .values()
    .map((versions) => new Set(versions.map(({ Item }) => Item?.["orderingKey"]?.S)))
    .toArray();
  expect(keys.every((ofOne) => ofOne.size === 1)).toBe(true);
  expect(keys.filter((ofOne) => !ofOne.has(undefined)).length).toBe(result.ordered);
  expect(result.ordered).toBeGreaterThan(70);
  expect(result.ordered).toBeLessThan(130);
  expect(new Set(keys.flatMap((ofOne) => [...ofOne])).size).toBeGreaterThan(5);
});

test("near the end of its time it stops, says why, and hands back the event that goes on", async () => {
  let asked = 0;
  const remainingMs = () => ((asked += 1) < 60 ? 60_000 : 4000);
  const result = await insertFakeTransactions(
    parseRequest({ ratePerSecond: 5000, count: 1000, merchants: 1 }),
    dependencies({ remainingMs }),
  );
  expect(result.inserted).toBe(puts().length);
  expect(result.stoppedEarly?.reason).toContain(`${result.inserted} of 1000`);
  expect(result.stoppedEarly?.next).toEqual({
    ratePerSecond: 5000,
    count: 1000 - result.inserted,
    merchants: 1,
    badShare: 0,
    secondVersionShare: 0,
    orderedShare: 0,
  });
});

test("a write that DynamoDB refuses ends it with how many were inserted", async () => {
  dynamodb.on(PutItemCommand).resolvesOnce({}).resolvesOnce({}).rejects(new Error("AccessDenied"));
  const inserting = insertFakeTransactions(parseRequest({ ratePerSecond: 10, count: 5, merchants: 1 }), dependencies());
  await expect(inserting).rejects.toMatchObject({
    code: "INSERT_STOPPED",
    message: expect.stringContaining("Inserted 2 of 5 transactions"),
  });
});

test("an event with several faults is refused with all of them", () => {
  const event = { ratePerSecond: 0, count: 1.5, badShare: 2, orderedShare: "half", colour: "red" };
  expect(() => parseRequest(event)).toThrow(RequestError);
  expect(() => parseRequest(event)).toThrow(/ratePerSecond[^]*count[^]*badShare[^]*orderedShare[^]*colour/);
});
