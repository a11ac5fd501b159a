import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { parseTransaction } from "../../../core/transaction/parse-transaction.ts";
import { deduplicationId } from "../../../core/transaction/message.ts";
import { stateOf } from "../../../core/transaction/row/row-state.ts";
import { patienceMs } from "../../support/machine-speed.ts";
import { transactionsWorld, type World } from "./transactions-world.ts";

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
  id = `t-${(counter += 1)}`;
  world.sent.length = 0;
  world.logged.length = 0;
  world.sending = async () => undefined;
});

const content = {
  merchantId: "acme",
  outcome: "APPROVED",
  amount: "12.50",
  currency: "EUR",
  occurredAt: "2026-11-22T10:00:00Z",
};
const submit = (more: object = {}, headers: Record<string, string> = {}) =>
  world.ask("POST", "/transactions", { body: { transactionId: id, ...content, ...more }, headers });
const replace = (etag: string, more: object = {}) =>
  world.ask("PUT", `/transactions/${id}`, { body: { ...content, ...more }, headers: { "if-match": etag } });

describe("submitting a transaction", () => {
  it("writes a row that the pipeline reads, with its keys, and answers where it is", async () => {
    const { status, headers, body } = await submit({ payload: { big: 1, list: [true, null, "x"] } });
    expect(status).toBe(201);
    expect(headers.get("location")).toBe(`/v1/transactions/${id}`);
    expect(headers.get("etag")).toBe('"1"');
    expect(body).toEqual({ transactionId: id, version: 1, acceptedAt: expect.any(String) });
    const row = (await world.dynamodb.get(id)) ?? {};
    expect(parseTransaction(row)).toMatchObject({ transaction: { transactionId: id, version: 1, ...content } });
    expect(row).toMatchObject({ dueKey: { S: expect.stringMatching(/^P#/) }, intake: { M: { by: { S: "tests" } } } });
    expect(row["merchantKey"]?.S).toMatch(/^acme#2026-11-22#\d$/);
  });

  it("keeps every digit of a payload's numbers", async () => {
    const body = `{"transactionId":"${id}","merchantId":"acme","outcome":"APPROVED","amount":"1","currency":"EUR",
      "occurredAt":"2026-11-22T10:00:00Z","payload":{"exact":12345678901234567890.123456789,"small":0.1}}`;
    expect((await world.ask("POST", "/transactions", { body })).status).toBe(201);
    expect((await world.dynamodb.get(id))?.["payload"]?.M).toEqual({
      exact: { N: "12345678901234567890.123456789" },
      small: { N: "0.1" },
    });
  });

  it("gives the same content the same answer, however its numbers and members are written", async () => {
    const first = await submit({ payload: { a: 1, b: 2 } });
    const second = await submit({ amount: "012.5", payload: { b: 2.0, a: 1 } });
    expect({ ...second.body, status: second.status }).toEqual({ ...first.body, status: 201 });
  });

  it("gives it also after the version was raised since", async () => {
    const first = await submit();
    expect((await replace('"1"', { outcome: "REJECTED" })).status).toBe(200);
    expect((await submit()).body).toEqual(first.body);
  });

  it("refuses another content under its id, and names what differs", async () => {
    await submit();
    const { status, body } = await submit({ amount: "99", currency: "USD" });
    expect({ status, ...body }).toMatchObject({
      status: 409,
      code: "API_TRANSACTION_CONFLICT",
      differences: ["currency", "amount"],
    });
  });

  it("judges a row that a producer put into the table itself alike", async () => {
    await world.dynamodb.put({
      transactionId: { S: id },
      version: { N: "1" },
      ...Object.fromEntries(Object.entries(content).map(([name, value]) => [name, { S: value }])),
    });
    expect(await submit()).toMatchObject({ status: 201, body: { transactionId: id, version: 1 } });
    expect((await submit({ outcome: "REJECTED" })).status).toBe(409);
  });

  it("makes an id of an Idempotency-Key and of who submits", async () => {
    const ask = (subject: string) =>
      world.ask("POST", "/transactions", {
        body: content,
        headers: { "idempotency-key": `key-${id}` },
        token: { subject },
      });
    const [one, again, other] = [await ask("one"), await ask("one"), await ask("other")];
    expect(one.status).toBe(201);
    expect(again.body).toEqual(one.body);
    expect(other.body["transactionId"]).not.toBe(one.body["transactionId"]);
    expect((await world.ask("POST", "/transactions", { body: content })).status).toBe(422);
  });

  it.each([
    ["an unknown merchant", { merchantId: "nobody" }, "/merchantId"],
    ["a merchant without URL", { merchantId: "silent" }, "/confirmationUrl"],
    ["a private address", { confirmationUrl: "https://10.0.0.1/" }, "/confirmationUrl"],
    ["plain http", { confirmationUrl: "http://acme.example/" }, "/confirmationUrl"],
    ["a deadline that is over", { deliverBy: "2020-01-01T00:00:00Z" }, "/deliverBy"],
    ["a body over the limit", { payload: { long: "x".repeat(262_144) } }, "/payload"],
    ["an amount that is a number", { amount: 12.5 }, "/amount"],
    ["a currency that is none", { currency: "ZZZ" }, "/currency"],
    ["a day that there is not", { occurredAt: "2026-02-30T00:00:00Z" }, "/occurredAt"],
    ["an unknown member", { notes: "x" }, "/notes"],
    ["an order without a key", { orderingAfter: "t-0" }, "/orderingAfter"],
    ["an order behind itself", { orderingAfter: "SELF", orderingKey: "k" }, "/orderingAfter"],
    ["a number that the table cannot hold", { payload: { n: 1e200 } }, "/payload/n"],
    ["a lone surrogate", { payload: { "a/b": "\uD800" } }, "/payload/a~1b"],
    ["an id with a lone surrogate", { transactionId: "\uD800" }, "/transactionId"],
    ["an empty id", { transactionId: "" }, "/transactionId"],
  ])("refuses %s before it is written", async (_what, more, pointer) => {
    const given = Object.fromEntries(
      Object.entries(more).map(([name, value]) => [name, value === "SELF" ? id : value]),
    );
    const { status, headers, body } = await submit(given);
    expect({ status, type: headers.get("content-type") }).toEqual({ status: 422, type: "application/problem+json" });
    expect(body).toMatchObject({ code: "API_BODY_INVALID", errors: [{ pointer }] });
    expect(await world.dynamodb.get(id)).toBeUndefined();
  });

  it.each([
    [400, "API_BODY_NOT_JSON", "{", {}],
    [422, "API_BODY_INVALID", "[]", {}],
    [422, "API_BODY_INVALID", "null", {}],
    [415, "API_BODY_NOT_UNDERSTOOD", "{}", { "content-type": "text/plain" }],
    [413, "API_BODY_TOO_LARGE", JSON.stringify({ x: "y".repeat(5_000_001) }), {}],
  ] as const)("answers %s %s", async (status, code, body, headers) => {
    const answer = await world.ask("POST", "/transactions", { body, headers });
    expect({ status: answer.status, code: answer.body["code"] }).toEqual({ status, code });
  });
});

describe("what no client should send", () => {
  it("is refused without a body where one belongs", async () => {
    const answer = await world.ask("POST", "/transactions", { body: "" });
    expect(answer).toMatchObject({ status: 400, body: { code: "API_BODY_NOT_JSON" } });
  });

  it("is refused with a cursor that somebody made up", async () => {
    for (const letter of ["a", "b", "c"])
      await world.ask("POST", "/transactions", { body: { ...content, transactionId: `${id}-${letter}` } });
    const list = "/transactions?merchantId=acme&from=2026-11-22T00:00:00Z&to=2026-11-23T00:00:00Z&limit=1";
    const nextCursor: string = (await world.ask("GET", list)).body["nextCursor"] ?? "";
    const sealed = JSON.parse(Buffer.from(nextCursor, "base64url").toString("utf8")) as { bound: string; at: object };
    const forged = (at: object) => Buffer.from(JSON.stringify({ ...sealed, at })).toString("base64url");
    for (const change of [{ fromMs: -1e300 }, { toMs: 1e21 }, { place: { day: "2026-11-22", shards: [["", ""]] } }]) {
      const answer = await world.ask("GET", `${list}&cursor=${forged({ ...sealed.at, ...change })}`);
      expect(answer).toMatchObject({ status: 400, body: { code: "API_CURSOR_INVALID" } });
    }
    expect(world.logged).toEqual([]);
  });

  it.each([
    ["a member without a name", { payload: { "": null } }, "/payload/"],
    ["an order without a key", { orderingAfter: "t-0" }, "/orderingAfter"],
  ])("is refused as a change with %s, in words", async (_what, more, pointer) => {
    await submit();
    const answer = await replace('"1"', more);
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer, detail: expect.any(String) }] } });
  });

  it("is a filter that is none, or a number that is spelled as no number is", async () => {
    for (const query of ["merchantId=acme&form=x", "merchantId=acme&limit=0x10", "merchantId=acme&limit=1e1"])
      expect(await world.ask("GET", `/transactions?${query}`)).toMatchObject({ status: 400 });
  });
});

