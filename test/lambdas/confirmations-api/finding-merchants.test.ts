import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { GetItemCommand, PutItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { listMerchant } from "../../../core/aws/list-merchant.ts";
import { nextMerchant } from "../../../core/aws/next-merchant.ts";
import { patienceMs } from "../../support/machine-speed.ts";
import { text, transactionRow } from "../../support/rows.ts";
import { type Token, transactionsWorld, type World } from "./transactions-world.ts";

const SCOPES = "merchants:read merchants:write transactions:read";
const MOST_READS = 4;
const READS = /^(?:Get|Query|Scan|BatchGet)/;

let world: World;
let reads: string[] = [];

const ask = (method: string, path: string, more: { readonly body?: unknown; readonly token?: Token } = {}) =>
  world.ask(method, path, { ...more, token: { scopes: SCOPES, ...more.token } });
const register = (merchantId: string, content: object = {}) =>
  ask("POST", "/merchants", { body: { merchantId, confirmationUrl: "https://shop.example/hook", ...content } });
const rowOf = async (merchantId: string) => {
  const read = new GetItemCommand({ TableName: "Merchants", Key: keyOf(merchantId) });
  return (await world.dynamodb.client.send(read)).Item;
};

async function found(prefix: string, query = "", token: Token = {}): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor = ""; ;) {
    const path = `/merchants?prefix=${encodeURIComponent(prefix)}${query}${cursor}`;
    const { status, body } = await ask("GET", path, { token });
    expect(status).toBe(200);
    ids.push(...(body["items"] as unknown as { merchantId: string }[]).map(({ merchantId }) => merchantId));
    if (body["nextCursor"] === undefined) return ids;
    cursor = `&cursor=${String(body["nextCursor"])}`;
  }
}

beforeAll(async () => {
  world = await transactionsWorld();
  world.dynamodb.client.middlewareStack.add(
    (next, { commandName = "" }) =>
      (args) => {
        if (READS.test(commandName)) reads.push(commandName);
        return next(args);
      },
    { step: "initialize" },
  );
  for (const id of ["shop-2", "shop-1", "shop-10", "Shop", "shoe", "ñandú", "🛒 shop"]) await register(id);
  await register("shop-sandbox", { environment: "sandbox" });
}, patienceMs(60_000));
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

describe("merchants by the beginning of their id", () => {
  it("are in the order of ids, letter by letter, of both environments unless one is wanted", async () => {
    expect(await found("shop-")).toEqual(["shop-1", "shop-10", "shop-2", "shop-sandbox"]);
    expect(await found("shop-", "&environment=live")).toEqual(["shop-1", "shop-10", "shop-2"]);
    expect(await found("shop-", "&environment=sandbox")).toEqual(["shop-sandbox"]);
    expect([await found("S"), await found("ñan"), await found("🛒")]).toEqual([["Shop"], ["ñandú"], ["🛒 shop"]]);
    expect(await found("shopping")).toEqual([]);
  });

  it("come page by page, each once", async () => {
    expect(await found("sho", "&limit=1")).toEqual(["shoe", "shop-1", "shop-10", "shop-2", "shop-sandbox"]);
    expect(await found("shop-1", "&limit=1")).toEqual(["shop-1", "shop-10"]);
  });

  it("take a query and a read of rows for a page, however many merchants there are", async () => {
    reads = [];
    await ask("GET", "/merchants?prefix=shop");
    expect(reads.toSorted()).toEqual(["BatchGetItemCommand", "QueryCommand"]);
  });

  it("are found along with a transaction in four reads at most", async () => {
    await world.dynamodb.put(transactionRow({ transactionId: text("shop-1"), merchantId: text("shop-1") }));
    reads = [];
    const both = await Promise.all([ask("GET", "/transactions/shop-1"), ask("GET", "/merchants?prefix=shop-1")]);
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    expect(reads.length).toBeLessThanOrEqual(MOST_READS);
  });

  it("are for a narrowed token its own, where that begins so", async () => {
    const token = { merchantId: "shop-10" };
    expect([await found("shop", "", token), await found("acme", "", token)]).toEqual([["shop-10"], []]);
  });

  it("are refused for no beginning, for one that no id has, and with the cursor of another", async () => {
    for (const prefix of ["", "x".repeat(1025)])
      expect((await ask("GET", `/merchants?prefix=${prefix}`)).status).toBe(400);
    const { body } = await ask("GET", "/merchants?prefix=sho&limit=1");
    const other = await ask("GET", `/merchants?prefix=shop&limit=1&cursor=${body["nextCursor"]}`);
    expect([other.status, other.body["code"]]).toEqual([400, "API_CURSOR_INVALID"]);
  });

  it("say that the index follows, and that rows are as they are", async () => {
    expect((await ask("GET", "/merchants?prefix=shop")).body["consistency"]).toBe("eventual");
    expect((await ask("GET", "/merchants")).body["consistency"]).toBe("strong");
  });
});

describe("a merchant that this API did not write", () => {
  it("is found by its whole id at once, and by its beginning once the audit has been there", async () => {
    const { client } = world.dynamodb;
    await client.send(new PutItemCommand({ TableName: "Merchants", Item: keyOf("old-shop") }));
    expect([await found("old-shop"), await found("old-")]).toEqual([["old-shop"], []]);
    const unlisted: string[] = [];
    for (let after: string | undefined; ;) {
      const next = await nextMerchant(client, "Merchants", { segment: 0, segments: 1 }, after);
      if (next === undefined) break;
      if (next.isUnlisted) unlisted.push(next.merchantId);
      after = next.merchantId;
    }
    // Those that the world put itself are of its kind.
    expect(unlisted.toSorted()).toEqual(["acme", "old-shop", "other", "silent"]);
    for (const merchantId of unlisted) await listMerchant(client, "Merchants", merchantId);
    expect(await found("old-")).toEqual(["old-shop"]);
  });

  it("is listed by whatever this API changes of it", async () => {
    await world.dynamodb.client.send(new PutItemCommand({ TableName: "Merchants", Item: keyOf("older-shop") }));
    expect((await ask("PATCH", "/merchants/older-shop", { body: { maxConcurrency: 3 } })).status).toBe(200);
    expect(await found("older")).toEqual(["older-shop"]);
  });
});

describe("a merchant that was deleted", () => {
  it("is not found, comes back with its id, and is not listed by the audit meanwhile", async () => {
    await register("gone-shop");
    expect((await ask("DELETE", "/merchants/gone-shop")).status).toBe(204);
    await listMerchant(world.dynamodb.client, "Merchants", "gone-shop");
    expect(await rowOf("gone-shop")).not.toHaveProperty("idStart");
    expect([await found("gone"), await found("gone-shop")]).toEqual([[], []]);
    await register("gone-shop");
    expect(await found("gone")).toEqual(["gone-shop"]);
  });

  it("is not shown either where another build buried it, which left it listed", async () => {
    await register("buried-shop");
    await world.dynamodb.client.send(
      new UpdateItemCommand({
        TableName: "Merchants",
        Key: keyOf("buried-shop"),
        UpdateExpression: "SET deletedAt = :now REMOVE confirmationUrl",
        ExpressionAttributeValues: { ":now": { N: "1" } },
      }),
    );
    expect(await found("buried")).toEqual([]);
  });
});

function keyOf(merchantId: string) {
  return { merchantId: { S: merchantId } };
}
