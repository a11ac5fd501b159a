import { GetItemCommand, PutItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { patienceMs } from "../../support/machine-speed.ts";
import { changed, type Changes, number, text, transactionRow } from "../../support/rows.ts";
import { API_TABLES } from "./api-tables.ts";
import { type Token, transactionsWorld, type World } from "./transactions-world.ts";

let world: World;
beforeAll(async () => {
  world = await transactionsWorld();
}, patienceMs(60_000));
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});
let count = 0;
let id = "";
beforeEach(() => {
  id = `t-${(count += 1)}`;
});

const SECRET = "Jane Roe";
const REASON = { reason: "case 4711" };
const operator = { scopes: "operations:write" };

function confirmed(changes: Changes = {}): AttributeMap {
  return transactionRow({
    transactionId: text(id),
    merchantId: text("acme"),
    payload: { M: { name: text(SECRET) } },
    confirmationState: text("CONFIRMED"),
    stateVersion: number(1),
    attemptCount: number(1),
    settledAt: number(5000),
    ...changes,
  });
}

const erase = (body: object = REASON, token: Token = operator) =>
  world.ask("POST", `/transactions/${id}/erasure`, { body, token });
const eraseAll = (body: object, token: Token = operator) => world.ask("POST", "/erasures", { body, token });

async function logged(): Promise<readonly Record<string, unknown>[]> {
  const token = { scopes: "audit:read" };
  const { body } = await world.ask("GET", `/audit-log?resource=transactions/${id}`, { token });
  return body["items"] ?? [];
}

describe("a transaction", () => {
  it("is erased, with its entry of the audit log, and says so", async () => {
    await world.dynamodb.put(confirmed());
    const { status, body } = await erase();
    expect([status, body]).toEqual([200, { transactionId: id, state: "CONFIRMED", erasedAt: expect.any(String) }]);
    expect(JSON.stringify(await world.dynamodb.get(id))).not.toContain(SECRET);
    const shown = await world.ask("GET", `/transactions/${id}`);
    expect(shown.body).toMatchObject({ erasedAt: body["erasedAt"], amount: "12.50", state: "CONFIRMED" });
    expect(shown.body["explanation"]).toMatch(/was erased at .*not sent again/);
    expect(shown.body["sentBody"]).toBeUndefined();
    expect(await logged()).toEqual([
      expect.objectContaining({
        action: "eraseTransaction",
        before: { state: "CONFIRMED" },
        after: { erasedAt: body["erasedAt"], reason: "case 4711", erased: ["payload", "2 others"] },
      }),
    ]);
  });

  it("that is erased already gets the same answer, and is written no more", async () => {
    await world.dynamodb.put(confirmed());
    const [first, second] = [await erase(), await erase({ reason: "once more" })];
    expect(second.body).toEqual(first.body);
    expect((await logged()).length).toBe(1);
  });

  it("that says something again loses that too, and keeps its time", async () => {
    await world.dynamodb.put(confirmed());
    const { body } = await erase();
    const row = (await world.dynamodb.get(id)) ?? {};
    await world.dynamodb.put(changed(row, { payload: { M: { name: text(SECRET) } } }));
    expect((await erase()).body).toEqual(body);
    expect(JSON.stringify(await world.dynamodb.get(id))).not.toContain(SECRET);
    expect((await logged()).length).toBe(2);
  });

  it("that is submitted again as it was is accepted, and not written; as anything else it is refused", async () => {
    const submission = {
      transactionId: id,
      merchantId: "acme",
      outcome: "APPROVED",
      amount: "12.50",
      currency: "EUR",
      occurredAt: "2026-11-22T10:00:00Z",
      payload: { name: SECRET },
    };
    expect((await world.ask("POST", "/transactions", { body: submission })).status).toBe(201);
    const row = (await world.dynamodb.get(id)) ?? {};
    await world.dynamodb.put(changed(row, { confirmationState: text("CONFIRMED"), stateVersion: number(1) }));
    expect((await erase()).status).toBe(200);
    const left = await world.dynamodb.get(id);
    expect((await world.ask("POST", "/transactions", { body: submission })).status).toBe(201);
    const { payload: _, ...exported } = submission;
    for (const body of [exported, { ...submission, payload: { name: "another" } }]) {
      const { status, body: problem } = await world.ask("POST", "/transactions", { body });
      expect([status, problem["code"]]).toEqual([409, "API_TRANSACTION_CONFLICT"]);
    }
    expect(await world.dynamodb.get(id)).toEqual(left);
    expect(JSON.stringify(left)).not.toContain(SECRET);
  });

  it("that a producer put into the table is no submission's, of which no digest says what it was", async () => {
    const row = confirmed();
    await world.dynamodb.put(row);
    expect((await erase()).status).toBe(200);
    const { transactionId, merchantId, outcome, amount, currency, occurredAt } = row;
    const members = { transactionId, merchantId, outcome, amount, currency, occurredAt };
    const same = Object.fromEntries(Object.entries(members).map(([name, value]) => [name, value?.S]));
    const body = { ...same, payload: { name: SECRET } };
    expect((await world.ask("POST", "/transactions", { body })).body["code"]).toBe("API_TRANSACTION_CONFLICT");
    expect(JSON.stringify(await world.dynamodb.get(id))).not.toContain(SECRET);
  });

  it.each<[string, Changes]>([
    ["unfinished", { confirmationState: text("PENDING") }],
    ["acknowledgement_pending", { confirmationState: text("SCHEDULED"), waitingFor: text("acknowledgement") }],
    [
      "channels_open",
      {
        confirmationState: text("SCHEDULED"),
        steps: { M: { version: number(1), plan: text("all"), revision: number(1), done: { L: [] } } },
      },
    ],
    ["redelivery_pending", { redelivery: { M: { jobId: text("j-1"), version: number(1), generation: number(1) } } }],
  ])("is refused with the reason, and left as it is: %s", async (why, changes) => {
    const row = confirmed(changes);
    await world.dynamodb.put(row);
    const { status, body } = await erase();
    expect([status, body["code"]]).toEqual([409, "API_ERASURE_CONFLICT"]);
    expect(body["detail"]).toMatch(new RegExp(`^${why}: `));
    expect(await world.dynamodb.get(id)).toEqual(row);
    expect(await logged()).toEqual([]);
  });

  it("that there is not is not found", async () => {
    expect((await erase()).status).toBe(404);
  });

  it.each([
    ["an e-mail address", "asked by jane.roe@example.com"],
    ["a card number", "card 4111 1111 1111 1111"],
    ["nothing", " "],
  ])("is not erased for a reason with %s, which the log would keep for good", async (_, reason) => {
    await world.dynamodb.put(confirmed());
    const { status, body } = await erase({ reason });
    expect([status, body["errors"]]).toEqual([422, [expect.objectContaining({ pointer: "/reason" })]]);
    expect(JSON.stringify(await world.dynamodb.get(id))).toContain(SECRET);
  });

  it.each([
    ["of a merchant", { scopes: "operations:write", merchantId: "acme" }, "API_TOKEN_NARROWED"],
    ["without the scope", { scopes: "transactions:write" }, "API_SCOPE_MISSING"],
  ])("is not erased for a token %s", async (_, token, code) => {
    await world.dynamodb.put(confirmed());
    expect((await erase(REASON, token)).body["code"]).toBe(code);
    expect((await eraseAll({ transactionIds: [id], ...REASON }, token)).body["code"]).toBe(code);
  });

  it("gives up a URL of its own that was disabled, but none that its merchant has", async () => {
    const own = `https://acme.example/customers/jane-roe?of=${id}`;
    const TableName = API_TABLES.merchantGatesTable;
    const disabledUrls = { SS: [own, "https://acme.example/hook", "https://acme.example/another"] };
    await world.dynamodb.client.send(
      new PutItemCommand({ TableName, Item: { merchantId: { S: "acme" }, disabledUrls } }),
    );
    for (const url of [own, "https://acme.example/hook"]) {
      await world.dynamodb.put(confirmed({ confirmationUrl: text(url) }));
      expect((await erase()).status).toBe(200);
    }
    const Key = { merchantId: { S: "acme" } };
    const { Item } = await world.dynamodb.client.send(new GetItemCommand({ TableName, Key }));
    expect(Item?.["disabledUrls"]?.SS?.toSorted()).toEqual([
      "https://acme.example/another",
      "https://acme.example/hook",
    ]);
    await world.dynamodb.client.send(new PutItemCommand({ TableName, Item: Key }));
  });
});

