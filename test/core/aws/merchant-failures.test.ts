/** What failed of a merchant: the counts of all pages are what is in the index, however many there are. */
import { describe, expect, it } from "@jest/globals";
import type { QueryCommand } from "@aws-sdk/client-dynamodb";
import {
  countMerchantFailures,
  type FailureFilter,
  type FailurePlace,
  listMerchantFailures,
} from "../../../core/aws/merchant-failures.ts";
import type { ListParts } from "../../../core/aws/merchant-transactions.ts";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { failedAtFor, shardOf } from "../../../core/transaction/row/index-keys.ts";

const SHARDS = 4;
const COUNT = 50_000;
const BEGAN = Date.UTC(2026, 10, 22);
const CODES = ["attempts_exhausted", "expired", "url_missing"] as const;
/** As DynamoDB does after 1 MB. */
const MOST_OF_A_QUERY = 7000;
const everything: FailureFilter = { merchantId: "acme", fromMs: 0, toMs: BEGAN + COUNT };

interface Key {
  readonly failedAt: string;
  readonly transactionId: string;
}

/** An index of keys in the order that DynamoDB has, which takes queries as it would. */
function indexOf(count: number) {
  const shards = Array.from({ length: SHARDS }, (): Key[] => []);
  for (let at = 0; at < count; at += 1) {
    const transactionId = `t-${at}`;
    const code = CODES[at % 10 === 0 ? 1 : at % 100 === 1 ? 2 : 0];
    shards[shardOf(transactionId, SHARDS)]?.push({ failedAt: failedAtFor(code, BEGAN + at), transactionId });
  }
  for (const keys of shards)
    keys.sort((one, other) => (one.failedAt < other.failedAt ? -1 : one.failedAt > other.failedAt ? 1 : 0));
  const queries: QueryCommand["input"][] = [];
  const send = async ({ input }: { readonly input: QueryCommand["input"] }) => {
    queries.push(input);
    const { ExpressionAttributeValues: values = {}, ExclusiveStartKey: start, Limit = COUNT } = input;
    const keys = shards[Number(values[":partition"]?.S?.split("#")[1])] ?? [];
    const [first = "", last = "~"] = [values[":first"]?.S, values[":last"]?.S];
    const ascending = keys.filter(({ failedAt }) => failedAt >= first && failedAt <= last);
    const within = input.ScanIndexForward === false ? ascending.toReversed() : ascending;
    const after = start === undefined ? 0 : within.findIndex((key) => key.transactionId === start["transactionId"]?.S);
    const from = start === undefined ? 0 : after + 1;
    const found = within.slice(from, from + Math.min(Limit, MOST_OF_A_QUERY));
    const end = found.at(-1);
    return {
      Items: found.map(({ failedAt, transactionId }) => ({
        failedAt: { S: failedAt },
        transactionId: { S: transactionId },
      })),
      ...(from + found.length < within.length &&
        end !== undefined && {
          LastEvaluatedKey: { failedAt: { S: end.failedAt }, transactionId: { S: end.transactionId } },
        }),
    };
  };
  const parts = {
    client: { send: send as never },
    table: { name: "Transactions", read: () => Promise.reject(new Error("A count reads no rows.")) },
    merchantShards: SHARDS,
  } satisfies ListParts;
  return { parts, queries, rows: rowsOf(shards) };
}

/** As the table has what the index has. */
function rowsOf(shards: readonly (readonly Key[])[]): Map<string, AttributeMap> {
  return new Map(
    shards.flatMap((keys, shard) =>
      keys.map(({ failedAt, transactionId }) => [
        transactionId,
        {
          transactionId: { S: transactionId },
          confirmationState: { S: "FAILED" },
          failedKey: { S: `acme#${shard}` },
          failedAt: { S: failedAt },
        },
      ]),
    ),
  );
}