describe("directly onto the queue", () => {
  it("goes the message that the stream would send, by the same deduplication id", async () => {
    await submit();
    expect(world.sent).toMatchObject([
      { deduplicationId: deduplicationId({ transactionId: id, version: 1, release: 0 }), groupId: id },
    ]);
  });

  it("goes none with an ordering key, as a follower could overtake it", async () => {
    await submit({ orderingKey: "account-1" });
    expect(world.sent).toEqual([]);
  });

  it("goes none for what was there before", async () => {
    await submit();
    await submit();
    expect(world.sent).toHaveLength(1);
  });

  it("no failure or silence of the queue fails the request", async () => {
    world.sending = () => Promise.reject(new Error("no queue"));
    expect((await submit()).status).toBe(201);
    expect(world.logged).toHaveLength(1);
    id = `${id}-a`;
    world.sending = async () => [{ error: "InternalFailure: refused", isRefused: false }];
    expect((await submit()).status).toBe(201);
    expect(world.logged).toHaveLength(2);
    id = `${id}-b`;
    world.sending = () => new Promise(() => undefined);
    expect((await submit()).status).toBe(201);
  });
});

it("what DynamoDB leaves unread of merchants is answered 503, and nothing is written", async () => {
  world.areMerchantsUnread = true;
  const { status, body } = await submit({ merchantId: "unread" });
  world.areMerchantsUnread = false;
  expect({ status, code: body["code"] }).toEqual({ status: 503, code: "API_UNAVAILABLE" });
  expect(await world.dynamodb.get(id)).toBeUndefined();
});

