/**
 * A merchant's transactions of the last hours, from the index by merchant and day: all of them where they are few, else
 * a sample of each hour. A bounded number of reads, whatever it gets.
 */
import { HOUR_MS } from "../merchant/performance.ts";
import { type AttributeMap, stringOf } from "../transaction/attribute-value.ts";
import { sampleOf } from "./merchant-sample.ts";
import {
  isMatching,
  listMerchantTransactions,
  type ListParts,
  type TransactionFilter,
  type TransactionPlace,
} from "./merchant-transactions.ts";
import { MAX_READS } from "./transactions-table.ts";

export interface LookedAt {
  readonly rows: readonly AttributeMap[];
  /** False where there are more, and these are a sample. */
  readonly isWhole: boolean;
}

/** Pages that are read in search of all of them, a hundred rows each at most. */
const MOST_PAGES = 3;
const DAY_MS = 86_400_000;

/** @param from a full hour, epoch milliseconds. @param now epoch milliseconds */
export async function transactionsOfHours(
  merchantId: string,
  from: number,
  now: number,
  parts: ListParts,
): Promise<LookedAt> {
  const filter: TransactionFilter = { merchantId, fromMs: from, toMs: now + DAY_MS };
  const rows: AttributeMap[] = [];
  let place: TransactionPlace | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await listMerchantTransactions(filter, MAX_READS, place, parts);
    rows.push(...page.rows);
    place = page.next;
    if (place === undefined) return { rows, isWhole: true };
  }
  const written = rows.flatMap((row) => stringOf(row["occurredAt"]) ?? []);
  const to = Math.ceil(now / HOUR_MS) * HOUR_MS;
  const ids = await sampleOf({ merchantId, from, to }, written, parts);
  const sample: AttributeMap[] = [];
  for (let next = 0; next < ids.length; next += MAX_READS)
    sample.push(...(await parts.table.read(ids.slice(next, next + MAX_READS))).values());
  return { rows: sample.filter((row) => isMatching(row, filter)), isWhole: false };
}