async function countAll(filter: FailureFilter, parts: ListParts) {
  const total: Record<string, number> = {};
  let [place, pages]: [FailurePlace | undefined, number] = [undefined, 0];
  do {
    const { counts, next } = await countMerchantFailures(filter, place, parts);
    for (const [code, count] of counts) total[code] = (total[code] ?? 0) + count;
    place = next;
    pages += 1;
  } while (place !== undefined);
  return { total, pages };
}

describe("a count of what failed", () => {
  it("has each of 50,000 once, by reason, in a query a shard and page", async () => {
    const { parts, queries } = indexOf(COUNT);
    const { total, pages } = await countAll(everything, parts);
    expect(total).toEqual({ attempts_exhausted: 44_500, expired: 5000, url_missing: 500 });
    expect(pages).toBeGreaterThan(1);
    expect(queries.length).toBeLessThanOrEqual(pages * SHARDS);
    expect(new Set(queries.map(({ IndexName }) => IndexName))).toEqual(new Set(["failed"]));
  });

  it("of one reason reads that one alone", async () => {
    const { parts, queries } = indexOf(COUNT);
    const { total, pages } = await countAll({ ...everything, reason: "expired" }, parts);
    expect({ total, pages }).toEqual({ total: { expired: 5000 }, pages: 1 });
    expect(queries).toHaveLength(SHARDS);
  });

  it("is of one fault, and of a time", async () => {
    const { parts } = indexOf(1000);
    expect((await countAll({ ...everything, fault: "pipeline" }, parts)).total).toEqual({});
    const hundred = { ...everything, fromMs: BEGAN + 100, toMs: BEGAN + 200 };
    expect((await countAll(hundred, parts)).total).toEqual({ attempts_exhausted: 89, expired: 10, url_missing: 1 });
    expect((await countAll({ ...hundred, reason: "expired" }, parts)).total).toEqual({ expired: 10 });
  });
});

describe("a list of what failed", () => {
  const LIMIT = 50;

  async function listAll(filter: FailureFilter, count: number) {
    const { parts, rows } = indexOf(count);
    const read = async (ids: readonly string[]) =>
      new Map(ids.flatMap((id) => (rows.has(id) ? [[id, rows.get(id) ?? {}] as const] : [])));
    const ids: string[] = [];
    let [place, pages]: [FailurePlace | undefined, number] = [undefined, 0];
    do {
      const page = await listMerchantFailures(filter, LIMIT, place, { ...parts, table: { ...parts.table, read } });
      ids.push(...page.entries.map(({ row }) => row["transactionId"]?.S ?? ""));
      place = page.next;
      pages += 1;
    } while (place !== undefined);
    return { ids, pages };
  }

  it("of a time has them at once, however many failed before and after it", async () => {
    const ofAMinute = { ...everything, fromMs: BEGAN + 25_000, toMs: BEGAN + 25_010, isOfATime: true };
    const { ids, pages } = await listAll(ofAMinute, COUNT);
    expect(ids.toSorted()).toEqual(Array.from({ length: 10 }, (_, at) => `t-${25_000 + at}`));
    expect(pages).toBeLessThanOrEqual(3);
  });

  it("goes on where a program of before left it", async () => {
    const { parts, rows } = indexOf(200);
    const read = async () => rows;
    const table = { ...parts.table, read };
    const ofAll = { ...everything, fromMs: BEGAN };
    const first = await listMerchantFailures(ofAll, LIMIT, undefined, { ...parts, table });
    const ids = first.entries.map(({ row }) => row["transactionId"]?.S);
    let place = first.next;
    while (place !== undefined) {
      const page = await listMerchantFailures({ ...ofAll, isOfATime: true }, LIMIT, place, { ...parts, table });
      ids.push(...page.entries.map(({ row }) => row["transactionId"]?.S));
      place = page.next;
    }
    expect(new Set(ids).size).toBe(200);
    expect(ids).toHaveLength(200);
  });
});