describe("a batch", () => {
  it("answers each on its own, and one bad one refuses none of the others", async () => {
    const transactions = [
      { transactionId: `${id}-0`, ...content },
      { transactionId: `${id}-1`, ...content, amount: "much" },
      "no object",
      { transactionId: `${id}-0`, ...content },
      { transactionId: `${id}-0`, ...content, amount: "1" },
      { transactionId: `${id}-2`, ...content, merchantId: "nobody" },
    ];
    const { status, body } = await world.ask("POST", "/transactions/batch", { body: { transactions } });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      accepted: 2,
      refused: 4,
      results: [
        { index: 0, status: 201 },
        { index: 1, status: 422, errors: [{ pointer: "/amount" }] },
        { index: 2, status: 422 },
        { index: 3, status: 201 },
        { index: 4, status: 409, differences: ["amount"] },
        { index: 5, status: 422, errors: [{ pointer: "/merchantId" }] },
      ],
    });
  });

  it("takes 500, and no more", async () => {
    const transactions = Array.from({ length: 501 }, (_, at) => ({ transactionId: `${id}-${at}`, ...content }));
    const ask = (some: readonly object[]) => world.ask("POST", "/transactions/batch", { body: { transactions: some } });
    expect((await ask(transactions)).status).toBe(422);
    expect((await ask(transactions.slice(0, 500))).body).toMatchObject({ accepted: 500, refused: 0 });
  });
});

