import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { CopiesTable } from "../../../core/aws/copies-table.ts";
import type { DeliveryCopy } from "../../../core/copies/delivery-copy.ts";
import { patienceMs } from "../../support/machine-speed.ts";
import { API_TABLES } from "./api-tables.ts";
import { transactionsWorld, type World } from "./transactions-world.ts";

let world: World;
let copies: CopiesTable;
let counter = 0;
let id = "";
beforeAll(async () => {
  world = await transactionsWorld();
  copies = new CopiesTable(() => world.dynamodb.client, API_TABLES.jobsTable);
}, patienceMs(60_000));
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});
beforeEach(async () => {
  id = `sandbox-${(counter += 1)}`;
  await register();
});

type More = Parameters<World["ask"]>[2];
const admin = { token: { scopes: "merchants:read merchants:write audit:read" } };
const ask = (method: string, path: string, more: More = {}) =>
  world.ask(method, path, { ...more, token: { scopes: "transactions:read", ...more.token } });
const register = (content: object = {}, merchantId = id) =>
  world.ask("POST", "/merchants", { ...admin, body: { merchantId, environment: "sandbox", ...content } });
const listen = (listenerId = "laptop", more: More = {}) => ask("PUT", `/merchants/${id}/listeners/${listenerId}`, more);
const page = (query = "", more: More = {}) => ask("GET", `/merchants/${id}/copies${query}`, more);
const rowOf = async () =>
  (
    await world.dynamodb.client.send(
      new GetItemCommand({ TableName: API_TABLES.merchantsTable, Key: { merchantId: { S: id } } }),
    )
  ).Item;
const leases = async () => Object.keys((await rowOf())?.["listeners"]?.M ?? {}).toSorted();
const entries = async () => {
  const { body } = await world.ask("GET", `/audit-log?resource=merchants/${id}`, admin);
  return (body["items"] as unknown as { action: string }[]).map(({ action }) => action);
};
const idsIn = (body: Record<string, unknown>) =>
  (body["items"] as { transactionId: string }[]).map(({ transactionId }) => transactionId);

function copyOf(transactionId: string): DeliveryCopy {
  return {
    at: Date.now(),
    transactionId,
    version: 1,
    attempt: 2,
    request: { url: "https://m.example/in", headers: { "webhook-id": "msg_1" }, hiddenHeaders: ["x-key"], body: "{}" },
    result: { outcome: "status_5xx", status: 503, durationMs: 12, error: "answered 503" },
  };
}

