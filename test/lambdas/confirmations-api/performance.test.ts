import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { transactionsOfHours } from "../../../core/aws/merchant-performance.ts";
import { fullHour, HOUR_MS } from "../../../core/merchant/performance.ts";
import { merchantKeyFor } from "../../../core/transaction/row/index-keys.ts";
import { patienceMs } from "../../support/machine-speed.ts";
import { number, text, transactionRow } from "../../support/rows.ts";
import { transactionsWorld, type World } from "./transactions-world.ts";

interface Hour {
  readonly from: string;
  readonly attempts: number;
  readonly succeeded: number;
  readonly failures: readonly { readonly outcome: string; readonly attempts: number }[];
  readonly latency?: { readonly p50Ms: number; readonly p95Ms: number; readonly maxMs: number };
}

interface Body {
  readonly from: string;
  readonly basis: string;
  readonly transactions: number;
  readonly hours: readonly Hour[];
}

const MERCHANT_SHARDS = 2;
const MANY = 320;
/** So that they fill most of an hour. */
const EVERY_MS = 10_000;
const MINUTE_MS = 60_000;
const SAMPLED_AN_HOUR = 15;
/** As many as fill five hours and a half. */
const HALF_PAST = 1980;
const MOST_READS = 50;
const AT_ONCE = 25;
const READS = /^(?:Get|Query|Scan|BatchGet)/;
const token = { scopes: "merchants:read" };

let world: World;
let reads = 0;

async function performance(merchantId: string, query = "?hours=3"): Promise<Body> {
  const { status, body } = await world.ask("GET", `/merchants/${merchantId}/performance${query}`, { token });
  expect(status).toBe(200);
  return body as unknown as Body;
}

async function put(rows: readonly ReturnType<typeof rowOf>[]): Promise<void> {
  for (let next = 0; next < rows.length; next += AT_ONCE)
    await world.dynamodb.change(rows.slice(next, next + AT_ONCE), []);
}

/** As the route has them, and the ids of rows that were read. */
function partsOf() {
  const { client, table } = world.dynamodb;
  const read: string[] = [];
  return {
    client,
    merchantShards: MERCHANT_SHARDS,
    read,
    table: {
      name: table.name,
      read: (ids: readonly string[]) => {
        read.push(...ids);
        return table.read(ids);
      },
    },
  };
}

function hourAt(hours: readonly Hour[], at: number): Hour | undefined {
  return hours.find(({ from }) => from === new Date(at).toISOString());
}

/** @param zone that its producer writes */
function written(at: number, zone: string): string {
  if (zone === "Z") return new Date(at).toISOString();
  const ahead = Date.parse("2026-11-22T00:00Z") - Date.parse(`2026-11-22T00:00${zone}`);
  return new Date(at + ahead).toISOString().replace("Z", zone);
}

function rowOf(
  id: string,
  merchantId: string,
  at: number,
  attempts: readonly (readonly [string, number])[],
  zone = "Z",
) {
  const occurredAt = written(at, zone);
  return transactionRow({
    transactionId: text(id),
    merchantId: text(merchantId),
    occurredAt: text(occurredAt),
    version: number(1),
    stateVersion: number(1),
    confirmationState: text("CONFIRMED"),
    merchantKey: text(merchantKeyFor(merchantId, occurredAt, id, MERCHANT_SHARDS)),
    attempts: {
      L: attempts.map(([outcome, durationMs]) => ({
        M: { at: number(at), durationMs: number(durationMs), outcome: text(outcome) },
      })),
    },
  });
}

beforeAll(async () => {
  world = await transactionsWorld();
  await world.dynamodb.client.send(
    new PutItemCommand({
      TableName: "Merchants",
      Item: { merchantId: { S: "down" }, confirmationUrl: { S: "https://down.example/hook" } },
    }),
  );
  world.dynamodb.client.middlewareStack.add(
    (next, { commandName = "" }) =>
      (args) => {
        if (READS.test(commandName)) reads += 1;
        return next(args);
      },
    { step: "initialize" },
  );
}, patienceMs(60_000));
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

