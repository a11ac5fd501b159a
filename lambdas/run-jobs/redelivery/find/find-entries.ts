/**
 * Finds what a redelivery is about, a page at a time: by id; failed ones by the failed index; others by the merchant's
 * days. Indexes say where to look, rows decide. Parts divide the shards of a merchant, or the merchants, among them.
 */
import { MAX_READS } from "../../../../core/aws/transactions-table.ts";
import type { Job } from "../../../../core/jobs/job.ts";
import { specOf } from "../../../../core/jobs/redelivery/spec.ts";
import type { AttributeMap } from "../../../../core/transaction/attribute-value.ts";
import { versionOf } from "../../../../core/transaction/transaction.ts";
import { type Entry, newEntry } from "../../../../core/jobs/redelivery/entry.ts";
import { isMatching } from "../matches.ts";
import { dayPlaces } from "./day-places.ts";
import { failedPlaces } from "./failed-places.ts";
import type { FindOptions, IdPage, Places } from "./places.ts";

export interface FoundEntry {
  readonly entry: Entry;
  /** As it was read; missing where there is none of an id. */
  readonly row: AttributeMap | undefined;
}

export interface FoundEntries {
  readonly found: readonly FoundEntry[];
  readonly cursor?: string;
}

/** Of an index, until what was found is kept: pages may be empty. */
const MOST_PAGES = 40;

export async function findEntries(
  job: Job,
  part: number,
  cursor: string | undefined,
  limit: number,
  options: FindOptions,
): Promise<FoundEntries> {
  const { transactionIds, state } = specOf(job);
  if (transactionIds !== undefined) return byId(part === 0 ? transactionIds : [], options);
  return state === "FAILED"
    ? through(failedPlaces(job, part, options), job, cursor, limit, options)
    : through(dayPlaces(job, part, options), job, cursor, limit, options);
}

async function byId(transactionIds: readonly string[], { table }: FindOptions): Promise<FoundEntries> {
  const ids = [...new Set(transactionIds)].slice(0, MAX_READS);
  const rows = ids.length === 0 ? new Map<string, AttributeMap>() : await table.read(ids);
  return {
    found: ids.map((id) => {
      const row = rows.get(id);
      return { entry: newEntry(id, (row && versionOf(row)) ?? 0), row };
    }),
  };
}

async function through<Place>(
  places: Places<Place>,
  job: Job,
  cursor: string | undefined,
  limit: number,
  { table }: FindOptions,
): Promise<FoundEntries> {
  let place = cursor === undefined ? await places.first() : (JSON.parse(cursor) as Place);
  const found: FoundEntry[] = [];
  for (let pages = 0; place !== undefined && pages < MOST_PAGES && found.length < limit; pages += 1) {
    const page: IdPage<Place> = await places.page(place, Math.min(MAX_READS, limit - found.length));
    if (page.transactionIds.length > 0) {
      const rows = await table.read([...new Set(page.transactionIds)]);
      for (const [id, row] of rows)
        if (isMatching(row, job)) found.push({ entry: newEntry(id, versionOf(row) ?? 0), row });
    }
    place = page.next;
  }
  return { found, ...(place !== undefined && { cursor: JSON.stringify(place) }) };
}
