import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { orderedGroupIdOf } from "../../../core/transaction/ordering.ts";
import { number, text, transactionRow } from "../../support/rows.ts";
import { MerchantServer } from "../../flow/merchant-server.ts";
import { DEADLINE_MS } from "./environment-values.ts";
import { type SmallAccount, startSmallAccount, untilReceived } from "./small-account.ts";

let account: SmallAccount;
let merchant: MerchantServer;
const urlOf = (path: string) => `http://127.0.0.1:${merchant.port}/${path}`;
let count = 0;
/** Each test has ids of its own. */
let own = "";

beforeAll(async () => {
  account = await startSmallAccount();
  merchant = await MerchantServer.start();
});
afterAll(async () => {
  await merchant.stop();
  await account.stop();
});
beforeEach(() => {
  own = `b${(count += 1)}`;
});

const idsOf = (ids: readonly string[]) => ids.map((id) => `${own}-${id}`);

describe("a batch of the function", () => {
  it("is delivered, recorded, and left to Lambda to delete", async () => {
    await account.register(own, urlOf(own));
    merchant.respond(`/${own}`, () => 204);
    const ids = idsOf(["1", "2", "3"]);
    for (const id of ids) await account.insert(id, own);
    const received = await account.receive();
    expect(await account.environment().invoke(received)).toEqual([]);
    for (const id of ids) expect((await account.row(id))["confirmationState"]).toEqual(text("CONFIRMED"));
    expect(merchant.to(`/${own}`)).toHaveLength(3);
    expect((await account.receive()).messages).toEqual([]);
  });

  it("names a message that is to be attempted again, which is out of sight for its wait and no longer", async () => {
    await account.register(own, urlOf(own), { retryScheduleSeconds: { L: [number(1), number(1)] } });
    merchant.respond(`/${own}`, (_, nth) => (nth === 1 ? 503 : 204));
    await account.insert(`${own}-1`, own);
    const environment = account.environment();
    const received = await account.receive();
    expect(await environment.invoke(received)).toEqual([received.messages[0]?.MessageId]);
    expect((await account.row(`${own}-1`))["attemptCount"]).toEqual(number(1));
    const again = await untilReceived(account);
    expect(again.records[0]?.attributes.ApproximateReceiveCount).toBe("2");
    expect(await environment.invoke(again)).toEqual([]);
    expect((await account.row(`${own}-1`))["confirmationState"]).toEqual(text("CONFIRMED"));
  });

  it("names all behind the head of an ordered group that stays, and calls none of them", async () => {
    await account.register(own, urlOf(own), { retryScheduleSeconds: { L: [number(1), number(1)] } });
    merchant.respond(`/${own}`, (_, nth) => (nth === 1 ? 503 : 204));
    const ids = idsOf(["1", "2", "3"]);
    const orderingKey = text("k");
    const group = orderedGroupIdOf(transactionRow({ merchantId: text(own), orderingKey })) ?? "";
    for (const id of ids) await account.insert(id, own, { orderingKey }, group);
    const environment = account.environment();
    const received = await account.receive("confirmations-ordered.fifo");
    expect(await environment.invoke(received)).toEqual(received.messages.map(({ MessageId }) => MessageId));
    expect(merchant.to(`/${own}`)).toHaveLength(1);
    expect((await account.receive("confirmations-ordered.fifo")).messages).toEqual([]);
    const again = await untilReceived(account, "confirmations-ordered.fifo");
    expect(again.messages.map(({ Body }) => JSON.parse(Body ?? "").transactionId)).toEqual(ids);
    expect(await environment.invoke(again)).toEqual([]);
    const order = merchant.to(`/${own}`).map(({ body }) => JSON.parse(body).data);
    expect(order.map(({ transactionId }) => transactionId)).toEqual([ids[0], ...ids]);
  });

  it("handles groups side by side: one that waits for its merchant holds up no other", async () => {
    await account.register(`${own}-slow`, urlOf(`${own}-slow`));
    await account.register(`${own}-quick`, urlOf(`${own}-quick`));
    const slow = Promise.withResolvers<number>();
    const quick = Promise.withResolvers<void>();
    merchant.respond(`/${own}-slow`, () => slow.promise);
    merchant.respond(`/${own}-quick`, () => {
      quick.resolve();
      return 204;
    });
    await account.insert(`${own}-1`, `${own}-slow`);
    await account.insert(`${own}-2`, `${own}-quick`);
    const invoked = account.environment().invoke(await account.receive());
    await quick.promise;
    slow.resolve(204);
    expect(await invoked).toEqual([]);
  });

  it("lets go of what is completed while it waits for others: what is behind it in its group comes", async () => {
    await account.register(`${own}-slow`, urlOf(`${own}-slow`));
    await account.register(`${own}-quick`, urlOf(`${own}-quick`));
    const slow = Promise.withResolvers<number>();
    merchant.respond(`/${own}-slow`, () => slow.promise);
    await account.insert(`${own}-1`, `${own}-slow`);
    await account.insert(`${own}-2`, `${own}-quick`, {}, "group");
    const invoked = account.environment().invoke(await account.receive());
    await account.insert(`${own}-3`, `${own}-quick`, {}, "group");
    const behind = await untilReceived(account);
    expect(behind.messages.map(({ Body }) => JSON.parse(Body ?? "").transactionId)).toEqual([`${own}-3`]);
    expect(await account.environment().invoke(behind)).toEqual([]);
    slow.resolve(204);
    expect(await invoked).toEqual([]);
  });

  it("parks what is for a paused merchant, or beyond the rate of one, without an attempt", async () => {
    await account.register(`${own}-paused`, urlOf(`${own}-paused`));
    await account.register(`${own}-limited`, urlOf(`${own}-limited`), { rateLimitPerSecond: number(1) });
    const Item = { merchantId: text(`${own}-paused`), pausedAt: number(Date.now()) };
    await account.dynamodb.send(new PutItemCommand({ TableName: "MerchantGates", Item: Item as never }));
    await account.insert(`${own}-1`, `${own}-paused`);
    const ids = idsOf(["2", "3", "4", "5", "6", "7"]);
    for (const id of ids) await account.insert(id, `${own}-limited`);
    expect(await account.environment().invoke(await account.receive())).toEqual([]);
    expect(await account.row(`${own}-1`)).toMatchObject({ waitingFor: text("paused"), attemptCount: number(0) });
    const rows = await Promise.all(ids.map((id) => account.row(id)));
    const waiting = rows.filter((row) => row["waitingFor"]?.S === "rate limit");
    expect(waiting.length).toBeGreaterThan(0);
    expect(merchant.to(`/${own}-limited`)).toHaveLength(ids.length - waiting.length);
    expect(merchant.to(`/${own}-paused`)).toEqual([]);
  });

  it("begins no call without time for its deadline and its record, and gives the message back at once", async () => {
    await account.register(own, urlOf(own));
    merchant.respond(`/${own}`, () => 204);
    await account.insert(`${own}-1`, own);
    const received = await account.receive();
    expect(await account.environment().invoke(received, DEADLINE_MS + 6900)).toEqual([received.messages[0]?.MessageId]);
    expect(merchant.to(`/${own}`)).toEqual([]);
    const again = await account.receive();
    expect(again.messages.map(({ MessageId }) => MessageId)).toEqual([received.messages[0]?.MessageId]);
    expect(await account.environment().invoke(again)).toEqual([]);
  });

  it("is not begun while everything is paused, and costs a receive for each of growing waits", async () => {
    await account.register(own, urlOf(own));
    merchant.respond(`/${own}`, () => 204);
    await account.insert(`${own}-1`, own);
    await account.pauseEveryone(true);
    const received = await account.receive();
    expect(await account.environment().invoke(received)).toEqual([received.messages[0]?.MessageId]);
    await account.pauseEveryone(false);
    expect(merchant.to(`/${own}`)).toEqual([]);
    expect((await account.receive()).messages).toEqual([]);
    expect((await account.row(`${own}-1`))["attemptCount"]).toBeUndefined();
  });
});
