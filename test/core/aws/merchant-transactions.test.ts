import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  listMerchantTransactions,
  type ListParts,
  passMerchantTransactions,
  type TransactionFilter,
  type TransactionPlace,
} from "../../../core/aws/merchant-transactions.ts";
import { merchantKeyFor } from "../../../core/transaction/row/index-keys.ts";
import { type DynamoDbLocal, startDynamoDbLocal } from "../../support/dynamodb-local.ts";
import { patienceMs } from "../../support/machine-speed.ts";
import { number, text, transactionRow } from "../../support/rows.ts";

const SHARDS = 3;
const MINUTE_MS = 60_000;
const BEGIN = Date.parse("2026-11-22T00:00:00Z");
/** One a minute: a day and a half. */
const COUNT = 2160;
const AT_ONCE = 25;
const ZONES = ["Z", "+02:00", "-05:00"] as const;
const AHEAD_MINUTES = { Z: 0, "+02:00": 120, "-05:00": -300 } as const;

let dynamodb: DynamoDbLocal;
let read: string[] = [];

const atOf = (index: number) => BEGIN + index * MINUTE_MS;
const idOf = (index: number) => `t-${index}`;

function writtenOf(index: number): string {
  const zone = ZONES[index % ZONES.length] ?? "Z";
  return new Date(atOf(index) + AHEAD_MINUTES[zone] * MINUTE_MS).toISOString().replace("Z", zone);
}

function rowOf(index: number) {
  const occurredAt = writtenOf(index);
  return transactionRow({
    transactionId: text(idOf(index)),
    merchantId: text("acme"),
    occurredAt: text(occurredAt),
    version: number(1),
    confirmationState: text("CONFIRMED"),
    merchantKey: text(merchantKeyFor("acme", occurredAt, idOf(index), SHARDS)),
  });
}

async function paged(list: typeof listMerchantTransactions, filter: TransactionFilter, limit: number) {
  const parts: ListParts = {
    client: dynamodb.client,
    merchantShards: SHARDS,
    table: {
      name: dynamodb.table.name,
      read: (ids) => {
        read.push(...ids);
        return dynamodb.table.read(ids);
      },
    },
  };
  read = [];
  const found: string[] = [];
  let place: TransactionPlace | undefined;
  do {
    const page = await list(filter, limit, place, parts);
    found.push(...page.rows.map((row) => row["transactionId"]?.S ?? ""));
    place = page.next;
  } while (place !== undefined);
  return found;
}

/** As the index has them: by UTC day, and within it by what is written. */
function expectedIds(from: number, to: number): string[] {
  const indexes = Array.from({ length: to - from }, (_, index) => from + index);
  const dayOf = (index: number) => new Date(atOf(index)).toISOString().slice(0, 10);
  const keyOf = (index: number) => `${dayOf(index)} ${writtenOf(index)}`;
  return indexes.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1)).map(idOf);
}

beforeAll(async () => {
  dynamodb = await startDynamoDbLocal();
  const rows = Array.from({ length: COUNT }, (_, index) => rowOf(index));
  for (let next = 0; next < COUNT; next += AT_ONCE) await dynamodb.change(rows.slice(next, next + AT_ONCE), []);
}, patienceMs(60_000));
afterAll(async () => {
  await dynamodb.stop();
});

describe("a merchant's transactions of a part of a day", () => {
  it.each([
    ["at its end", 1380, 1440, 100],
    ["at its beginning", 0, 30, 7],
    ["in its middle", 700, 760, 7],
    ["over midnight", 1400, 1500, 7],
  ])("come each once, in order, and no row of another time is read: %s", async (_where, from, to, limit) => {
    const filter = { merchantId: "acme", fromMs: atOf(from), toMs: atOf(to) };
    const ids = expectedIds(from, to);
    expect(await paged(passMerchantTransactions, filter, limit)).toEqual(ids);
    expect(read.toSorted()).toEqual(ids.toSorted());
    const newestFirst = await paged(listMerchantTransactions, filter, limit);
    expect(newestFirst).toEqual(ids.toReversed());
    expect(read.toSorted()).toEqual(ids.toSorted());
  });
});