describe("listening to a merchant of the sandbox", () => {
  it("is a lease of a minute, whose beginning alone is in the audit log", async () => {
    const begun = await listen();
    expect([begun.status, begun.body]).toEqual([
      200,
      { merchantId: id, listenerId: "laptop", leasedUntil: expect.any(String) },
    ]);
    const until = Date.parse(begun.body["leasedUntil"] ?? "");
    expect(until - Date.now()).toBeGreaterThan(50_000);
    const renewed = await listen();
    expect(Date.parse(renewed.body["leasedUntil"] ?? "")).toBeGreaterThanOrEqual(until);
    expect(await entries()).toEqual(["listenToMerchant", "registerMerchant"]);
    expect(await leases()).toEqual(["laptop"]);
    const ended = await ask("DELETE", `/merchants/${id}/listeners/laptop`);
    expect([ended.status, await leases()]).toEqual([204, []]);
    expect((await ask("DELETE", `/merchants/${id}/listeners/laptop`)).status).toBe(204);
  });

  it("begins anew where its lease is over, and takes others' that are over away", async () => {
    await listen("old");
    await world.dynamodb.client.send(
      new UpdateItemCommand({
        TableName: API_TABLES.merchantsTable,
        Key: { merchantId: { S: id } },
        UpdateExpression: "SET listeners.#old = :over",
        ExpressionAttributeNames: { "#old": "old" },
        ExpressionAttributeValues: { ":over": { N: "1000" } },
      }),
    );
    await listen("new");
    expect(await leases()).toEqual(["new"]);
    expect((await listen("old")).status).toBe(200);
    expect(await leases()).toEqual(["new", "old"]);
    expect(await entries()).toEqual(["listenToMerchant", "listenToMerchant", "listenToMerchant", "registerMerchant"]);
  });

  it("is for five at once, all of whom have a lease", async () => {
    const names = ["a", "b", "c"];
    const begun = await Promise.all(names.map((name) => listen(name)));
    expect(begun.map(({ status }) => status)).toEqual([200, 200, 200]);
    for (const name of ["d", "e"]) expect((await listen(name)).status).toBe(200);
    expect(await leases()).toEqual(["a", "b", "c", "d", "e"]);
    const sixth = await listen("f");
    expect([sixth.status, sixth.body["code"], sixth.body["detail"]]).toEqual([
      409,
      "API_MERCHANT_CONFLICT",
      expect.stringMatching(/^got a listener more than the 5/),
    ]);
    expect((await listen("a")).status).toBe(200);
  });

  it("leaves the merchant as it is: its view and its ETag stay, and it can be changed meanwhile", async () => {
    const before = await world.ask("GET", `/merchants/${id}`, admin);
    await listen();
    const after = await world.ask("GET", `/merchants/${id}`, admin);
    expect([after.body, after.headers.get("etag")]).toEqual([before.body, before.headers.get("etag")]);
    const changed = await world.ask("PATCH", `/merchants/${id}`, { ...admin, body: { maxConcurrency: 3 } });
    expect([changed.status, await leases()]).toEqual([200, ["laptop"]]);
  });

  it("ends with the merchant", async () => {
    await listen();
    expect((await world.ask("DELETE", `/merchants/${id}`, admin)).status).toBe(204);
    expect([await leases(), (await listen()).status, (await page()).status]).toEqual([[], 404, 404]);
  });

  it.each(["PUT", "GET"])("is refused for a live merchant, with what to do (%s)", async (method) => {
    id = `live-${counter}`;
    await register({ environment: "live" });
    const { status, body } = method === "PUT" ? await listen() : await page();
    expect([status, body["code"], body["detail"]]).toEqual([
      409,
      "API_MERCHANT_CONFLICT",
      "got a live merchant, expected one of the sandbox, since only those are listened to; register one with the " +
        "environment `sandbox`.",
    ]);
    expect(await leases()).toEqual([]);
  });

  it("is refused once the merchant has become live, copies that are there too", async () => {
    await listen();
    await copies.append(id, [copyOf("t-1")]);
    await world.ask("PATCH", `/merchants/${id}`, { ...admin, body: { environment: "live" } });
    expect([(await listen()).status, (await page()).status]).toEqual([409, 409]);
    expect((await ask("DELETE", `/merchants/${id}/listeners/laptop`)).status).toBe(204);
  });

  it("is for the merchant's own token, and for no other's; the scope is that of transactions", async () => {
    expect((await listen("own", { token: { merchantId: id } })).status).toBe(200);
    expect((await page("", { token: { merchantId: id } })).status).toBe(200);
    const foreign = { token: { merchantId: "other" } };
    expect([(await listen("x", foreign)).status, (await page("", foreign)).status]).toEqual([404, 404]);
    expect((await listen("x", { token: { scopes: "merchants:write" } })).status).toBe(403);
    expect(await leases()).toEqual(["own"]);
  });

  it.each(["a".repeat(65), "a.b", "a%20b"])("refuses the listener %s", async (listenerId) => {
    expect((await listen(listenerId)).status).toBe(400);
  });
});

