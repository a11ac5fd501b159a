import { BatchExecuteStatementCommand, BatchGetItemCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import type { Statement } from "../../../core/aws/statements/statement.ts";
import { TransactionsTable } from "../../../core/aws/transactions-table.ts";
import { text, transactionRow } from "../../support/rows.ts";

const dynamodb = mockClient(DynamoDBClient);
const table = new TransactionsTable(new DynamoDBClient({ region: "eu-central-1" }), "Transactions");
const statement = (transactionId: string): Statement => ({
  transactionId,
  text: `UPDATE "Transactions" SET a=? WHERE transactionId=?`,
  parameters: [text("x"), text(transactionId)],
});
const row = (id: string) => transactionRow({ transactionId: text(id) }) as never;
const key = (id: string) => ({ transactionId: { S: id } });
const left = (...ids: string[]) => ({ Transactions: { Keys: ids.map(key) } });
const askedFor = (call: number): unknown =>
  dynamodb.commandCalls(BatchGetItemCommand)[call]?.args[0].input.RequestItems?.["Transactions"];

beforeEach(() => {
  dynamodb.reset();
  dynamodb.onAnyCommand().rejects(new Error("this call is not faked"));
});

describe("a batch of writes", () => {
  it("gives each statement its own result, in order", async () => {
    dynamodb.on(BatchExecuteStatementCommand).resolves({
      Responses: [
        { TableName: "Transactions" },
        { Error: { Code: "ConditionalCheckFailed", Message: "The conditional request failed" } },
        { Error: { Code: "ValidationError", Message: "Item size has exceeded the maximum allowed size" } },
        { Error: { Code: "ItemCollectionSizeLimitExceeded", Message: "too large" } },
        { Error: { Code: "ProvisionedThroughputExceeded", Message: "throttled" } },
        { Error: { Code: "TransactionConflict", Message: "busy" } },
        { Error: { Code: "InternalServerError", Message: "oh" } },
      ],
    });
    const results = await table.write(["a", "b", "c", "d", "e", "f", "g"].map(statement));
    expect(results).toEqual([
      { kind: "written" },
      { kind: "condition failed" },
      { kind: "rejected", error: "ValidationError: Item size has exceeded the maximum allowed size" },
      { kind: "rejected", error: "ItemCollectionSizeLimitExceeded: too large" },
      { kind: "unavailable", error: "ProvisionedThroughputExceeded: throttled" },
      { kind: "unavailable", error: "TransactionConflict: busy" },
      { kind: "unavailable", error: "InternalServerError: oh" },
    ]);
  });

  it("sends text and parameters of each statement as they are", async () => {
    dynamodb.on(BatchExecuteStatementCommand).resolves({ Responses: [{}] });
    await table.write([statement("a")]);
    expect(dynamodb.commandCalls(BatchExecuteStatementCommand)[0]?.args[0].input).toEqual({
      Statements: [{ Statement: statement("a").text, Parameters: [text("x"), text("a")] }],
    });
  });

  it("counts no statement as written that was not answered", async () => {
    dynamodb.on(BatchExecuteStatementCommand).resolves({ Responses: [{}] });
    const [, second] = await table.write(["a", "b"].map(statement));
    expect(second).toEqual({ kind: "unavailable", error: "no response for the statement" });
  });

  it("that DynamoDB refuses as a whole is written one by one, and only the one at fault is rejected", async () => {
    const refusal = Object.assign(new Error("Supplied AttributeValue is empty"), { name: "ValidationException" });
    dynamodb.on(BatchExecuteStatementCommand).callsFake(({ Statements }) => {
      if (JSON.stringify(Statements).includes("bad")) throw refusal;
      return { Responses: [{}] };
    });
    expect(await table.write(["a", "bad", "c"].map(statement))).toEqual([
      { kind: "written" },
      { kind: "rejected", error: "ValidationException: Supplied AttributeValue is empty" },
      { kind: "written" },
    ]);
  });

  it("that fails as a whole may be retried, statement by statement", async () => {
    dynamodb.on(BatchExecuteStatementCommand).rejects(new Error("ECONNREFUSED"));
    expect(await table.write(["a", "b"].map(statement))).toEqual([
      { kind: "unavailable", error: "Error: ECONNREFUSED" },
      { kind: "unavailable", error: "Error: ECONNREFUSED" },
    ]);
  });
});

describe("a batch of reads", () => {
  it("is consistent and gives the rows that exist, by id", async () => {
    dynamodb.on(BatchGetItemCommand).resolves({ Responses: { Transactions: [row("b"), row("a")] } });
    const rows = await table.read(["a", "b", "c"]);
    expect([...rows.keys()].toSorted()).toEqual(["a", "b"]);
    expect(rows.get("a")).toEqual(row("a"));
    expect(askedFor(0)).toEqual({ Keys: [key("a"), key("b"), key("c")], ConsistentRead: true });
  });

  it("asks again for what was left unprocessed, and for nothing else", async () => {
    dynamodb
      .on(BatchGetItemCommand)
      .resolvesOnce({ Responses: { Transactions: [row("a")] }, UnprocessedKeys: left("b", "c") })
      .resolvesOnce({ Responses: { Transactions: [row("b")] }, UnprocessedKeys: left("c") })
      .resolvesOnce({ Responses: { Transactions: [row("c")] } });
    expect([...(await table.read(["a", "b", "c"])).keys()]).toEqual(["a", "b", "c"]);
    expect(askedFor(1)).toEqual({ Keys: [key("b"), key("c")], ConsistentRead: true });
    expect(askedFor(2)).toEqual({ Keys: [key("c")], ConsistentRead: true });
  });

  it("fails rather than pass off an unread row as one that does not exist", async () => {
    dynamodb.on(BatchGetItemCommand).resolves({ Responses: { Transactions: [row("a")] }, UnprocessedKeys: left("b") });
    await expect(table.read(["a", "b"])).rejects.toMatchObject({ code: "ROWS_UNREAD" });
    expect(dynamodb.commandCalls(BatchGetItemCommand)).toHaveLength(5);
  });

  it("of no row asks nothing", async () => {
    expect((await table.read([])).size).toBe(0);
    expect(dynamodb.calls()).toHaveLength(0);
  });

  it("fails when the call fails", async () => {
    dynamodb.on(BatchGetItemCommand).rejects(new Error("ECONNREFUSED"));
    await expect(table.read(["a"])).rejects.toThrow("ECONNREFUSED");
  });
});