describe("how calls of a merchant went", () => {
  it("is counted of all that occurred in these hours, where they are few", async () => {
    const hour = fullHour(Date.now()) - HOUR_MS;
    const rows = [
      rowOf("p-1", "acme", hour + 1000, [["delivered", 40]]),
      rowOf("p-2", "acme", hour + 2000, [
        ["timeout", 20_000],
        ["delivered", 60],
      ]),
      rowOf("p-old", "acme", hour - 5 * HOUR_MS, [["status_5xx", 1]]),
    ];
    for (const row of rows) await world.dynamodb.put(row);
    const { basis, transactions, hours, from } = await performance("acme");
    expect({ basis, transactions, from }).toEqual({
      basis: "all",
      transactions: 2,
      from: new Date(hour - HOUR_MS).toISOString(),
    });
    expect(hours.find(({ from: at }) => at === new Date(hour).toISOString())).toEqual({
      from: new Date(hour).toISOString(),
      attempts: 3,
      succeeded: 2,
      failures: [{ outcome: "timeout", attempts: 1 }],
      latency: { p50Ms: 40, p95Ms: 60, maxMs: 60 },
    });
  });

  it("is of some of each twelve minutes, and says so, where there are many, by a bounded number of reads", async () => {
    const hour = fullHour(Date.now()) - HOUR_MS;
    const many = Array.from({ length: MANY }, (_, index) =>
      rowOf(`m-${index}`, "other", hour + index * EVERY_MS, [["delivered", index]]),
    );
    const few = [0, 1, 2].map((index) => rowOf(`f-${index}`, "other", hour - HOUR_MS + index, [["timeout", 1]]));
    await put([...many, ...few]);
    reads = 0;
    const { basis, transactions, hours } = await performance("other");
    expect({ basis, transactions }).toEqual({ basis: "sample", transactions: SAMPLED_AN_HOUR + few.length });
    expect(hourAt(hours, hour)).toMatchObject({ attempts: SAMPLED_AN_HOUR });
    expect(hourAt(hours, hour - HOUR_MS)).toMatchObject({ attempts: 3, succeeded: 0 });
    expect(reads).toBeLessThan(MOST_READS);
  });

  it("shows that a busy merchant was down from five past to five to, up again at the end of the hour", async () => {
    const hour = fullHour(Date.now()) - HOUR_MS;
    const [down, up] = [hour + 5 * MINUTE_MS, hour + 55 * MINUTE_MS];
    const rows = Array.from({ length: HOUR_MS / EVERY_MS }, (_, index) => {
      const at = hour + index * EVERY_MS;
      return rowOf(`d-${index}`, "down", at, [[at >= down && at < up ? "timeout" : "delivered", 1]]);
    });
    await put(rows);
    const { attempts = 0, succeeded = 0 } = hourAt((await performance("down")).hours, hour) ?? {};
    expect(attempts).toBe(SAMPLED_AN_HOUR);
    // In truth a sixth of them.
    expect(succeeded).toBeGreaterThan(0);
    expect(succeeded / attempts).toBeLessThan(1 / 3);
  });

  it.each([
    ["east", ["+02:00"]],
    ["west", ["-05:00"]],
    ["halves", ["+05:30"]],
    ["zones", ["Z", "+02:00", "-05:00"]],
  ])("is of each hour and zone, of producers who write times with a zone: %s", async (merchantId, zones) => {
    const now = fullHour(Date.now()) + HOUR_MS / 2;
    const from = fullHour(now) - 5 * HOUR_MS;
    const rows = Array.from({ length: HALF_PAST }, (_, index) => {
      const zone = zones[index % zones.length] ?? "Z";
      return rowOf(`${merchantId}-${index}`, merchantId, from + index * EVERY_MS, [["delivered", 1]], zone);
    });
    await put(rows);
    const { rows: sample, isWhole } = await transactionsOfHours(merchantId, from, now, partsOf());
    expect(isWhole).toBe(false);
    const times = sample.map((row) => Date.parse(row["occurredAt"]?.S ?? ""));
    const byHour = Object.groupBy(times, (at) => (fullHour(at) - from) / HOUR_MS);
    for (const hour of [0, 1, 2, 3, 4]) expect(byHour[hour]?.length).toBeGreaterThanOrEqual(SAMPLED_AN_HOUR - 3);
    expect(sample.length).toBeLessThanOrEqual(6 * zones.length * (SAMPLED_AN_HOUR + 3));
    const seen = new Set(sample.map((row) => /Z|[+-]..:..$/.exec(row["occurredAt"]?.S ?? "")?.[0]));
    expect(seen).toEqual(new Set(zones));
  });

  it("is of all of a quiet hour, and reads no row of the busy ones before it", async () => {
    const now = Date.parse("2026-11-22T23:30:00Z");
    const from = fullHour(now);
    const busy = Array.from({ length: 900 }, (_, index) =>
      rowOf(`b-${index}`, "quiet", from - (index + 1) * 60_000, [["timeout", 1]]),
    );
    const few = Array.from({ length: 20 }, (_, index) =>
      rowOf(`q-${index}`, "quiet", from + index * 60_000, [["delivered", 1]], index < 5 ? "-05:00" : "Z"),
    );
    await put([...busy, ...few]);
    const parts = partsOf();
    const { rows, isWhole } = await transactionsOfHours("quiet", from, now, parts);
    expect({ rows: rows.length, isWhole, read: parts.read.length }).toEqual({ rows: 20, isWhole: true, read: 20 });
  });

  it("is empty hours where there was nothing", async () => {
    const { basis, transactions, hours } = await performance("silent", "");
    expect({ basis, transactions, hours: hours.length }).toEqual({ basis: "all", transactions: 0, hours: 24 });
    expect(hours.every(({ attempts }) => attempts === 0)).toBe(true);
  });

  it("is the merchant's alone", async () => {
    const narrowed = { token: { ...token, merchantId: "acme" } };
    expect((await world.ask("GET", "/merchants/acme/performance", narrowed)).status).toBe(200);
    expect((await world.ask("GET", "/merchants/other/performance", narrowed)).status).toBe(404);
    expect((await world.ask("GET", "/merchants/none/performance", { token })).status).toBe(404);
    const without = { token: { scopes: "transactions:read" } };
    expect((await world.ask("GET", "/merchants/acme/performance", without)).status).toBe(403);
  });

  it.each(["0", "49", "1.5", "x"])("is refused for %s hours", async (hours) => {
    expect((await world.ask("GET", `/merchants/acme/performance?hours=${hours}`, { token })).status).toBe(400);
  });
});
