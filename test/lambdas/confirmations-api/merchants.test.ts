import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { GetItemCommand, PutItemCommand, ScanCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { z } from "@hono/zod-openapi";
import { readCursor, writeCursor } from "../../../core/api/cursor.ts";
import { JobsTable } from "../../../core/aws/jobs-table.ts";
import { MerchantOrigins } from "../../../core/aws/merchant-origins.ts";
import type { OwnershipView } from "../../../lambdas/confirmations-api/routes/merchants/ownership/ownership-view.ts";
import { parseCallMessage } from "../../../core/jobs/ask-for-call.ts";
import { patienceMs } from "../../support/machine-speed.ts";
import { type Changes, number, text, transactionRow } from "../../support/rows.ts";
import { transactionsWorld, type World } from "./transactions-world.ts";
import { EGRESS_ID } from "../../../lambdas/confirmation-transactions/egress/egress-item.ts";
import { shareId, WHOLE_SANDBOX } from "../../../lambdas/confirmation-transactions/shares/share.ts";

let world: World;
let counter = 0;
let id = "";
beforeAll(async () => {
  world = await transactionsWorld();
}, patienceMs(60_000));
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});
beforeEach(() => {
  id = `m-${(counter += 1)}`;
});

const scopes = "merchants:read merchants:write operations:write audit:read transactions:write";
const url = "https://shop.example/hook?token=hush";
type More = Parameters<World["ask"]>[2];
const ask = (method: string, path: string, more: More = {}) =>
  world.ask(method, path, { ...more, token: { scopes, ...more.token } });
const register = (content: object = { confirmationUrl: url }) =>
  ask("POST", "/merchants", { body: { merchantId: id, ...content } });
const own = { token: { merchantId: "acme" } };
const rowOf = async (merchantId = id, TableName = "Merchants") =>
  (await world.dynamodb.client.send(new GetItemCommand({ TableName, Key: { merchantId: { S: merchantId } } }))).Item;
const put = (changes: Changes) => world.dynamodb.put(transactionRow(changes));
function itemsOf<Item>(body: Record<string, unknown>): Item[] {
  return body["items"] as Item[];
}
async function entries(resource = `merchants/${id}`) {
  const { body } = await ask("GET", `/audit-log?resource=${encodeURIComponent(resource)}`);
  return itemsOf<Record<string, unknown>>(body);
}

describe("registering a merchant", () => {
  it("writes a row with a salt of its own, and tells of it in the audit log without the URL's query", async () => {
    const { status, headers, body } = await register({ confirmationUrl: url, maxConcurrency: 8 });
    expect(status).toBe(201);
    expect(headers.get("location")).toBe(`/v1/merchants/${id}`);
    expect(body).toEqual({
      merchantId: id,
      confirmationUrl: url,
      maxConcurrency: 8,
      signatures: ["v1", "v1a"],
      secret: "derived",
      secretKeyVersion: "1",
      environment: "live",
      mode: "live",
      ownership: {
        state: "challenged",
        explanation: expect.stringMatching(/has not answered its challenge yet.*merchants verify.*merchants vouch/),
        origins: [
          {
            origin: "https://shop.example",
            state: "challenged",
            at: expect.any(String),
            url,
            jobId: expect.any(String),
          },
        ],
      },
    });
    expect(Buffer.from((await rowOf())?.["secretSalt"]?.S ?? "", "base64")).toHaveLength(16);
    const [entry, ...others] = await entries();
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      action: "registerMerchant",
      actor: { subject: "tests", clientId: "client" },
      after: { confirmationUrl: "https://shop.example/hook?[redacted]", maxConcurrency: 8 },
      requestId: "request-1",
    });
    expect(entry).not.toHaveProperty("before");
    expect(JSON.stringify(entry)).not.toContain("hush");
  });

  it("gives the same content the same answer, and the same keys", async () => {
    const first = await register();
    const salt = (await rowOf())?.["secretSalt"];
    const second = await register();
    expect([second.status, second.body, second.headers.get("etag")]).toEqual([
      201,
      first.body,
      first.headers.get("etag"),
    ]);
    expect((await rowOf())?.["secretSalt"]).toEqual(salt);
    expect(await entries()).toHaveLength(1);
  });

  it("names what differs from another content under its id", async () => {
    await register();
    const { status, body } = await register({ confirmationUrl: "https://b.example/", rateLimitPerSecond: 3 });
    expect([status, body["code"], body["differences"]]).toEqual([
      409,
      "API_MERCHANT_CONFLICT",
      ["confirmationUrl", "rateLimitPerSecond"],
    ]);
  });

  it.each([
    ["http://127.0.0.1/hook", /public address|plain http/],
    ["http://shop.example/", /https/],
    ["https://shop.example:8443/", /port/],
    ["https://user:pass@shop.example/", /user name/],
    ["nowhere", /absolute URL/],
  ])("refuses the URL %s, which could not be called", async (confirmationUrl, why) => {
    const { status, body } = await register({ confirmationUrl });
    expect([status, body["errors"]]).toEqual([
      422,
      [{ pointer: "/confirmationUrl", detail: expect.stringMatching(why) }],
    ]);
    expect(await rowOf()).toBeUndefined();
  });

  it.each([
    "*",
    ".",
    "..",
    "pipeline-canary",
    "fake-merchant-3",
    "rate limit of acme",
    "release-due lease 0 of 4",
    "release-due claims a 1",
    shareId("acme"),
    WHOLE_SANDBOX,
    EGRESS_ID,
  ])("refuses the id %j", async (merchantId) => {
    const { status, body } = await ask("POST", "/merchants", { body: { merchantId } });
    expect([status, body["errors"]]).toEqual([422, [expect.objectContaining({ pointer: "/merchantId" })]]);
  });

  it.each([
    [{ maxConcurrency: 0 }, "/maxConcurrency"],
    [{ rateLimitPerSecond: 1.5 }, "/rateLimitPerSecond"],
    [{ retryScheduleSeconds: [0] }, "/retryScheduleSeconds/0"],
    [{ signatures: ["v1", "v1"] }, "/signatures"],
    [{ secret: "whsec_x" }, "/secret"],
  ])("refuses %j", async (content, pointer) => {
    const { status, body } = await register(content);
    expect([status, body["errors"]]).toEqual([422, [expect.objectContaining({ pointer })]]);
  });
});

