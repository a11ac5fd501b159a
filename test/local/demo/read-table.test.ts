import { BatchGetItemCommand, DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { beforeEach, expect, test } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import { terminalRow, TableReader } from "../../../local/demo/read-table.ts";

const dynamodb = mockClient(DynamoDBClient);
const table = () => new TableReader(new DynamoDBClient({}), "Transactions");

beforeEach(() => {
  dynamodb.reset();
  dynamodb.onAnyCommand().rejects("not faked");
});

test("a state counts only for the version that it was written for", () => {
  const row = { transactionId: { S: "t" }, version: { N: "2" }, confirmationState: { S: "CONFIRMED" } };
  expect(terminalRow({ ...row, stateVersion: { N: "2" } }).state).toBe("CONFIRMED");
  expect(terminalRow({ ...row, stateVersion: { N: "1" } }).state).toBe("PENDING");
  expect(terminalRow(row).state).toBe("PENDING");
});

test("a failure is read with code and reason", () => {
  const failure = { M: { code: { S: "url_invalid" }, reason: { S: "not a URL" }, fault: { S: "merchant" } } };
  expect(terminalRow({ transactionId: { S: "t" }, version: { N: "1" }, failure }).failure).toEqual({
    code: "url_invalid",
    reason: "not a URL",
  });
});

test("requests that were sent once more are counted over the attempts of the version", () => {
  const attempts = { L: [{ M: { resends: { N: "1" } } }, { M: {} }, { M: { resends: { N: "1" } } }] };
  const row = { transactionId: { S: "t" }, version: { N: "2" }, confirmationState: { S: "CONFIRMED" }, attempts };
  expect(terminalRow({ ...row, stateVersion: { N: "2" } }).resends).toBe(2);
  expect(terminalRow({ ...row, stateVersion: { N: "1" } }).resends).toBeUndefined();
});

test("what has no outcome is counted over all pages of the due index", async () => {
  const LastEvaluatedKey = { transactionId: { S: "t" } };
  dynamodb
    .on(ScanCommand, { IndexName: "due", Select: "COUNT" })
    .resolvesOnce({ Count: 7, LastEvaluatedKey })
    .resolvesOnce({ Count: 3 });
  expect(await table().withoutOutcome()).toBe(10);
});

test("rows are read a hundred at a time, and what was left unprocessed is read again", async () => {
  let calls = 0;
  dynamodb.on(BatchGetItemCommand).callsFake(({ RequestItems }) => {
    const keys: { transactionId: { S: string } }[] = RequestItems.Transactions.Keys;
    calls += 1;
    const done = calls === 1 ? keys.slice(0, 60) : keys;
    const Items = done.map((key) => ({ ...key, version: { N: "1" } }));
    return {
      Responses: { Transactions: Items },
      UnprocessedKeys: done.length < keys.length ? { Transactions: { Keys: keys.slice(60) } } : {},
    };
  });
  const ids = Array.from({ length: 250 }, (_, index) => `t-${index}`);
  expect([...(await table().rowsOf(ids)).keys()].toSorted()).toEqual(ids.toSorted());
  expect(calls).toBe(4);
});