describe("a transaction that has nowhere to go", () => {
  const submit = (transactionId: string, payload?: object) =>
    ask("POST", "/transactions", {
      token: { scopes: "transactions:write" },
      body: {
        transactionId,
        merchantId: id,
        outcome: "APPROVED",
        amount: "1.00",
        currency: "EUR",
        occurredAt: "2026-11-29T10:00:00Z",
        ...(payload !== undefined && { payload }),
      },
    });

  it("is taken while somebody listens to its merchant, and refused otherwise, with what to do", async () => {
    const before = await submit(`${id}-1`);
    expect([before.status, before.body["errors"]]).toEqual([
      422,
      [{ pointer: "/confirmationUrl", detail: expect.stringMatching(/a URL here or on the merchant; of the sandbox/) }],
    ]);
    await listen();
    expect((await submit(`${id}-1`)).status).toBe(201);
    expect((await submit(`${id}-2`, { text: "x".repeat(262_000) })).status).toBe(422);
    await ask("DELETE", `/merchants/${id}/listeners/laptop`);
    expect((await submit(`${id}-3`)).status).toBe(422);
  });

  it("is refused for a live merchant, whatever its row says", async () => {
    id = `live-${counter}`;
    await register({ environment: "live" });
    await world.dynamodb.client.send(
      new UpdateItemCommand({
        TableName: API_TABLES.merchantsTable,
        Key: { merchantId: { S: id } },
        UpdateExpression: "SET listeners = :listeners",
        ExpressionAttributeValues: { ":listeners": { M: { laptop: { N: String(Date.now() + 60_000) } } } },
      }),
    );
    expect((await submit(`${id}-1`)).status).toBe(422);
  });
});

describe("copies", () => {
  it("come in their order, page by page, with a cursor for what is still to come", async () => {
    await copies.append(id, ["t-1", "t-2", "t-3"].map(copyOf));
    const first = await page("?limit=2");
    expect(idsIn(first.body)).toEqual(["t-1", "t-2"]);
    expect(first.body["hasMore"]).toBe(true);
    expect(first.body["items"]?.[0]).toEqual({
      number: 1,
      at: expect.any(String),
      transactionId: "t-1",
      version: 1,
      attempt: 2,
      request: {
        method: "POST",
        url: "https://m.example/in",
        headers: { "webhook-id": "msg_1" },
        hiddenHeaders: ["x-key"],
        body: "{}",
      },
      result: { outcome: "status_5xx", status: 503, durationMs: 12, error: "answered 503" },
    });
    const second = await page(`?cursor=${first.body["nextCursor"]}`);
    expect([idsIn(second.body), second.body["hasMore"]]).toEqual([["t-3"], false]);
    await copies.append(id, [copyOf("t-4")]);
    const third = await page(`?cursor=${second.body["nextCursor"]}&newest=0`);
    expect(idsIn(third.body)).toEqual(["t-4"]);
  });

  it("begin with as many of the newest as are asked for", async () => {
    await copies.append(id, ["t-1", "t-2", "t-3"].map(copyOf));
    expect(idsIn((await page("?newest=1")).body)).toEqual(["t-3"]);
    const none = await page("?newest=0");
    expect(idsIn(none.body)).toEqual([]);
    await copies.append(id, [copyOf("t-4")]);
    expect(idsIn((await page(`?cursor=${none.body["nextCursor"]}`)).body)).toEqual(["t-4"]);
    expect((await page("?newest=101")).status).toBe(400);
  });

  it("have cursors of one merchant and one token", async () => {
    const { body } = await page("?newest=0");
    const cursor = String(body["nextCursor"]);
    await register({}, `${id}-other`);
    const others = [
      ask("GET", `/merchants/${id}-other/copies?cursor=${cursor}`),
      page(`?cursor=${cursor}`, { token: { subject: "somebody else" } }),
      page(`?cursor=${cursor}`, { token: { merchantId: id } }),
      page("?cursor=none"),
    ];
    for (const { status, body: problem } of await Promise.all(others))
      expect([status, problem["code"]]).toEqual([400, "API_CURSOR_INVALID"]);
  });
});