describe("how a merchant is connected", () => {
  const headers = { "X-Partner": "4711", "x-b": "two words" };

  it("is shown as it holds, with names of headers in lower case, and the log has no value of a header", async () => {
    const { status, body } = await register({ headers, payloadVersion: 2, httpVersion: "2" });
    expect([status, body]).toEqual([
      201,
      expect.objectContaining({
        headers: { "x-b": "two words", "x-partner": "4711" },
        payloadVersion: 2,
        httpVersion: "2",
      }),
    ]);
    expect(await rowOf()).toMatchObject({
      headers: { M: { "x-b": { S: "two words" }, "x-partner": { S: "4711" } } },
      payloadVersion: { N: "2" },
      httpVersion: { S: "2" },
    });
    const [entry] = await entries();
    expect(entry).toMatchObject({ after: { headers: ["x-b", "x-partner"], payloadVersion: 2 } });
    expect(JSON.stringify(entry)).not.toContain("4711");
    const again = { headers: { "X-B": "two words", "x-partner": "4711" }, payloadVersion: 2, httpVersion: "2" };
    expect((await register(again)).status).toBe(201);
  });

  it("changes header by header, as a merge patch does", async () => {
    await register({ headers });
    const patch = async (body: object) => (await ask("PATCH", `/merchants/${id}`, { body })).body["headers"];
    expect(await patch({ headers: { "X-B": null, "x-c": "3" } })).toEqual({ "x-c": "3", "x-partner": "4711" });
    expect(await patch({ headers: { "x-c": null, "x-partner": null } })).toBeUndefined();
    expect(await rowOf()).not.toHaveProperty("headers");
    expect(await patch({ headers: { "x-d": "4" } })).toEqual({ "x-d": "4" });
    expect(await patch({ headers: null })).toBeUndefined();
  });

  it("is the same where nothing is said and where what holds anyway is", async () => {
    await register();
    expect((await register({ confirmationUrl: url, payloadVersion: 1, httpVersion: "1.1" })).status).toBe(201);
  });

  it.each<[object, string]>([
    [{ headers: { Host: "other.example" } }, "/headers/Host"],
    [{ headers: { "x-a": "1\r\nx-b: 2" } }, "/headers/x-a"],
    [{ headers: { "webhook-id": "mine" } }, "/headers/webhook-id"],
    [{ headers: { authorization: "Bearer hush" } }, "/headers/authorization"],
    [{ headers: { "X-A": "1", "x-a": "2" } }, "/headers/x-a"],
    [{ headers: { "x-a": 1 } }, "/headers/x-a"],
    [{ headers: [] }, "/headers"],
    [{ payloadVersion: 3 }, "/payloadVersion"],
    [{ payloadVersion: "2" }, "/payloadVersion"],
    [{ httpVersion: "3" }, "/httpVersion"],
  ])("refuses %j, in a patch too", async (content, pointer) => {
    const refused = [422, [expect.objectContaining({ pointer })]];
    const { status, body } = await register(content);
    expect([status, body["errors"]]).toEqual(refused);
    expect(JSON.stringify(body)).not.toContain("hush");
    await register();
    const patched = await ask("PATCH", `/merchants/${id}`, { body: content });
    expect([patched.status, patched.body["errors"]]).toEqual(refused);
  });

  it("refuses more headers than there may be, also where a patch comes to them", async () => {
    const some = (from: number, to: number) =>
      Object.fromEntries(Array.from({ length: to - from }, (_, nth) => [`x-${from + nth}`, "1"]));
    expect((await register({ headers: some(0, 21) })).status).toBe(422);
    await register({ headers: some(0, 20) });
    const { status, body } = await ask("PATCH", `/merchants/${id}`, { body: { headers: some(20, 21) } });
    expect([status, body["errors"]]).toEqual([422, [{ pointer: "/headers", detail: expect.stringMatching(/20/) }]]);
  });
});

