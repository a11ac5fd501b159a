import { DeleteItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { markStatement } from "../../../core/aws/statements/redelivery.ts";
import { TransactionsTable } from "../../../core/aws/transactions-table.ts";
import { encodeMessage } from "../../../core/transaction/message.ts";
import { redeliveryMessage, redeliveryOf } from "../../../core/transaction/row/redelivery.ts";
import { number, text } from "../../support/rows.ts";
import { MerchantServer } from "../../flow/merchant-server.ts";
import { type SmallAccount, startSmallAccount } from "./small-account.ts";

let account: SmallAccount;
let merchant: MerchantServer;

beforeAll(async () => {
  account = await startSmallAccount();
  merchant = await MerchantServer.start();
});
afterAll(async () => {
  await merchant.stop();
  await account.stop();
});

/** Marks a row and sends its message, as a job does. */
async function sendAgain(id: string, generation = 1): Promise<readonly string[]> {
  const row = await account.row(id);
  const mark = { jobId: "job-1", generation, markedAt: Date.now() };
  const table = new TransactionsTable(account.dynamodb, "Transactions");
  expect(await table.write([markStatement(table.name, row, mark)])).toEqual([{ kind: "written" }]);
  await account.send("confirmations.fifo", [{ groupId: id, body: encodeMessage(redeliveryMessage(row, mark)) }]);
  return account.environment().invoke(await account.receive());
}

describe("a confirmed row that a job sends again in small-account mode", () => {
  it("is called once more, says so, and stays as it is but for the result", async () => {
    merchant.respond("/good", () => 204);
    await account.register("good", `http://127.0.0.1:${merchant.port}/good`);
    await account.insert("again-1", "good");
    await account.environment().invoke(await account.receive());
    const { redelivery: before, ...confirmed } = await account.row("again-1");
    expect([before, confirmed["confirmationState"]]).toEqual([undefined, text("CONFIRMED")]);
    expect(await sendAgain("again-1")).toEqual([]);
    const { redelivery, ...after } = await account.row("again-1");
    expect(after).toEqual(confirmed);
    expect(redeliveryOf({ ...after, ...(redelivery && { redelivery }) })?.ended).toMatchObject({
      result: "delivered",
      status: 204,
    });
    const [first, second] = merchant.to("/good");
    expect([first?.headers["webhook-redelivery"], second?.headers["webhook-redelivery"]]).toEqual([undefined, "job-1"]);
    expect(second?.headers["webhook-id"]).toBe(first?.headers["webhook-id"]);
    expect(second?.body).toBe(first?.body);
  });

  it("is turned away by a pause, and sent in the job's next generation", async () => {
    merchant.respond("/paused", () => 204);
    await account.register("paused", `http://127.0.0.1:${merchant.port}/paused`);
    await account.insert("again-2", "paused");
    await account.environment().invoke(await account.receive());
    const paused = { merchantId: text("paused"), pausedAt: number(1) };
    await account.dynamodb.send(new PutItemCommand({ TableName: "MerchantGates", Item: paused as never }));
    await sendAgain("again-2");
    const outcome = async () => redeliveryOf(await account.row("again-2"));
    expect(await outcome()).toMatchObject({ generation: 1, ended: { result: "turned_away", error: "paused" } });
    expect(merchant.to("/paused")).toHaveLength(1);
    await account.dynamodb.send(
      new DeleteItemCommand({ TableName: "MerchantGates", Key: { merchantId: { S: "paused" } } }),
    );
    await sendAgain("again-2", 2);
    expect(await outcome()).toMatchObject({ generation: 2, ended: { result: "delivered" } });
    expect(merchant.to("/paused")).toHaveLength(2);
  });
});