describe("changing an outcome", () => {
  it("raises the version, which is owed from then on", async () => {
    await submit({ payload: { a: 1 }, deliverBy: "2099-01-01T00:00:00Z" });
    const { status, headers, body } = await replace('"1"', { outcome: "REJECTED" });
    expect({ status, etag: headers.get("etag"), body }).toEqual({
      status: 200,
      etag: '"2"',
      body: { transactionId: id, version: 2 },
    });
    const row = (await world.dynamodb.get(id)) ?? {};
    expect(parseTransaction(row)).toEqual({
      transaction: { transactionId: id, version: 2, ...content, outcome: "REJECTED" },
    });
    expect(stateOf(row)).toBe("PENDING");
    expect(world.sent.at(-1)?.deduplicationId).toBe(deduplicationId({ transactionId: id, version: 2, release: 0 }));
  });

  it("takes what was failed out of its index, and what was to be deleted stays", async () => {
    await submit();
    const row = (await world.dynamodb.get(id)) ?? {};
    await world.dynamodb.put({
      ...row,
      confirmationState: { S: "FAILED" },
      stateVersion: { N: "1" },
      failedKey: { S: "acme#0" },
      failedAt: { S: "expired#2026-11-22T10:00:00.000Z" },
      purgeAt: { N: "1900000000" },
    });
    await replace('"1"', { outcome: "REJECTED" });
    const raised = (await world.dynamodb.get(id)) ?? {};
    for (const name of ["failedKey", "failedAt", "purgeAt"]) expect(raised[name]).toBeUndefined();
  });

  it("sent again, is answered with the result that stands, and raises nothing", async () => {
    await submit();
    await replace('"1"', { outcome: "REJECTED" });
    expect(await replace('"1"', { outcome: "REJECTED" })).toMatchObject({ status: 200, body: { version: 2 } });
    expect(await replace('"2"', { outcome: "REJECTED" })).toMatchObject({ status: 200, body: { version: 2 } });
    expect((await world.dynamodb.get(id))?.["version"]).toEqual({ N: "2" });
  });

  it("of two at once changes one, and tells the other", async () => {
    await submit();
    const results = await Promise.all([
      replace('"1"', { outcome: "REJECTED" }),
      replace('"1"', { outcome: "REFUNDED" }),
    ]);
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set([200, 412]));
  });

  it.each([
    ["no If-Match", undefined, {}, 428, "API_VERSION_REQUIRED"],
    ["a weak tag", 'W/"1"', {}, 400, "API_PARAMETER_INVALID"],
    ["a star", "*", {}, 400, "API_PARAMETER_INVALID"],
    ["another version", '"7"', { outcome: "REJECTED" }, 412, "API_VERSION_CONFLICT"],
    ["another merchant", '"1"', { merchantId: "other" }, 409, "API_TRANSACTION_CONFLICT"],
    ["a bad content", '"1"', { currency: "ZZZ" }, 422, "API_BODY_INVALID"],
    ["a URL that must not be called", '"1"', { confirmationUrl: "https://[::1]/" }, 422, "API_BODY_INVALID"],
  ])("refuses %s", async (_what, etag, more, status, code) => {
    await submit();
    const answer = await world.ask("PUT", `/transactions/${id}`, {
      body: { ...content, ...more },
      headers: etag === undefined ? {} : { "if-match": etag },
    });
    expect({ status: answer.status, code: answer.body["code"] }).toEqual({ status, code });
  });

  it("answers 404 for what is not there", async () => {
    expect((await replace('"1"')).status).toBe(404);
  });
});