describe("looking merchants up", () => {
  it("shows no secret of a row that has one, and what is wrong with one that cannot be used", async () => {
    const Item = {
      merchantId: { S: id },
      secret: { S: "whsec_c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0" },
      deadlineMs: { S: "soon" },
    };
    await world.dynamodb.client.send(new PutItemCommand({ TableName: "Merchants", Item }));
    const { body } = await ask("GET", `/merchants/${id}`);
    expect(body).toMatchObject({ secret: "imported", faults: [expect.stringMatching(/deadlineMs/)] });
    expect(JSON.stringify(body)).not.toMatch(/whsec|soon/);
  });

  it("pages through all of them, each once", async () => {
    const before = counter;
    for (let more = 0; more < 5; more += 1) {
      id = `page-${before}-${more}`;
      await register();
    }
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const { body } = await ask("GET", `/merchants?limit=2${cursor === undefined ? "" : `&cursor=${cursor}`}`);
      found.push(...itemsOf<{ merchantId: string }>(body).map(({ merchantId }) => merchantId));
      cursor = body["nextCursor"];
    } while (cursor !== undefined);
    expect(found.filter((one) => one.startsWith(`page-${before}`)).toSorted()).toEqual(
      [0, 1, 2, 3, 4].map((more) => `page-${before}-${more}`),
    );
    expect(new Set(found).size).toBe(found.length);
  });

  it("shows a narrowed token its own and nothing else", async () => {
    const listed = await ask("GET", "/merchants", own);
    expect(itemsOf<{ merchantId: string }>(listed.body).map(({ merchantId }) => merchantId)).toEqual(["acme"]);
    expect((await ask("GET", "/merchants/acme", own)).status).toBe(200);
    const [foreign, missing] = [await ask("GET", "/merchants/other", own), await ask("GET", "/merchants/none", own)];
    expect([foreign.status, foreign.body]).toEqual([404, missing.body]);
  });

  it("knows nothing of the pipeline's own", async () => {
    const Item = { merchantId: { S: "pipeline-canary" } };
    await world.dynamodb.client.send(new PutItemCommand({ TableName: "Merchants", Item }));
    expect((await ask("GET", "/merchants/pipeline-canary")).status).toBe(404);
    expect((await ask("GET", "/merchants/*")).status).toBe(404);
    expect(JSON.stringify((await ask("GET", "/merchants?limit=100")).body)).not.toContain("pipeline-canary");
  });

  it("goes on after a page of the build before, which was of live where none was said, and it after ours", async () => {
    const principal = { subject: "tests", clientId: "client", scopes: new Set<string>() };
    const before = { environment: "live" };
    const { body } = await ask("GET", "/merchants?limit=1");
    const after = readCursor(body["nextCursor"], principal, before, z.string());
    const next = await ask("GET", `/merchants?limit=1&cursor=${writeCursor(principal, before, after)}`);
    expect(next).toMatchObject({ status: 200 });
    expect(next.body).toEqual((await ask("GET", `/merchants?limit=1&cursor=${body["nextCursor"]}`)).body);
  });

  it("refuses a cursor that somebody made up, of another query or principal", async () => {
    const { body } = await ask("GET", "/merchants?limit=1");
    const others = await ask("GET", `/merchants?cursor=${body["nextCursor"]}`, { token: { subject: "another" } });
    expect([others.status, others.body["code"]]).toEqual([400, "API_CURSOR_INVALID"]);
    expect((await ask("GET", "/merchants?cursor=e30")).status).toBe(400);
  });
});

describe("changing a merchant", () => {
  const patch = (body: object, headers: Record<string, string> = {}) =>
    ask("PATCH", `/merchants/${id}`, { body, headers });

  it("takes a merge patch, and says what was and what is", async () => {
    await register({ confirmationUrl: url, maxConcurrency: 8, retryScheduleSeconds: [5] });
    const { status, body } = await patch({ maxConcurrency: null, rateLimitPerSecond: 7, retryScheduleSeconds: [] });
    expect(status).toBe(200);
    expect(body).toMatchObject({ confirmationUrl: url, rateLimitPerSecond: 7, retryScheduleSeconds: [] });
    expect(body).not.toHaveProperty("maxConcurrency");
    const row = await rowOf();
    expect(row).toMatchObject({ rateLimitPerSecond: { N: "7" }, retryScheduleSeconds: { L: [] } });
    expect(row).not.toHaveProperty("maxConcurrency");
    expect((await entries())[0]).toMatchObject({
      action: "changeMerchant",
      before: { maxConcurrency: 8, retryScheduleSeconds: [5] },
      after: { rateLimitPerSecond: 7, retryScheduleSeconds: [] },
    });
  });

  it("is taken as a merge patch by name too", async () => {
    await register();
    const headers = { "content-type": "application/merge-patch+json" };
    expect((await patch({ maxConcurrency: 2 }, headers)).body).toMatchObject({ maxConcurrency: 2 });
    expect((await patch({ maxConcurrency: 0 }, headers)).status).toBe(422);
  });

  it.each([
    ["PATCH", ""],
    ["POST", "/disable"],
    ["POST", "/enable"],
  ])("is refused without a body where one belongs: %s …%s", async (method, path) => {
    await register();
    const { status, body } = await ask(method, `/merchants/${id}${path}`);
    expect([status, body["code"]]).toEqual([400, "API_BODY_NOT_JSON"]);
    expect(await entries()).toHaveLength(1);
  });

  it("holds to If-Match of what was seen", async () => {
    const etag = (await register()).headers.get("etag") ?? "";
    const first = await patch({ maxConcurrency: 2 }, { "if-match": etag });
    expect(first.status).toBe(200);
    const late = await patch({ maxConcurrency: 3 }, { "if-match": etag });
    expect([late.status, late.body["code"]]).toEqual([412, "API_VERSION_CONFLICT"]);
    const again = await patch({ maxConcurrency: 3 }, { "if-match": first.headers.get("etag") ?? "" });
    expect(again.body).toMatchObject({ maxConcurrency: 3 });
  });

  it("is no act where it changes nothing", async () => {
    await register({ maxConcurrency: 2 });
    expect((await patch({ maxConcurrency: 2, deadlineMs: null })).status).toBe(200);
    expect(await entries()).toHaveLength(1);
  });

  it("loses nothing of two that come at once", async () => {
    await register();
    const [one, other] = await Promise.all([patch({ maxConcurrency: 4 }), patch({ rateLimitPerSecond: 9 })]);
    expect([one.status, other.status]).toEqual([200, 200]);
    expect(await rowOf()).toMatchObject({ maxConcurrency: { N: "4" }, rateLimitPerSecond: { N: "9" } });
    expect(await entries()).toHaveLength(3);
  });

  it("puts right what nobody could read", async () => {
    await register();
    await world.dynamodb.client.send(
      new UpdateItemCommand({
        TableName: "Merchants",
        Key: { merchantId: { S: id } },
        UpdateExpression: "SET deadlineMs = :bad",
        ExpressionAttributeValues: { ":bad": { S: "soon" } },
      }),
    );
    expect((await patch({ deadlineMs: 500 })).body).not.toHaveProperty("faults");
    expect(await rowOf()).toMatchObject({ deadlineMs: { N: "500" } });
  });

  it("refuses a URL that could not be called, and a merchant that is not there", async () => {
    await register();
    expect((await patch({ confirmationUrl: "http://10.0.0.1/" })).status).toBe(422);
    expect((await ask("PATCH", "/merchants/none", { body: {} })).status).toBe(404);
  });
});

