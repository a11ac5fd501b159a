/**
 * Whatever a URL is given to the API for, one that must not be called is refused before anything is written: no row, no
 * job, nothing in the audit log. What a name resolves to is seen when it is dialled.
 */
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { GetItemCommand, PutItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { forbiddenUrls } from "../../core/delivery/ssrf/asked-urls.ts";
import { patienceMs } from "../../support/machine-speed.ts";
import { transactionsWorld, type World } from "./transactions-world.ts";

const scopes = "merchants:read merchants:write operations:write transactions:write";

let world: World;
beforeAll(async () => {
  world = await transactionsWorld();
}, patienceMs(60_000));
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const transaction = (confirmationUrl: string) => ({
  transactionId: "forbidden",
  merchantId: "acme",
  outcome: "APPROVED",
  amount: "12.50",
  currency: "EUR",
  occurredAt: "2026-11-22T10:00:00Z",
  confirmationUrl,
});

interface Door {
  readonly method: string;
  readonly path: string;
  readonly body: (url: string) => object;
  readonly pointer: string;
  /** It reads the merchant first: of each kind of URL one will do. */
  readonly isSlow?: true;
}

const DOORS: Readonly<Record<string, Door>> = {
  "a new merchant": {
    method: "POST",
    path: "/merchants",
    body: (confirmationUrl) => ({ merchantId: "forbidden", confirmationUrl }),
    pointer: "/confirmationUrl",
  },
  "a new merchant of the sandbox": {
    method: "POST",
    path: "/merchants",
    body: (confirmationUrl) => ({ merchantId: "forbidden", confirmationUrl, environment: "sandbox" }),
    pointer: "/confirmationUrl",
  },
  "a change of a merchant": {
    method: "PATCH",
    path: "/merchants/acme",
    body: (confirmationUrl) => ({ confirmationUrl }),
    pointer: "/confirmationUrl",
    isSlow: true,
  },
  "a channel of a new merchant": {
    method: "POST",
    path: "/merchants",
    body: (url) => ({ merchantId: "forbidden", channels: [{ id: "web", kind: "webhook", url }] }),
    pointer: "/channels/0/url",
  },
  "a channel of a merchant": {
    method: "PATCH",
    path: "/merchants/acme",
    body: (url) => ({ channels: [{ id: "web", kind: "webhook", url }] }),
    pointer: "/channels/0/url",
    isSlow: true,
  },
  "a challenge": {
    method: "POST",
    path: "/merchants/acme/verify",
    body: (url) => ({ url }),
    pointer: "/url",
    isSlow: true,
  },
  "an operator's word": {
    method: "POST",
    path: "/merchants/acme/vouch",
    body: (url) => ({ url }),
    pointer: "/url",
    isSlow: true,
  },
  "a transaction": { method: "POST", path: "/transactions", body: transaction, pointer: "/confirmationUrl" },
};

/** All that is in the tables, and what was sent. */
async function everything(): Promise<unknown> {
  const tables = ["Merchants", "Jobs", "AuditLog", world.dynamodb.table.name];
  const scan = async (TableName: string) => (await world.dynamodb.client.send(new ScanCommand({ TableName }))).Items;
  return { tables: await Promise.all(tables.map(scan)), calls: [...world.calls], sent: [...world.sent] };
}

const kinds = Object.values(forbiddenUrls());

it.each(Object.entries(DOORS))(
  "for %s no URL is taken that is forbidden",
  async (_, { method, path, body, pointer, isSlow }) => {
    const before = await everything();
    for (const url of isSlow === true ? kinds.flatMap(([first = ""]) => first) : kinds.flat()) {
      const { status, body: answer } = await world.ask(method, path, { body: body(url), token: { scopes } });
      expect([url, status, answer["errors"]]).toEqual([url, 422, [{ pointer, detail: expect.any(String) }]]);
    }
    expect(await everything()).toEqual(before);
  },
);

it.each(["verify", "vouch"])(
  "nobody may %s an address that is forbidden, though it is in its merchant's row",
  async (act) => {
    for (const [what, [confirmationUrl = ""]] of Object.entries(forbiddenUrls())) {
      const Item = { merchantId: { S: what }, confirmationUrl: { S: confirmationUrl } };
      await world.dynamodb.client.send(new PutItemCommand({ TableName: "Merchants", Item }));
      const { status } = await world.ask("POST", `/merchants/${encodeURIComponent(what)}/${act}`, {
        token: { scopes },
      });
      const Key = { merchantId: { S: what } };
      const { Item: row } = await world.dynamodb.client.send(new GetItemCommand({ TableName: "Merchants", Key }));
      expect([what, status, row, world.calls]).toEqual([what, 422, Item, []]);
    }
  },
);
