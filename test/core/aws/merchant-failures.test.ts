/** What failed of a merchant: the counts of all pages are what is in the index, however many there are. */
import { describe, expect, it } from "@jest/globals";
import type { QueryCommand } from "@aws-sdk/client-dynamodb";
import { countMerchantFailures, type FailureFilter, type FailurePlace } from "../../../core/aws/merchant-failures.ts";
import type { ListParts } from "../../../core/aws/merchant-transactions.ts";
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
    const within = keys.filter(({ failedAt }) => failedAt >= first && failedAt <= last);
    const after = start === undefined ? 0 : within.findIndex((key) => key.transactionId === start["transactionId"]?.S);
    const from = start === undefined ? 0 : after + 1;
    const found = within.slice(from, from + Math.min(Limit, MOST_OF_A_QUERY));
    const end = found.at(-1);
    return {
      Items: found.map(({ failedAt }) => ({ failedAt: { S: failedAt } })),
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
  return { parts, queries };
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