describe("deleting a merchant", () => {
  const bury = (merchantId = id) => ask("DELETE", `/merchants/${merchantId}`);

  it("leaves a tombstone until manifests are over, and is not there for anyone who asks", async () => {
    await register();
    const salt = (await rowOf())?.["secretSalt"];
    expect((await bury()).status).toBe(204);
    const row = await rowOf();
    expect(row).toMatchObject({ deletedAt: { N: expect.any(String) }, secretSalt: salt });
    expect(row).not.toHaveProperty("confirmationUrl");
    const deletedAt = Math.floor(Number(row?.["deletedAt"]?.N) / 1000);
    expect(Number(row?.["purgeAt"]?.N)).toBe(deletedAt + 430 * 86_400);
    expect((await ask("GET", `/merchants/${id}`)).status).toBe(404);
    expect((await ask("PATCH", `/merchants/${id}`, { body: { maxConcurrency: 1 } })).status).toBe(404);
    expect((await bury()).status).toBe(404);
    expect((await entries())[0]).toMatchObject({
      action: "deleteMerchant",
      before: { confirmationUrl: expect.stringMatching(/shop/) },
    });
  });

  it("can be taken back by registering it again, with the keys that it had", async () => {
    await register();
    const salt = (await rowOf())?.["secretSalt"];
    await bury();
    expect((await register({ confirmationUrl: url, maxConcurrency: 3 })).status).toBe(201);
    const row = await rowOf();
    expect(row).toMatchObject({ secretSalt: salt, maxConcurrency: { N: "3" } });
    expect(row).not.toHaveProperty("deletedAt");
    expect(row).not.toHaveProperty("purgeAt");
    expect((await entries()).map(({ action }) => action)).toEqual([
      "registerMerchant",
      "deleteMerchant",
      "registerMerchant",
    ]);
  });

  it.each<[string, (key: string) => Changes]>([
    ["waits for it", (key) => ({ dueKey: text(`M#${key}#1`), dueAt: number(1), confirmationState: text("SCHEDULED") })],
    ["is on its way", () => ({ dueKey: text("P#3"), dueAt: number(1) })],
    ["is on its way in order", () => ({ dueKey: text("O#0"), dueAt: number(1), orderingKey: text("k") })],
    ["is parked until a time", () => ({ dueKey: text("T#2"), dueAt: number(1) })],
  ])("is refused while a transaction %s", async (_, changes) => {
    await register();
    await put({ transactionId: text(`t-${id}`), merchantId: text(id), ...changes(id) });
    const { status, body } = await bury();
    expect([status, body["code"], body["detail"]]).toEqual([
      409,
      "API_MERCHANT_CONFLICT",
      expect.stringContaining(`t-${id}`),
    ]);
    await world.dynamodb.change([], [`t-${id}`]);
    expect((await bury()).status).toBe(204);
  });

  it("is not held up by transactions of others, nor by what the index still has of one that is over", async () => {
    await register();
    await put({ transactionId: text(`o-${id}`), merchantId: text("acme"), dueKey: text("P#1"), dueAt: number(1) });
    await put({
      transactionId: text(`c-${id}`),
      merchantId: text(id),
      dueKey: text("P#1"),
      dueAt: number(1),
      confirmationState: text("CONFIRMED"),
      stateVersion: number(1),
    });
    expect((await bury()).status).toBe(204);
  });

  it("is for nobody whose token is narrowed, and never of the pipeline's own", async () => {
    expect((await ask("DELETE", "/merchants/acme", own)).status).toBe(403);
    const Item = { merchantId: { S: "fake-merchant-1" } };
    await world.dynamodb.client.send(new PutItemCommand({ TableName: "Merchants", Item }));
    expect((await bury("fake-merchant-1")).status).toBe(409);
  });
});

