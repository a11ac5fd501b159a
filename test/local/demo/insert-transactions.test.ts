import { DynamoDBClient, PutItemCommand, TransactWriteItemsCommand } from "@aws-sdk/client-dynamodb";
import { beforeEach, expect, test } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import { Inserter } from "../../../local/demo/insert-transactions.ts";
import { planTransactions } from "../../../local/demo/plan.ts";
import { seededRandom } from "../../../local/demo/seeded-random.ts";

const dynamodb = mockClient(DynamoDBClient);

beforeEach(() => {
  dynamodb.reset();
  dynamodb.onAnyCommand().rejects("not faked");
  dynamodb.on(TransactWriteItemsCommand).resolves({});
  dynamodb.on(PutItemCommand).resolves({});
});

function inserter(isStopped = () => false) {
  const clock = { nowMs: 0 };
  const sleep = async (milliseconds: number) => void (clock.nowMs += milliseconds);
  const settings = { dueShards: 4, merchantShards: 4, leaseMs: 30_000 };
  return new Inserter({
    client: new DynamoDBClient({}),
    tableName: "Transactions",
    settings,
    maxBodyBytes: 8192,
    confirmationUrls: {},
    random: seededRandom(1),
    nowMs: () => clock.nowMs,
    sleep,
    isStopped,
  });
}

test("every version of the plan is written once, under a condition, and accounted as inserted", async () => {
  const plan = planTransactions(1234, 5);
  const inserting = inserter();
  await inserting.insert(plan);
  expect(inserting.inserted).toEqual(
    plan.map(({ transactionId, merchantId, versions, orderingKey: key, orderingAfter: after }) => ({
      transactionId,
      versions: versions === 2 ? [1, 2] : [1],
      ...(key !== undefined && { ordering: { merchantId, key, ...(after !== undefined && { after }) } }),
    })),
  );
  const batches = dynamodb
    .commandCalls(TransactWriteItemsCommand)
    .map((call) => call.args[0].input.TransactItems ?? []);
  expect(Math.max(...batches.map(({ length }) => length))).toBe(100);
  const puts = [
    ...batches.flat().map(({ Put }) => Put),
    ...dynamodb.commandCalls(PutItemCommand).map((call) => call.args[0].input),
  ];
  expect(puts).toHaveLength(plan.reduce((sum, { versions }) => sum + versions, 0));
  for (const put of puts)
    expect(put?.ConditionExpression).toBe("attribute_not_exists(transactionId) OR version < :version");
});

test("what the table did not take is not accounted as inserted", async () => {
  dynamodb.on(TransactWriteItemsCommand).resolvesOnce({}).rejects("refused");
  const inserting = inserter();
  await expect(inserting.insert(planTransactions(500, 5))).rejects.toThrow("refused");
  expect(inserting.inserted).toHaveLength(100);
});

test("stopped, it inserts no more", async () => {
  const inserting = inserter(() => dynamodb.commandCalls(TransactWriteItemsCommand).length >= 2);
  await inserting.insert(planTransactions(1000, 5));
  expect(inserting.inserted).toHaveLength(200);
});
