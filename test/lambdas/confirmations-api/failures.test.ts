/** What failed of a merchant, listed and counted: the one says how many the other has. */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { FAILURE_FAULTS } from "../../../core/transaction/failure-faults.ts";
import { failedAtFor, failedKeyFor } from "../../../core/transaction/row/index-keys.ts";
import { patienceMs } from "../../support/machine-speed.ts";
import { type Token, transactionsWorld, type World } from "./transactions-world.ts";

const SHARDS = 2;
const FAILED_AT = Date.UTC(2026, 9, 1);
const MINUTE_MS = 60_000;
const CODES = ["expired", "attempts_exhausted", "url_missing", "body_too_large", "release_unheard"] as const;
const EACH = [30, 41, 2, 5, 1];

let world: World;

interface Item {
  readonly transactionId: string;
  readonly reason: string;
  readonly amount?: string;
}

beforeAll(async () => {
  world = await transactionsWorld();
  let minute = 0;
  for (const [at, code] of CODES.entries())
    for (let one = 0; one < (EACH[at] ?? 0); one += 1) await fail(`${code}-${one}`, code, (minute += 1));
}, patienceMs(60_000));

afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

async function fail(transactionId: string, code: (typeof CODES)[number], minute: number, more: object = {}) {
  const failedAt = FAILED_AT + minute * MINUTE_MS;
  await world.dynamodb.put({
    transactionId: { S: transactionId },
    version: { N: "1" },
    merchantId: { S: "acme" },
    outcome: { S: "APPROVED" },
    amount: { S: "12.50" },
    currency: { S: "EUR" },
    // Long before what lists by time look at.
    occurredAt: { S: "2026-01-01T00:00:00Z" },
    confirmationState: { S: "FAILED" },
    stateVersion: { N: "1" },
    settledAt: { N: String(failedAt) },
    failure: { M: { code: { S: code }, fault: { S: FAILURE_FAULTS[code] }, reason: { S: "It is so." } } },
    failedKey: { S: failedKeyFor("acme", transactionId, SHARDS) },
    failedAt: { S: failedAtFor(code, failedAt) },
    ...more,
  });
}

const at = (minute: number) => new Date(FAILED_AT + minute * MINUTE_MS).toISOString();

function ask(path: string, query: Record<string, string>, token?: Token) {
  const search = new URLSearchParams(query).toString();
  return world.ask("GET", `${path}?${search}`, token === undefined ? {} : { token });
}

async function all(query: Record<string, string>, token?: Token): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const { status, body } = await ask("/failures", { ...query, ...(cursor !== undefined && { cursor }) }, token);
    expect(status).toBe(200);
    items.push(...(body["items"] as unknown as Item[]));
    cursor = body["nextCursor"];
  } while (cursor !== undefined);
  return items;
}

describe("what failed", () => {
  it("is counted by reason and fault, and adds up", async () => {
    const { status, body } = await ask("/failures/counts", { merchantId: "acme" });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      items: [
        { reason: "attempts_exhausted", fault: "merchant", count: 41 },
        { reason: "body_too_large", fault: "producer", count: 5 },
        { reason: "expired", fault: "merchant", count: 30 },
        { reason: "release_unheard", fault: "pipeline", count: 1 },
        { reason: "url_missing", fault: "merchant", count: 2 },
      ],
      total: 79,
      isComplete: true,
    });
  });

  it.each<[Record<string, string>, number]>([
    [{}, 79],
    [{ reason: "expired" }, 30],
    [{ fault: "merchant" }, 73],
    [{ fault: "producer" }, 5],
    [{ fault: "pipeline", reason: "expired" }, 0],
    [{ from: at(11), to: at(41) }, 30],
    [{ reason: "attempts_exhausted", from: at(31), to: at(40) }, 9],
    [{ fault: "merchant", from: at(70) }, 4],
  ])("has by %j as many in its pages as are counted", async (filter, expected) => {
    const query = { merchantId: "acme", ...filter };
    const { body } = await ask("/failures/counts", query);
    const items = await all({ ...query, limit: "7" });
    expect({ total: body["total"], listed: items.length }).toEqual({ total: expected, listed: expected });
    expect(new Set(items.map(({ transactionId }) => transactionId)).size).toBe(expected);
  });

  it("shows each with what it is about, the newest of a reason first, whenever it occurred", async () => {
    const { body } = await ask("/failures", { merchantId: "acme", reason: "url_missing", limit: "1" });
    expect(body["items"]).toEqual([
      {
        transactionId: "url_missing-1",
        reason: "url_missing",
        fault: "merchant",
        failedAt: at(73),
        says: "It is so.",
        version: 1,
        outcome: "APPROVED",
        amount: "12.50",
        currency: "EUR",
        occurredAt: "2026-01-01T00:00:00Z",
        attemptCount: 0,
      },
    ]);
  });

  it("is nothing of another merchant's to a token of one, and its own without a name", async () => {
    const token = { merchantId: "other" };
    for (const path of ["/failures", "/failures/counts"]) {
      const foreign = await ask(path, { merchantId: "acme" }, token);
      const unknown = await ask(path, { merchantId: "nobody" }, token);
      expect(foreign).toMatchObject({ status: 200, body: { items: [] } });
      expect(foreign.body).toEqual(unknown.body);
    }
    expect(await all({ reason: "expired" }, { merchantId: "acme" })).toHaveLength(30);
    expect((await ask("/failures", {})).status).toBe(400);
  });

  it("has no more than its reason of one that its producer has given to another since", async () => {
    await fail("moved", "body_too_large", 100, {
      merchantId: { S: "other" },
      accepted: { M: { version: { N: "1" }, merchantId: { S: "acme" } } },
      failedKey: { S: failedKeyFor("acme", "moved", SHARDS) },
    });
    const own = await all({ fault: "producer", from: at(100) }, { merchantId: "acme" });
    expect(own).toEqual([{ transactionId: "moved", reason: "body_too_large", fault: "producer", failedAt: at(100) }]);
  });

  it("goes on with a cursor of the same filter alone", async () => {
    const { body } = await ask("/failures", { merchantId: "acme", limit: "5" });
    const cursor: string = body["nextCursor"] ?? "";
    expect((await ask("/failures", { merchantId: "acme", fault: "merchant", cursor })).status).toBe(400);
    expect((await ask("/failures/counts", { merchantId: "acme", cursor })).status).toBe(400);
    expect((await ask("/failures", { merchantId: "acme", limit: "5", cursor })).status).toBe(200);
  });
});