describe("pausing", () => {
  it("a merchant is told once, however often it is asked for", async () => {
    await register();
    const first = await ask("POST", `/merchants/${id}/pause`);
    expect(first.body).toEqual({ merchantId: id, paused: true, pausedAt: expect.any(String) });
    expect((await ask("POST", `/merchants/${id}/pause`)).body).toEqual(first.body);
    expect((await rowOf(id, "MerchantGates"))?.["pausedAt"]?.N).toBe(
      String(Date.parse(String(first.body["pausedAt"]))),
    );
    for (let time = 0; time < 2; time += 1)
      expect((await ask("POST", `/merchants/${id}/resume`)).body).toEqual({ merchantId: id, paused: false });
    expect(await rowOf(id, "MerchantGates")).not.toHaveProperty("pausedAt");
    expect((await entries()).map(({ action }) => action)).toEqual([
      "resumeMerchant",
      "pauseMerchant",
      "registerMerchant",
    ]);
  });

  it("everything is said by anyone who may, and is nothing for a narrowed token", async () => {
    expect((await ask("GET", "/pause")).body).toEqual({ paused: false });
    const { body } = await ask("POST", "/pause");
    expect(body).toEqual({ paused: true, pausedAt: expect.any(String) });
    expect((await ask("GET", "/pause")).body).toEqual(body);
    expect((await ask("GET", "/merchants/acme/health")).body).toMatchObject({ gate: "everything paused" });
    expect((await ask("POST", "/resume")).body).toEqual({ paused: false });
    expect((await entries("everything")).map(({ action }) => action)).toEqual(["resumeEverything", "pauseEverything"]);
    for (const [method, path] of [
      ["POST", "/pause"],
      ["POST", "/resume"],
      ["GET", "/pause"],
    ] as const)
      expect((await ask(method, path, own)).body["code"]).toBe("API_TOKEN_NARROWED");
  });
});

describe("disabling URLs", () => {
  const disable = (one: string) => ask("POST", `/merchants/${id}/disable`, { body: { url: one } });
  const enable = (body: object) => ask("POST", `/merchants/${id}/enable`, { body });

  it("is by the spelling that the worker uses, and told without what may be a secret", async () => {
    await register();
    const { body } = await disable("https://SHOP.example./hook?token=hush#part");
    expect(body).toEqual({ merchantId: id, disabledUrls: ["https://shop.example/hook?token=hush"] });
    expect(await rowOf(id, "MerchantGates")).toMatchObject({
      disabledUrls: { SS: ["https://shop.example/hook?token=hush"] },
    });
    await disable("https://shop.example/hook?token=hush");
    expect((await enable({ url: "https://shop.example/other" })).body).toEqual(body);
    expect((await enable({ url: "https://shop.example/hook?token=hush" })).body["disabledUrls"]).toEqual([]);
    const told = await entries();
    expect(told.map(({ action }) => action)).toEqual(["enableMerchantUrl", "disableMerchantUrl", "registerMerchant"]);
    expect(JSON.stringify(told)).not.toContain("hush");
  });

  it("enables all at once", async () => {
    await register();
    await disable("https://shop.example/1");
    await disable("https://shop.example/2");
    expect((await enable({})).body["disabledUrls"]).toEqual([]);
    expect((await entries())[0]).toMatchObject({
      before: { disabled: ["https://shop.example/1", "https://shop.example/2"] },
    });
  });

  it("has an end", async () => {
    await register();
    for (let count = 0; count < 50; count += 1) await disable(`https://shop.example/${count}`);
    const { status, body } = await disable("https://shop.example/50");
    expect([status, body["code"]]).toEqual([409, "API_MERCHANT_CONFLICT"]);
  });
});

describe("health", () => {
  it("of a merchant with nothing against it is open, and says its limits", async () => {
    await register({ maxConcurrency: 8 });
    expect((await ask("GET", `/merchants/${id}/health`)).body).toEqual({
      merchantId: id,
      gate: "open",
      circuit: { state: "closed", trips: 0 },
      disabledUrls: [],
      ownership: { state: "unverified", explanation: expect.stringMatching(/no address of its own/), origins: [] },
      limits: { maxConcurrency: 8 },
      waiting: { transactions: 0, isWhole: true },
      lastFailures: [],
      consistency: "eventual",
    });
  });

  it("says what waits and since when, and what failed last, by class", async () => {
    await register();
    const attempt = (at: number, outcome: string, status: number) => ({
      M: { at: number(at), durationMs: number(5), outcome: text(outcome), status: number(status) },
    });
    await put({
      transactionId: text(`w-${id}`),
      merchantId: text(id),
      dueKey: text(`M#${id}#0`),
      dueAt: number(9_000),
      committedAt: number(4_000),
      confirmationState: text("SCHEDULED"),
      stateVersion: number(1),
      attempts: { L: [attempt(5_000, "status_5xx", 503)] },
    });
    await put({
      transactionId: text(`f-${id}`),
      merchantId: text(id),
      failedKey: text(`${id}#1`),
      failedAt: text("attempts_exhausted#2026-11-22T10:00:00.000Z"),
      confirmationState: text("FAILED"),
      stateVersion: number(1),
      attempts: { L: [attempt(1_000, "status_4xx", 404), attempt(2_000, "status_5xx", 500)] },
    });
    await world.dynamodb.client.send(
      new PutItemCommand({
        TableName: "MerchantGates",
        Item: {
          merchantId: { S: id },
          circuitOpenUntil: { N: String(Date.now() + 60_000) },
          circuitTrips: { N: "2" },
          waitingAt: { N: "5000" },
        },
      }),
    );
    expect((await ask("GET", `/merchants/${id}/health`)).body).toMatchObject({
      gate: "circuit open",
      circuit: { state: "open", openUntil: expect.any(String), trips: 2 },
      waiting: {
        transactions: 1,
        isWhole: true,
        since: "1970-01-01T00:00:04.000Z",
        notedAt: "1970-01-01T00:00:05.000Z",
        firstGivenUpAt: "1970-01-01T00:00:09.000Z",
      },
      lastFailures: [
        { outcome: "status_5xx", attempts: 2, lastAt: "1970-01-01T00:00:05.000Z", lastStatus: 503 },
        { outcome: "status_4xx", attempts: 1, lastAt: "1970-01-01T00:00:01.000Z", lastStatus: 404 },
      ],
    });
    await world.dynamodb.change([], [`w-${id}`, `f-${id}`]);
  });
});