describe("many transactions", () => {
  it("have a result each, in their order, and one that is refused keeps none", async () => {
    const ids = ["done", "open", "gone"].map((name) => `${id}-${name}`);
    await world.dynamodb.put(changed(confirmed(), { transactionId: text(`${id}-done`) }));
    await world.dynamodb.put(
      changed(confirmed(), { transactionId: text(`${id}-open`), confirmationState: text("PENDING") }),
    );
    const { status, body } = await eraseAll({ transactionIds: [...ids, ids[0]], ...REASON });
    const erased = { transactionId: `${id}-done`, result: "erased", erasedAt: expect.any(String) };
    expect([status, body]).toEqual([
      200,
      {
        erased: 1,
        results: [
          erased,
          {
            transactionId: `${id}-open`,
            result: "refused",
            code: "unfinished",
            detail: expect.stringMatching(/^it is not over/),
          },
          { transactionId: `${id}-gone`, result: "not_found" },
          erased,
        ],
      },
    ]);
    const again = await eraseAll({ transactionIds: [`${id}-done`], ...REASON });
    expect(again.body).toMatchObject({ erased: 1, results: [{ result: "already_erased" }] });
  });

  it("are only looked at in a dry run", async () => {
    const row = confirmed();
    await world.dynamodb.put(row);
    const { body } = await eraseAll({ transactionIds: [id, "none"], ...REASON, dryRun: true });
    expect(body).toEqual({
      erased: 0,
      results: [
        { transactionId: id, result: "would_erase" },
        { transactionId: "none", result: "not_found" },
      ],
    });
    expect(await world.dynamodb.get(id)).toEqual(row);
    expect(await logged()).toEqual([]);
  });

  it("are a hundred at most", async () => {
    const transactionIds = Array.from({ length: 101 }, (_, index) => `t-${index}`);
    expect((await eraseAll({ transactionIds, ...REASON })).status).toBe(422);
  });

  it("leave nothing in any table", async () => {
    await world.dynamodb.put(confirmed({ "a note of Jane Roe": text(SECRET), orderingKey: text(SECRET) }));
    await eraseAll({ transactionIds: [id], ...REASON });
    for (const TableName of ["Transactions", ...Object.values(API_TABLES)]) {
      const { Items = [] } = await world.dynamodb.client.send(new ScanCommand({ TableName }));
      const own = Items.filter((item) => JSON.stringify(item).includes(`${id}"`));
      expect(JSON.stringify(own)).not.toContain(SECRET);
    }
  });
});