describe("looking up", () => {
  it("says the state in words, with the attempts", async () => {
    await submit();
    const row = (await world.dynamodb.get(id)) ?? {};
    await world.dynamodb.put({
      ...row,
      confirmationState: { S: "SCHEDULED" },
      stateVersion: { N: "1" },
      attemptCount: { N: "1" },
      attempts: { L: [{ M: { at: { N: "1" }, durationMs: { N: "5" }, outcome: { S: "status_5xx" } } }] },
      waitingFor: { S: "circuit open" },
    });
    const { status, headers, body } = await world.ask("GET", `/transactions/${id}`);
    expect({ status, etag: headers.get("etag") }).toEqual({ status: 200, etag: '"1"' });
    expect(body).toMatchObject({
      state: "SCHEDULED",
      attemptCount: 1,
      waitingFor: "circuit open",
      explanation: expect.stringContaining("endpoint fails"),
      attempts: [{ at: "1970-01-01T00:00:00.001Z", outcome: "status_5xx" }],
    });
    expect(body["sentBody"]).toBeUndefined();
  });

  it.each<[string, object, object, string]>([
    ["is outstanding", {}, { jobId: "job-1", generation: 2 }, "what comes of that is not known yet"],
    [
      "was delivered",
      { result: { S: "delivered" }, at: { N: "1000" }, status: { N: "202" } },
      { result: "delivered", at: "1970-01-01T00:00:01.000Z", status: 202 },
      "sent it again at 1970-01-01T00:00:01.000Z: its merchant answered with 202",
    ],
    [
      "failed",
      { result: { S: "status_5xx" }, at: { N: "1000" }, status: { N: "503" }, error: { S: "got 503" } },
      { result: "status_5xx", error: "got 503" },
      "failed: got 503. It stays confirmed",
    ],
    [
      "was turned away",
      { result: { S: "turned_away" }, at: { N: "1000" }, error: { S: "paused" } },
      { result: "turned_away", error: "paused" },
      "did not call: its merchant, or everything, is paused",
    ],
    ["had failed before", { reopens: { N: "3" } }, { reopened: true }, "had been given up before"],
  ])("says of a redelivery that it %s", async (_, more, shown, explanation) => {
    await submit();
    const row = (await world.dynamodb.get(id)) ?? {};
    const mark = { jobId: { S: "job-1" }, version: { N: "1" }, generation: { N: "2" }, markedAt: { N: "500" } };
    const state = { confirmationState: { S: "CONFIRMED" }, stateVersion: { N: "1" }, attemptCount: { N: "1" } };
    await world.dynamodb.put({ ...row, ...state, redelivery: { M: { ...mark, ...more } } });
    const { body } = await world.ask("GET", `/transactions/${id}`);
    expect(body).toMatchObject({
      state: "CONFIRMED",
      redelivery: { jobId: "job-1", generation: 2, markedAt: "1970-01-01T00:00:00.500Z", ...shown },
      explanation: expect.stringContaining(explanation),
    });
    await world.dynamodb.put({ ...row, ...state, redelivery: { M: { ...mark, version: { N: "2" } } } });
    expect((await world.ask("GET", `/transactions/${id}`)).body["redelivery"]).toBeUndefined();
  });

  it("keeps no mark of a redelivery once its version is raised", async () => {
    await submit();
    const row = (await world.dynamodb.get(id)) ?? {};
    const mark = { jobId: { S: "job-1" }, version: { N: "1" }, generation: { N: "1" }, markedAt: { N: "5" } };
    const state = { confirmationState: { S: "CONFIRMED" }, stateVersion: { N: "1" } };
    await world.dynamodb.put({ ...row, ...state, redelivery: { M: mark } });
    expect((await replace('"1"', { amount: "13.00" })).status).toBe(200);
    expect((await world.dynamodb.get(id))?.["redelivery"]).toBeUndefined();
  });

  it("shows the body as it was sent only where it matches what was recorded", async () => {
    await submit();
    const row = (await world.dynamodb.get(id)) ?? {};
    const accepted = {
      M: {
        version: { N: "1" },
        ...Object.fromEntries(Object.entries(content).map(([name, value]) => [name, { S: value }])),
        payloadDigest: { S: "RBNvo1WzZ4oRRq0W9-hknpT7T8If536DEMBg9hyq_4o" },
        digestVersion: { N: "1" },
      },
    };
    await world.dynamodb.put({ ...row, accepted });
    const { body } = await world.ask("GET", `/transactions/${id}`);
    expect(JSON.parse(body["sentBody"] ?? "{}")).toMatchObject({ type: "transaction.approved", data: content });
    await world.dynamodb.put({ ...row, accepted, amount: { S: "99" } });
    expect((await world.ask("GET", `/transactions/${id}`)).body["sentBody"]).toBeUndefined();
  });

  it("answers another merchant's as if it were not there", async () => {
    await submit();
    const own = await world.ask("GET", `/transactions/${id}`, { token: { merchantId: "acme" } });
    const foreign = await world.ask("GET", `/transactions/${id}`, { token: { merchantId: "other" } });
    const missing = await world.ask("GET", "/transactions/t-missing", { token: { merchantId: "other" } });
    expect([own.status, foreign.status, missing.status]).toEqual([200, 404, 404]);
    expect(foreign.body).toEqual(missing.body);
  });

  it("reads a row of which nothing can be read", async () => {
    await world.dynamodb.put({ transactionId: { S: id }, version: { S: "x" }, attempts: { N: "1" } });
    expect(await world.ask("GET", `/transactions/${id}`)).toMatchObject({
      status: 200,
      body: { transactionId: id, state: "PENDING", attempts: [] },
    });
    expect((await world.ask("GET", `/transactions/${id}`, { token: { merchantId: "acme" } })).status).toBe(404);
  });
});