describe("a test event", () => {
  const jobs = () => new JobsTable(world.dynamodb.client, "Jobs");

  it("is a job and its entry in one, and a message that says no more than its id", async () => {
    await register();
    world.calls.length = 0;
    const { status, headers, body } = await ask("POST", `/merchants/${id}/test`);
    const jobId = String(body["jobId"]);
    expect([status, headers.get("location")]).toEqual([202, `/v1/merchants/${id}/test/${jobId}`]);
    expect(body).toMatchObject({ merchantId: id, state: "queued", requestedBy: "tests" });
    expect(world.calls.map(parseCallMessage)).toEqual([jobId]);
    expect((await entries())[0]).toMatchObject({ action: "testMerchant", after: { jobId } });
    expect((await ask("GET", `/merchants/${id}/test/${jobId}`)).body).toEqual(body);
  });

  it("shows what was sent and what came back, to whoever may see its merchant", async () => {
    const { body } = await ask("POST", "/merchants/acme/test", own);
    const jobId = String(body["jobId"]);
    await jobs().begin(jobId, undefined, 5);
    const request = { url: "https://acme.example/hook", headers: { "webhook-id": jobId }, body: "{}" };
    const response = { status: 200, headers: { server: "x" }, body: "ok" };
    await jobs().record(jobId, 5, { outcome: "delivered", durationMs: 12, request, response }, 9);
    const seen = await ask("GET", `/merchants/acme/test/${jobId}`, own);
    expect(seen.body).toMatchObject({ state: "done", outcome: "delivered", durationMs: 12, request, response });
    const elsewhere = await ask("GET", `/merchants/other/test/${jobId}`);
    const none = await ask("GET", "/merchants/other/test/none");
    expect([elsewhere.status, elsewhere.body]).toEqual([404, none.body]);
    expect((await ask("POST", "/merchants/other/test", own)).status).toBe(404);
    expect((await ask("POST", "/merchants/none/test")).status).toBe(404);
  });
});

