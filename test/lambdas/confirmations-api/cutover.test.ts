import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { UnknownElsewhere } from "../../../core/aws/unknown-elsewhere.ts";
import { writeConfirmedBy } from "../../../core/transaction/row/confirmed-by.ts";
import { writeElsewhere } from "../../../core/transaction/row/elsewhere.ts";
import { merchantKeyFor } from "../../../core/transaction/row/index-keys.ts";
import { patienceMs } from "../../support/machine-speed.ts";
import { type Changes, listedRow, number, text } from "../../support/rows.ts";
import { API_TABLES } from "./api-tables.ts";
import { transactionsWorld, type World } from "./transactions-world.ts";

const OCCURRED = Date.parse("2026-11-22T10:00:00Z");
const RANGE = "?from=2026-11-22T00:00:00Z&to=2026-11-23T00:00:00Z";

let world: World;
let counter = 0;
let id = "";
beforeAll(async () => {
  world = await transactionsWorld();
}, patienceMs(60_000));
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});
beforeEach(async () => {
  id = `c-${(counter += 1)}`;
  await ask("POST", "/merchants", { merchantId: id, mode: "shadow" });
});

const scopes = "merchants:write transactions:read";
const ask = (method: string, path: string, body?: unknown, token: object = {}) =>
  world.ask(method, path, { ...(body !== undefined && { body }), token: { scopes, ...token } });
const compare = (query = RANGE, token: object = {}) => ask("GET", `/merchants/${id}/cutover${query}`, undefined, token);

let rows = 0;
function row(changes: Changes) {
  const transactionId = `${id}-${(rows += 1)}`;
  const merchantKey = merchantKeyFor(id, new Date(OCCURRED).toISOString(), transactionId, 2);
  const own = { transactionId: text(transactionId), merchantId: text(id), merchantKey: text(merchantKey) };
  return { transactionId, row: listedRow(OCCURRED, { ...own, ...changes }) };
}
async function put(changes: Changes): Promise<string> {
  const { transactionId, row: Item } = row(changes);
  await world.dynamodb.put(Item);
  return transactionId;
}
const settled: Changes = {
  confirmationState: text("CONFIRMED"),
  stateVersion: number(1),
  settledAt: number(OCCURRED + 1000),
};
const left = { ...settled, confirmedBy: writeConfirmedBy({ version: 1, by: "shadow" }) };
const said = {
  saidElsewhere: writeElsewhere({ version: 1, at: OCCURRED + 60_000, notedAt: OCCURRED + 90_000, by: "cron" }),
};

describe("the status of a cut-over", () => {
  it("counts what each of both confirmed, with examples and how long it took", async () => {
    await put({ ...left, ...said });
    const missed = await put(left);
    const twice = await put({ ...settled, ...said });
    const { status, body } = await compare();
    expect([status, body]).toMatchObject([
      200,
      {
        merchantId: id,
        mode: "shadow",
        switches: [{ mode: "shadow" }],
        counts: {
          transactions: 3,
          confirmedByPipeline: 1,
          confirmedByOldSystem: 2,
          both: 1,
          neither: 1,
          underway: 0,
          pipelineAlone: 1,
          oldSystemAlone: 0,
          againstTheRule: 0,
        },
        examples: { both: [twice], neither: [missed], pipelineAlone: [missed], oldSystemAlone: [] },
        unknownHere: { count: 0, isMore: false, examples: [] },
        consistency: "eventual",
      },
    ]);
    const { pipeline, oldSystem } = body["latencies"] as unknown as Record<string, { ms: number; count: number }[]>;
    expect(pipeline).toEqual([{ ms: expect.any(Number), count: 3 }]);
    expect(oldSystem).toEqual([{ ms: expect.any(Number), count: 2 }]);
    expect(Math.abs((oldSystem?.[0]?.ms ?? 0) / 60_000 - 1)).toBeLessThan(0.1);
  });

  it("names what the old system's log has and the table has not, until that comes", async () => {
    const unknown = new UnknownElsewhere(world.dynamodb.client, API_TABLES.jobsTable);
    const there = await put(left);
    const ones = [
      { transactionId: "nowhere", version: 1 },
      { transactionId: there, version: 1 },
      { transactionId: there, version: 2 },
    ];
    await unknown.note(id, ones, Date.now());
    await unknown.note(id, ones.slice(0, 1), Date.now());
    const { body } = await compare();
    expect(body["unknownHere"]).toMatchObject({ count: 2, isMore: false });
    expect((body["unknownHere"] as unknown as { examples: string[] }).examples.toSorted()).toEqual([there, "nowhere"]);
  });

  it("says that there were more than are kept", async () => {
    const unknown = new UnknownElsewhere(world.dynamodb.client, API_TABLES.jobsTable);
    const many = (count: number, name: string) =>
      Array.from({ length: count }, (_, index) => ({ transactionId: `${name}-${index}`, version: 1 }));
    await unknown.note(id, many(250, "one"), Date.now());
    // Again, as a part of an import that is done again.
    await unknown.note(id, many(250, "one"), Date.now());
    expect((await compare()).body["unknownHere"]).toMatchObject({ count: 250, isMore: false });
    await unknown.note(id, many(100, "two"), Date.now());
    expect((await compare()).body["unknownHere"]).toMatchObject({ count: 250, isMore: true });
    const [first = { transactionId: "", version: 1 }] = many(1, "one");
    expect((await unknown.of(id)).ones).toContainEqual(first);
    expect(await unknown.of("nobody")).toEqual({ ones: [], isMore: false });
  });

  it("comes in pages that add up", async () => {
    for (let batch = 0; batch < 25; batch += 1) {
      const some = Array.from({ length: 25 }, () => row(left).row);
      await world.dynamodb.change(some, []);
    }
    const pages: Record<string, unknown>[] = [];
    let cursor: string | undefined;
    do {
      const page = (await compare(cursor === undefined ? RANGE : `${RANGE}&cursor=${encodeURIComponent(cursor)}`)).body;
      pages.push(page);
      cursor = page["nextCursor"] as string | undefined;
    } while (cursor !== undefined);
    expect(pages.length).toBeGreaterThan(1);
    const counted = pages.map(({ counts }) => (counts as { transactions: number }).transactions);
    expect(counted.reduce((sum, one) => sum + one, 0)).toBe(625);
    expect(pages.map((page) => "unknownHere" in page)).toEqual([true, ...pages.slice(1).map(() => false)]);
  });

  it("is a merchant's own to see, and nobody else's", async () => {
    expect((await compare(RANGE, { merchantId: id })).status).toBe(200);
    expect((await compare(RANGE, { merchantId: "other" })).status).toBe(404);
    expect((await compare(RANGE, { scopes: "merchants:read" })).status).toBe(403);
    expect((await ask("GET", "/merchants/nobody/cutover")).status).toBe(404);
  });

  it.each([
    "?from=2026-11-23T00:00:00Z&to=2026-11-22T00:00:00Z",
    "?from=2026-01-01T00:00:00Z&to=2026-11-22T00:00:00Z",
    "?from=yesterday",
    "?cursor=made-up",
  ])("is of a time that it can be of, and of a cursor of its own, unlike %s", async (query) => {
    expect((await compare(query)).status).toBe(400);
  });
});