describe("listing", () => {
  const list = (query: Record<string, string>, token?: { merchantId: string }) =>
    world.ask("GET", `/transactions?${new URLSearchParams(query).toString()}`, token === undefined ? {} : { token });
  const from = "2026-01-01T00:00:00Z";
  const to = "2026-01-11T00:00:00Z";

  it("goes through a merchant's days page by page, newest first, each once", async () => {
    const transactions = Array.from({ length: 45 }, (_, at) => ({
      transactionId: `${id}-${at}`,
      ...content,
      occurredAt: `2026-01-${String(1 + (at % 10)).padStart(2, "0")}T10:00:${String(at).padStart(2, "0")}Z`,
    }));
    await world.ask("POST", "/transactions/batch", { body: { transactions } });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const { status, body } = await list({
        merchantId: "acme",
        from,
        to,
        limit: "7",
        ...(cursor !== undefined && { cursor }),
      });
      expect(status).toBe(200);
      const { items, nextCursor } = body as unknown as { items: { occurredAt: string }[]; nextCursor?: string };
      expect(items.length).toBeLessThanOrEqual(7);
      seen.push(...items.map(({ occurredAt }) => occurredAt));
      cursor = nextCursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(
      transactions
        .map(({ occurredAt }) => occurredAt)
        .toSorted()
        .toReversed(),
    );
  });

  it("finds those that failed by reason, and none that has not", async () => {
    for (const [at, code] of ["expired", "url_invalid", "expired"].entries()) {
      await submit({ transactionId: `${id}-${at}` });
      const row = (await world.dynamodb.get(`${id}-${at}`)) ?? {};
      await world.dynamodb.put({
        ...row,
        confirmationState: { S: "FAILED" },
        stateVersion: { N: "1" },
        failure: { M: { code: { S: code }, fault: { S: "merchant" }, reason: { S: "why" } } },
        failedKey: { S: `acme#${at % 2}` },
        failedAt: { S: `${code}#2026-11-22T10:00:0${at}.000Z` },
      });
    }
    const window = { merchantId: "acme", from: "2026-11-20T00:00:00Z", to: "2026-11-24T00:00:00Z" };
    const idsOf = ({ body }: Awaited<ReturnType<typeof list>>) =>
      (body["items"] as unknown as { transactionId: string }[]).map(({ transactionId }) => transactionId);
    expect(idsOf(await list({ ...window, state: "FAILED", reason: "expired" }))).toEqual([`${id}-2`, `${id}-0`]);
    expect(idsOf(await list({ ...window, state: "FAILED" }))).toHaveLength(3);
    expect((await list({ ...window, reason: "expired" })).status).toBe(400);
  });

  it("shows a token of one merchant its own alone, and another's as one that nobody registered", async () => {
    const own = await list({ from, to }, { merchantId: "acme" });
    expect((own.body["items"] as unknown as object[]).length).toBeGreaterThan(0);
    const foreign = await list({ merchantId: "acme", from, to }, { merchantId: "other" });
    const unknown = await list({ merchantId: "nobody", from, to }, { merchantId: "other" });
    expect(foreign).toMatchObject({ status: 200, body: { items: [] } });
    expect(foreign.body).toEqual(unknown.body);
  });

  it.each([
    { from: "yesterday" },
    { from: to, to: from },
    { from: "2020-01-01T00:00:00Z" },
    { limit: "1000" },
    { cursor: "x" },
    { state: "DONE" },
    { reason: "because" },
  ])("refuses %j", async (query) => {
    expect(await list({ merchantId: "acme", ...query })).toMatchObject({ status: 400 });
  });
});

describe("whoever may not", () => {
  it.each([
    ["no token", null, 401, "API_UNAUTHENTICATED"],
    ["no scope", { scopes: "merchants:read" }, 403, "API_SCOPE_MISSING"],
    ["a token of one merchant", { merchantId: "acme" }, 403, "API_TOKEN_NARROWED"],
  ] as const)("%s is refused before the body is looked at", async (_what, token, status, code) => {
    const answer = await world.ask("POST", "/transactions", { body: { nonsense: true }, token });
    expect({ status: answer.status, code: answer.body["code"] }).toEqual({ status, code });
  });

  it("a path that is none, and a method that is none for a path, are told apart", async () => {
    expect((await world.ask("GET", "/nothing")).status).toBe(404);
    const { status, headers } = await world.ask("DELETE", "/transactions/t-1");
    expect({ status, allow: headers.get("allow") }).toEqual({ status: 405, allow: "GET, PUT" });
  });
});