describe("whose an address is", () => {
  const origin = "https://shop.example";
  const origins = () => new MerchantOrigins(world.dynamodb.client, "Merchants");
  const ownership = async (): Promise<OwnershipView> =>
    (await ask("GET", `/merchants/${id}`)).body["ownership"] as unknown as OwnershipView;
  const jobOf = async () => (await ownership()).origins.find((one) => one.origin === origin)?.jobId ?? "";
  const answered = async (error?: string) =>
    origins().record({ merchantId: id, origin, jobId: await jobOf(), error }, Date.now());

  it("is asked with the merchant: its row, its job and the entry are one write, then there is a message", async () => {
    world.calls.length = 0;
    await register();
    const jobId = await jobOf();
    expect(world.calls.map(parseCallMessage)).toEqual([jobId]);
    expect((await entries())[0]).toMatchObject({ action: "registerMerchant", after: { challenge: jobId } });
    const { body } = await ask("GET", `/merchants/${id}/verify/${jobId}`);
    expect(body).toMatchObject({ jobId, merchantId: id, state: "queued", requestedBy: "tests" });
    // The message may have been lost.
    await register();
    expect(world.calls.map(parseCallMessage)).toEqual([jobId, jobId]);
  });

  it("follows from what the address answered, and says what is to be done where that was wrong", async () => {
    await register();
    expect(await answered("wrong_response: the answer is no JSON")).toBe(true);
    expect(await ownership()).toMatchObject({
      state: "failed",
      explanation: expect.stringMatching(/wrong_response.*transactions wait.*merchants verify.*merchants vouch/),
    });
    expect(await answered()).toBe(true);
    expect(await ownership()).toMatchObject({ state: "verified", origins: [{ origin, state: "verified" }] });
    expect((await ownership()).origins[0]).not.toHaveProperty("error");
    expect(await answered("timeout")).toBe(false);
    expect(await ownership()).toMatchObject({ state: "verified" });
  });

  it.each([
    [{ confirmationUrl: "https://shop.example/other" }, "challenged"],
    [{ confirmationUrl: "https://new.example/hook" }, "challenged"],
    [{ maxConcurrency: 3 }, "verified"],
    [{ confirmationUrl: url }, "verified"],
  ])("is asked anew where the address changes, be it by its path: %j", async (body, state) => {
    await register();
    const before = await jobOf();
    await answered();
    world.calls.length = 0;
    expect((await ask("PATCH", `/merchants/${id}`, { body })).status).toBe(200);
    expect(await ownership()).toMatchObject({ state });
    expect(world.calls).toHaveLength(state === "challenged" ? 1 : 0);
    // What the address before answers late says nothing about the new one.
    await origins().record({ merchantId: id, origin, jobId: before, error: undefined }, Date.now());
    expect(await ownership()).toMatchObject({ state });
  });

  it("is asked once more without a body, and what was verified stays so", async () => {
    await register();
    await answered();
    world.calls.length = 0;
    const { status, headers, body } = await ask("POST", `/merchants/${id}/verify`);
    const jobId = String(body["jobId"]);
    expect([status, headers.get("location")]).toEqual([202, `/v1/merchants/${id}/verify/${jobId}`]);
    expect(world.calls.map(parseCallMessage)).toEqual([jobId]);
    expect((await entries())[0]).toMatchObject({ action: "verifyMerchant", after: { jobId } });
    expect(await answered("timeout: silence")).toBe(false);
    expect(await ownership()).toMatchObject({ state: "verified" });
  });

  it("is asked for an address of transactions' own", async () => {
    await register();
    const body = { url: "https://eu.shop.example/hook" };
    expect((await ask("POST", `/merchants/${id}/verify`, { body })).status).toBe(202);
    expect((await ownership()).origins).toContainEqual(
      expect.objectContaining({ origin: "https://eu.shop.example", state: "challenged" }),
    );
  });

  it.each([
    ["/verify", { url: "https://10.1.2.3/" }, 422],
    ["/vouch", { url: "http://169.254.169.254/" }, 422],
    ["/verify", { url: "nowhere" }, 422],
    ["/vouch", { why: "x" }, 422],
  ])("is not asked for what could not be called: %s %j", async (path, body, status) => {
    await register();
    expect((await ask("POST", `/merchants/${id}${path}`, { body })).status).toBe(status);
  });

  it("has no address to ask where its merchant has none", async () => {
    await register({});
    for (const path of ["/verify", "/vouch"])
      expect((await ask("POST", `/merchants/${id}${path}`)).body).toMatchObject({ code: "API_MERCHANT_CONFLICT" });
  });

  it("is what an operator says, with his name and his reason in the audit log", async () => {
    await register();
    const vouch = () => ask("POST", `/merchants/${id}/vouch`, { body: { reason: "a letter" } });
    const { status, body } = await vouch();
    expect([status, body["ownership"]]).toEqual([
      200,
      expect.objectContaining({ state: "vouched", explanation: expect.stringMatching(/tests vouched for it/) }),
    ]);
    const [entry] = await entries();
    expect(entry).toMatchObject({
      action: "vouchForMerchant",
      before: { origin, state: "challenged" },
      after: { origin, state: "vouched", reason: "a letter" },
    });
    await vouch();
    expect((await entries()).filter(({ action }) => action === "vouchForMerchant")).toHaveLength(1);
  });

  it("is no matter of a token that is narrowed to the merchant, nor of one that may change merchants", async () => {
    await register();
    const narrowed = { token: { merchantId: id } };
    expect((await ask("POST", `/merchants/${id}/vouch`, narrowed)).status).toBe(403);
    const writer = { token: { scopes: "merchants:write" } };
    expect((await ask("POST", `/merchants/${id}/vouch`, writer)).status).toBe(403);
    expect((await ask("POST", `/merchants/${id}/verify`, narrowed)).status).toBe(202);
    expect((await ask("POST", `/merchants/${id}/verify`, own)).status).toBe(404);
    expect((await ask("GET", `/merchants/other/verify/${await jobOf()}`)).status).toBe(404);
  });

  it("was vouched for with what was there before, which is listed; its new address is asked", async () => {
    const Item = { merchantId: { S: id }, confirmationUrl: { S: url } };
    await world.dynamodb.client.send(new PutItemCommand({ TableName: "Merchants", Item }));
    expect(await ownership()).toMatchObject({ state: "vouched", explanation: expect.stringMatching(/from before/) });
    const listed = async (query: string) => {
      const ids: string[] = [];
      for (let cursor = ""; ;) {
        const { body } = await ask("GET", `/merchants?limit=100&${query}${cursor}`);
        ids.push(...itemsOf<{ merchantId: string }>(body).map(({ merchantId }) => merchantId));
        if (body["nextCursor"] === undefined) return ids;
        cursor = `&cursor=${String(body["nextCursor"])}`;
      }
    };
    expect(await listed("ownership=vouched")).toContain(id);
    expect(await listed("ownership=failed")).not.toContain(id);
    await ask("PATCH", `/merchants/${id}`, { body: { confirmationUrl: "https://new.example/hook" } });
    expect(await ownership()).toMatchObject({
      state: "challenged",
      origins: expect.arrayContaining([expect.objectContaining({ origin: "*", state: "vouched" })]),
    });
    expect(await listed("ownership=challenged")).toContain(id);
  });

  it("needs none in the sandbox, which is listed apart; what becomes live is asked and stays so", async () => {
    world.calls.length = 0;
    await register({ confirmationUrl: url, environment: "sandbox" });
    expect([await ownership(), world.calls]).toEqual([expect.objectContaining({ state: "not_needed" }), []]);
    const has = async (query: string) =>
      itemsOf<{ merchantId: string }>((await ask("GET", `/merchants?limit=100&${query}`)).body).some(
        ({ merchantId }) => merchantId === id,
      );
    expect([await has("environment=sandbox"), await has("environment=live"), await has("")]).toEqual([
      true,
      false,
      false,
    ]);
    const { body } = await ask("GET", `/merchants/${id}`);
    expect(body["limits"]).toEqual({ rateLimitPerSecond: 10, maxConcurrency: 5 });
    expect(await rowOf()).not.toHaveProperty("liveSince");
    const changed = await ask("PATCH", `/merchants/${id}`, { body: { environment: "live" } });
    expect(changed.body).not.toHaveProperty("limits");
    expect(await rowOf()).toMatchObject({ liveSince: { N: expect.stringMatching(/^\d{13}$/) } });
    expect([await ownership(), world.calls.length]).toEqual([expect.objectContaining({ state: "challenged" }), 1]);
    const back = await ask("PATCH", `/merchants/${id}`, { body: { environment: "sandbox" } });
    expect([back.status, back.body["code"]]).toEqual([409, "API_MERCHANT_CONFLICT"]);
  });

  it("is asked anew of one that was deleted and is registered again", async () => {
    await register();
    await answered();
    await ask("DELETE", `/merchants/${id}`);
    await register();
    expect(await ownership()).toMatchObject({ state: "challenged" });
  });

  it("keeps no change out that was made for what was seen before the answer", async () => {
    const etag = (await register()).headers.get("etag") ?? "";
    await answered();
    const changed = await ask("PATCH", `/merchants/${id}`, {
      body: { maxConcurrency: 2 },
      headers: { "if-match": etag },
    });
    expect(changed.status).toBe(200);
  });
});

