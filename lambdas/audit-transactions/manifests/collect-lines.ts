/**
 * One step through a merchant's day: at most a file full of lines, from where the step before ended. Files end at the
 * same line each time the day is looked at, so what has not changed gets the same name, and is not written again.
 */
import { ATTRIBUTES } from "../../../core/transaction/row/attributes.ts";
import { relistStatement } from "../../../core/aws/audit-statements.ts";
import type { MerchantDayPage } from "../../../core/aws/merchant-day.ts";
import type { Statement } from "../../../core/aws/statements/statement.ts";
import { MAX_READS, type TransactionsTable } from "../../../core/aws/transactions-table.ts";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { stringOf } from "../../../core/transaction/attribute-value.ts";
import {
  addLine,
  chainAfter,
  chainStart,
  fileName,
  lineOf,
  lineText,
  type ManifestFile,
  type ManifestTotals,
  NO_TRANSACTIONS,
} from "../../../core/audit/manifest.ts";
import { acceptedOf } from "../../../core/transaction/accepted.ts";
import { merchantKeyOf } from "../../../core/merchant/merchant-listing.ts";
import { isSameMerchantDay, merchantDayKeys } from "../../../core/transaction/row/index-keys.ts";

/** How far a merchant's day is. */
export interface DayProgress {
  readonly merchantId: string;
  /** Epoch milliseconds at which it left the sandbox: what occurred before is none of its day. */
  readonly liveSince?: number;
  readonly shard: number;
  readonly from?: AttributeMap;
  readonly chain: string;
  readonly files: readonly ManifestFile[];
  readonly totals: ManifestTotals;
}

export interface CollectParts {
  readonly day: string;
  readonly merchantShards: number;
  readonly linesPerFile: number;
  readonly table: Pick<TransactionsTable, "name" | "read">;
  readonly page: (merchantKey: string, limit: number, from: AttributeMap | undefined) => Promise<MerchantDayPage>;
}

export interface Collected {
  readonly progress: DayProgress;
  /** The file that was filled; missing when there was nothing more. */
  readonly file?: { readonly name: string; readonly text: string };
  /** Rows that are listed under another merchant or day than they say. */
  readonly relist: readonly Statement[];
  readonly isDone: boolean;
}

const PAGE_SIZE = 1000;

export function beginDay(merchantId: string, day: string, liveSince?: number): DayProgress {
  const of = { merchantId, ...(liveSince !== undefined && { liveSince }) };
  return { ...of, shard: 0, chain: chainStart(merchantId, day), files: [], totals: NO_TRANSACTIONS };
}

export async function collectLines(before: DayProgress, parts: CollectParts): Promise<Collected> {
  const keys = merchantDayKeys(before.merchantId, parts.day, parts.merchantShards);
  const texts: string[] = [];
  const relist: Statement[] = [];
  let { shard, from, chain, totals } = before;
  while (shard < keys.length && texts.length < parts.linesPerFile) {
    const key = keys[shard] ?? "";
    const page = await parts.page(key, Math.min(PAGE_SIZE, parts.linesPerFile - texts.length), from);
    for (const row of await rowsOf(page.transactionIds, parts)) {
      const belongsTo = merchantKeyOf(row, parts.merchantShards) ?? key;
      // An index lags: the row is listed elsewhere by now.
      if (stringOf(row[ATTRIBUTES.merchantKey]) !== key) continue;
      if (!isSameMerchantDay(belongsTo, key)) {
        relist.push(relistStatement(parts.table.name, row, belongsTo));
        continue;
      }
      if (occurredBefore(row, before.liveSince)) continue;
      const line = lineOf(row);
      const text = lineText(line);
      chain = chainAfter(chain, text);
      totals = addLine(totals, line);
      texts.push(text);
    }
    from = page.next;
    if (from === undefined) shard += 1;
  }
  const file = texts.length === 0 ? undefined : { name: fileName(chain), text: `${texts.join("\n")}\n` };
  const files = file === undefined ? before.files : [...before.files, { name: file.name, lines: texts.length, chain }];
  return {
    progress: { ...progressOf(before), shard, chain, files, totals, ...(from !== undefined && { from }) },
    ...(file !== undefined && { file }),
    relist,
    isDone: shard >= keys.length,
  };
}

/** Without where it was. */
function progressOf({ merchantId, liveSince }: DayProgress): Pick<DayProgress, "merchantId" | "liveSince"> {
  return { merchantId, ...(liveSince !== undefined && { liveSince }) };
}

/** As it was accepted, if it was. */
function occurredBefore(row: AttributeMap, liveSince: number | undefined): boolean {
  if (liveSince === undefined) return false;
  return Date.parse(acceptedOf(row)?.occurredAt ?? stringOf(row["occurredAt"]) ?? "") < liveSince;
}

/** In the order of the index. */
async function rowsOf(ids: readonly string[], { table }: CollectParts): Promise<AttributeMap[]> {
  const batches = Array.from({ length: Math.ceil(ids.length / MAX_READS) }, (_, index) =>
    table.read(ids.slice(index * MAX_READS, (index + 1) * MAX_READS)),
  );
  const rows = new Map((await Promise.all(batches)).flatMap((batch) => [...batch]));
  return ids.flatMap((id) => {
    const row = rows.get(id);
    return row === undefined ? [] : [row];
  });
}
