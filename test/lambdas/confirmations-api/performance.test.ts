import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { SAMPLED_AN_HOUR } from "../../../core/aws/merchant-performance.ts";
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

function rowOf(id: string, merchantId: string, at: number, attempts: readonly (readonly [string, number])[]) {
  const occurredAt = new Date(at).toISOString();
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

  it("is of the last of each hour, and says so, where there are many, by a bounded number of reads", async () => {
    const hour = fullHour(Date.now()) - HOUR_MS;
    const many = Array.from({ length: MANY }, (_, index) =>
      rowOf(`m-${index}`, "other", hour + index * 1000, [["delivered", index]]),
    );
    const few = [0, 1, 2].map((index) => rowOf(`f-${index}`, "other", hour - HOUR_MS + index, [["timeout", 1]]));
    const rows = [...many, ...few];
    for (let next = 0; next < rows.length; next += AT_ONCE)
      await world.dynamodb.change(rows.slice(next, next + AT_ONCE), []);
    reads = 0;
    const { basis, transactions, hours } = await performance("other");
    expect({ basis, transactions }).toEqual({ basis: "sample", transactions: SAMPLED_AN_HOUR + few.length });
    const of = (at: number) => hours.find(({ from }) => from === new Date(at).toISOString());
    expect(of(hour)).toMatchObject({ attempts: SAMPLED_AN_HOUR, latency: { maxMs: MANY - 1 } });
    expect(of(hour - HOUR_MS)).toMatchObject({ attempts: 3, succeeded: 0 });
    expect(reads).toBeLessThan(30);
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