describe("the audit log", () => {
  const log = (query: string, more: More = {}) => ask("GET", `/audit-log?${query}`, more);
  const idsOf = (body: Record<string, unknown>) => itemsOf<{ entryId: string }>(body).map(({ entryId }) => entryId);

  it("is paged, newest first, and each entry comes once", async () => {
    await register();
    for (let count = 1; count < 5; count += 1)
      await ask("PATCH", `/merchants/${id}`, { body: { maxConcurrency: count } });
    const all = (await world.dynamodb.client.send(new ScanCommand({ TableName: "AuditLog" }))).Items ?? [];
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const { body } = await log(`limit=3${cursor === undefined ? "" : `&cursor=${cursor}`}`);
      found.push(...idsOf(body));
      cursor = body["nextCursor"];
    } while (cursor !== undefined);
    expect(found).toEqual(all.map(({ entry }) => entry?.S ?? "").toSorted((one, other) => (one < other ? 1 : -1)));
    const ofOne = await log(`limit=2&resource=merchants/${id}`);
    const rest = await log(`limit=9&resource=merchants/${id}&cursor=${ofOne.body["nextCursor"]}`);
    expect([...idsOf(ofOne.body), ...idsOf(rest.body)]).toHaveLength(5);
  });

  it("is narrowed by time, and by who it was", async () => {
    await register();
    const [entry] = await entries();
    const at = entry?.["at"] as string;
    const after = new Date(Date.parse(at) + 1).toISOString();
    expect(idsOf((await log(`resource=merchants/${id}&from=${at}&to=${after}`)).body)).toHaveLength(1);
    expect(idsOf((await log(`resource=merchants/${id}&to=${at}`)).body)).toHaveLength(0);
    expect(idsOf((await log(`resource=merchants/${id}&actor=tests`)).body)).toHaveLength(1);
    expect(idsOf((await log(`resource=merchants/${id}&actor=nobody`)).body)).toHaveLength(0);
    expect((await log("from=2001-01-01T00:00:00Z&to=2001-12-31T00:00:00Z")).body).toMatchObject({ items: [] });
  });

  it("shows a narrowed token what was done to its own merchant alone", async () => {
    await ask("POST", "/merchants/acme/pause");
    await ask("POST", "/merchants/other/pause");
    const { body } = await log("limit=100", own);
    expect(new Set(itemsOf<{ resource: string }>(body).map(({ resource }) => resource))).toEqual(
      new Set(["merchants/acme"]),
    );
    const empty = { items: [], consistency: "eventual" };
    expect((await log("resource=merchants/other", own)).body).toEqual(empty);
    expect((await log("resource=merchants/none", own)).body).toEqual(empty);
  });

  it("takes no act without its entry", async () => {
    await register();
    const seen = (await rowOf())?.["maxConcurrency"];
    const { AuditedWrites } = await import("../../../core/aws/audited-writes.ts");
    const { newAuditEntry } = await import("../../../core/audit-log/audit-entry.ts");
    const entry = newAuditEntry(
      { actor: { subject: "s", clientId: "c" }, action: "changeMerchant", resource: `merchants/${id}`, requestId: "r" },
      Date.now(),
    );
    const writes = new AuditedWrites(world.dynamodb.client, "AuditLog");
    const act = {
      Update: {
        TableName: "Merchants",
        Key: { merchantId: { S: id } },
        UpdateExpression: "SET maxConcurrency = :n",
        ExpressionAttributeValues: { ":n": { N: "1" } },
      },
    };
    expect((await writes.write(entry)).kind).toBe("written");
    expect(await writes.write(entry, [act])).toMatchObject({ kind: "refused", act: 1 });
    expect((await rowOf())?.["maxConcurrency"]).toEqual(seen);
  });
});
