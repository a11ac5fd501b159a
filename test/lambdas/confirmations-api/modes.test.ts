import { GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { patienceMs } from "../../support/machine-speed.ts";
import { type Changes, number, text, transactionRow } from "../../support/rows.ts";
import { transactionsWorld, type World } from "./transactions-world.ts";

const AHEAD_MS = 60_000;

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

const scopes = "merchants:read merchants:write audit:read transactions:read";
const ask = (method: string, path: string, body?: unknown, token: object = {}) =>
  world.ask(method, path, { ...(body !== undefined && { body }), token: { scopes, ...token } });
const register = (content: object = { mode: "shadow" }) => ask("POST", "/merchants", { merchantId: id, ...content });
const switchTo = (body: object, token: object = {}) => ask("PUT", `/merchants/${id}/mode`, body, token);
const look = async () => (await ask("GET", `/merchants/${id}`)).body;
const rowOf = async () =>
  (
    await world.dynamodb.client.send(
      new GetItemCommand({ TableName: "Merchants", Key: { merchantId: { S: id } }, ConsistentRead: true }),
    )
  ).Item;
const soon = (ms: number) => new Date(Math.ceil(Date.now() / 1000) * 1000 + ms).toISOString();

describe("a merchant's mode", () => {
  it("is live where nothing is said, and nothing is written of it", async () => {
    expect((await register({})).body).toMatchObject({ mode: "live" });
    expect(await look()).not.toHaveProperty("switches");
    expect(await rowOf()).not.toHaveProperty("switches");
    expect((await switchTo({ mode: "live" })).status).toBe(200);
    expect(await rowOf()).not.toHaveProperty("switches");
  });

  it("is the one that it is registered under, from the beginning", async () => {
    expect((await register()).body).toMatchObject({ mode: "shadow", switches: [{ mode: "shadow" }] });
    const again = await register();
    expect([again.status, again.body]).toEqual([201, await look()]);
  });

  it("is switched from a time on, by occurredAt, and the audit log has who did", async () => {
    await register();
    const liveFrom = soon(2 * AHEAD_MS);
    const { status, body } = await switchTo({ mode: "live", liveFrom });
    expect([status, body]).toMatchObject([
      200,
      { mode: "shadow", liveFrom, switches: [{ mode: "shadow" }, { mode: "live", from: liveFrom }] },
    ]);
    const { body: log } = await ask("GET", `/audit-log?resource=merchants/${id}`);
    expect((log["items"] as unknown as object[])[0]).toMatchObject({
      action: "switchMerchant",
      before: { mode: "shadow" },
      after: { liveFrom },
    });
  });

  it("is switched from the earliest time where none is said", async () => {
    await register();
    const before = Date.now();
    const { liveFrom } = (await switchTo({ mode: "live" })).body;
    expect(Date.parse(String(liveFrom))).toBeGreaterThanOrEqual(before + AHEAD_MS);
    expect(String(liveFrom)).toMatch(/:\d\d\.000Z$/);
  });

  it("is not switched nearer than caches are old and clocks apart, nor in the past", async () => {
    await register();
    for (const liveFrom of [soon(AHEAD_MS / 2), "2020-01-01T00:00:00Z"]) {
      const { status, body } = await switchTo({ mode: "live", liveFrom });
      expect([status, body]).toMatchObject([
        422,
        {
          code: "API_BODY_INVALID",
          errors: [
            { pointer: "/liveFrom", detail: expect.stringMatching(/nearer than 60 s .* expected 2.* or later/) },
          ],
        },
      ]);
    }
    expect(await look()).toMatchObject({ switches: [{ mode: "shadow" }] });
  });

  it("takes a switch back that is far enough ahead", async () => {
    await register();
    await switchTo({ mode: "live", liveFrom: soon(2 * AHEAD_MS) });
    expect((await switchTo({ mode: "shadow" })).body).toMatchObject({ switches: [{ mode: "shadow" }] });
  });

  it("goes back for later ones alone: what was live stays so", async () => {
    await register();
    const from = Date.parse(soon(-3_600_000));
    await world.dynamodb.client.send(
      new UpdateItemCommand({
        TableName: "Merchants",
        Key: { merchantId: { S: id } },
        UpdateExpression: "SET switches = :switches",
        ExpressionAttributeValues: {
          ":switches": {
            L: [{ M: { mode: { S: "shadow" } } }, { M: { mode: { S: "live" }, from: { N: String(from) } } }],
          },
        },
      }),
    );
    const liveFrom = new Date(from).toISOString();
    expect(await look()).toMatchObject({ mode: "live", liveFrom });
    const liveUntil = soon(2 * AHEAD_MS);
    expect((await switchTo({ mode: "shadow", liveUntil })).body).toMatchObject({
      mode: "live",
      liveFrom,
      liveUntil,
      switches: [{ mode: "shadow" }, { mode: "live", from: liveFrom }, { mode: "shadow", from: liveUntil }],
    });
  });

  it("has a time of the mode that is asked for, and none of what it is already", async () => {
    await register();
    expect((await switchTo({ mode: "live", liveUntil: soon(2 * AHEAD_MS) })).body).toMatchObject({
      errors: [{ pointer: "/liveUntil" }],
    });
    expect((await switchTo({ mode: "shadow", liveUntil: soon(2 * AHEAD_MS) })).body).toMatchObject({
      code: "API_MERCHANT_CONFLICT",
    });
    expect((await switchTo({ mode: "dark" })).status).toBe(422);
    expect((await switchTo({ mode: "live", liveFrom: "tomorrow" })).status).toBe(422);
  });

  it("is the company's to switch, and no merchant's own", async () => {
    await register();
    expect((await switchTo({ mode: "live" }, { merchantId: id })).status).toBe(403);
    expect((await switchTo({ mode: "live" }, { scopes: "merchants:read" })).status).toBe(403);
    expect((await ask("PUT", "/merchants/nobody/mode", { mode: "live" })).status).toBe(404);
  });

  it("stays through a change of the merchant, and is no part of what If-Match compares", async () => {
    await register();
    const { headers } = await ask("GET", `/merchants/${id}`);
    await switchTo({ mode: "live" });
    const { switches } = await look();
    const more = { body: { maxConcurrency: 4 }, headers: { "if-match": headers.get("etag") ?? "" }, token: { scopes } };
    expect((await world.ask("PATCH", `/merchants/${id}`, more)).body).toMatchObject({ maxConcurrency: 4, switches });
  });

  it("does not keep a merchant from being registered again as it is", async () => {
    await register();
    await switchTo({ mode: "live" });
    expect((await register({})).status).toBe(201);
    expect((await register({ mode: "shadow" })).status).toBe(201);
  });

  it("says so of a row whose switches cannot be read", async () => {
    await register({});
    await world.dynamodb.client.send(
      new UpdateItemCommand({
        TableName: "Merchants",
        Key: { merchantId: { S: id } },
        UpdateExpression: "SET switches = :switches",
        ExpressionAttributeValues: { ":switches": { S: "shadow" } },
      }),
    );
    expect(await look()).toMatchObject({ faults: [expect.stringMatching(/^switches: expected a list/)] });
    expect((await switchTo({ mode: "live" })).status).toBe(409);
  });
});

describe("a merchant's mirror", () => {
  const url = "https://mirror.example/hook";
  const patch = (body: object) => ask("PATCH", `/merchants/${id}`, body);
  const saltOf = async () => (await rowOf())?.["mirror"]?.M?.["secretSalt"]?.S;

  it("is an address of its own, which is challenged like any other", async () => {
    const { length: before } = world.calls;
    const { status, body } = await register({ mode: "mirror", mirror: { url } });
    expect([status, body]).toMatchObject([201, { mode: "mirror", mirror: { url } }]);
    expect(world.calls).toHaveLength(before + 1);
    expect(body).toMatchObject({ ownership: { origins: [{ origin: "https://mirror.example", state: "challenged" }] } });
    expect(await saltOf()).toMatch(/^[\w+/]{22}==$/);
  });

  it("gets the same answer when it is registered again, and keeps its secret", async () => {
    const first = await register({ mirror: { url } });
    const salt = await saltOf();
    const again = await register({ mirror: { url } });
    expect([again.status, again.body]).toEqual([first.status, first.body]);
    expect(await saltOf()).toBe(salt);
    expect((await register({ mirror: { url: `${url}/other` } })).status).toBe(409);
  });

  it("may get another address, with the same secret; given anew, it has another one", async () => {
    await register();
    await patch({ mirror: { url } });
    const salt = await saltOf();
    expect((await patch({ mirror: { url: `${url}/other` } })).body).toMatchObject({ mirror: { url: `${url}/other` } });
    expect(await saltOf()).toBe(salt);
    expect((await patch({ mirror: null })).body).not.toHaveProperty("mirror");
    await patch({ mirror: { url } });
    expect(await saltOf()).not.toBe(salt);
  });

  it("is there before the merchant is under that mode, and as long as it is", async () => {
    expect((await register({ mode: "mirror" })).body).toMatchObject({ status: 422, errors: [{ pointer: "/mirror" }] });
    await register();
    expect((await switchTo({ mode: "mirror" })).body).toMatchObject({
      status: 409,
      detail: expect.stringMatching(/without a mirror.*PATCH/),
    });
    await patch({ mirror: { url } });
    expect((await switchTo({ mode: "mirror" })).body).toMatchObject({ mode: "mirror", switches: [{ mode: "mirror" }] });
    expect((await patch({ mirror: null })).status).toBe(409);
    await switchTo({ mode: "shadow" });
    expect((await patch({ mirror: null })).status).toBe(200);
  });

  it("is no address that may not be called", async () => {
    const { body } = await register({ mirror: { url: "https://169.254.169.254/" } });
    expect(body).toMatchObject({ status: 422, errors: [{ pointer: "/mirror/url" }] });
  });
});

it("a transaction that the old system confirms says so, and what would have been sent", async () => {
  await world.dynamodb.put(
    transactionRow({
      transactionId: text(id),
      confirmationState: text("CONFIRMED"),
      stateVersion: number(1),
      confirmedBy: {
        M: { version: number(1), by: text("shadow"), bodyDigest: text("9f86"), unsent: text("url unverified") },
      },
    }),
  );
  expect((await ask("GET", `/transactions/${id}`)).body).toMatchObject({
    state: "CONFIRMED",
    confirmedBy: "shadow",
    shadow: { bodyDigest: "9f86", unsent: "url unverified" },
    explanation: expect.stringMatching(
      /^Left to the old system, .* Nothing was sent .* would not have been sent: nobody/,
    ),
  });
});

describe("what the old system confirmed", () => {
  const said = "2026-11-22T10:00:05.000Z";
  const write = { scopes: "transactions:write transactions:read", subject: "cron" };
  const tell = (body: object = { confirmedAt: said }, token: object = {}) =>
    ask("POST", `/transactions/${id}/elsewhere`, body, { ...write, ...token });
  const put = (changes: Changes = {}) => world.dynamodb.put(transactionRow({ transactionId: text(id), ...changes }));
  const shown = async () => (await ask("GET", `/transactions/${id}`, undefined, write)).body;

  it("is confirmed by its word, with when and by whom", async () => {
    await put();
    const first = await tell();
    expect([first.status, first.body]).toEqual([200, { transactionId: id, version: 1, overlap: false }]);
    expect(await shown()).toMatchObject({
      state: "CONFIRMED",
      confirmedBy: "elsewhere",
      elsewhere: { confirmedAt: said, by: "cron" },
      explanation: expect.stringMatching(/^Confirmed by the old system, as that says; .* It confirmed it at 2026-/),
    });
    expect((await tell({ version: 1, confirmedAt: "2026-11-22T11:00:00Z" })).body).toEqual(first.body);
    expect(await shown()).toMatchObject({ elsewhere: { confirmedAt: said } });
  });

  it("is an overlap where it was delivered from here too", async () => {
    await put({ confirmationState: text("CONFIRMED"), stateVersion: number(1) });
    expect((await tell()).body).toMatchObject({ overlap: true });
    expect(await shown()).toMatchObject({
      explanation: expect.stringMatching(/^Delivered: .* The old system says that it confirmed it too, at 2026-/),
    });
  });

  it("is refused where it cannot be so", async () => {
    expect((await tell()).status).toBe(404);
    await put({ version: number(2) });
    expect((await tell()).body).toMatchObject({ status: 409, code: "API_TRANSACTION_CONFLICT" });
    expect((await tell({ version: 3, confirmedAt: said })).status).toBe(404);
    const later = new Date(Date.now() + 3_600_000).toISOString();
    expect((await tell({ version: 2, confirmedAt: later })).body).toMatchObject({
      status: 422,
      errors: [{ pointer: "/confirmedAt" }],
    });
    expect((await tell({ version: 2 })).status).toBe(422);
    expect((await tell({ version: 2, confirmedAt: said }, { merchantId: "m-1" })).status).toBe(403);
  });
});
