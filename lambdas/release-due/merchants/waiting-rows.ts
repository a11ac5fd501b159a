/** Rows that wait for a merchant, from its shards: the oldest, as many as may go, or one to probe it with. */
import { inTurn } from "../in-turn.ts";
import type { MerchantReleaseParts } from "./merchant-release-parts.ts";

/** Of so many, the newest, one probes a merchant whose circuit is half open. */
const PROBED_AMONG = 100;

/**
 * One of the newest: always the same one would use up all its attempts for the others, and wait hours by its schedule
 * when they have long been confirmed; and one that fails by itself would fail them.
 */
export async function probeOf(
  shards: readonly string[],
  { dueIds, random = Math.random }: MerchantReleaseParts,
): Promise<string[]> {
  const each = Math.ceil(PROBED_AMONG / shards.length);
  const newest = await Promise.all(shards.map((key) => dueIds(key, Number.MAX_SAFE_INTEGER, each, true)));
  const all = inTurn(newest);
  const probe = all[Math.floor(random() * all.length)];
  return probe === undefined ? [] : [probe];
}

/** No more is read than may go: each shard has its part, and those that have more give what others lack. */
export async function oldestOf(
  shards: readonly string[],
  most: number,
  dueIds: MerchantReleaseParts["dueIds"],
): Promise<string[]> {
  const each = Math.ceil(most / shards.length);
  const read = (key: string, limit: number) => dueIds(key, Number.MAX_SAFE_INTEGER, limit);
  const first = await Promise.all(shards.map((key) => read(key, each)));
  const missing = most - first.reduce((sum, ids) => sum + ids.length, 0);
  const hasMore = (ids: readonly string[]) => ids.length === each;
  if (missing <= 0 || !first.some(hasMore)) return inTurn(first).slice(0, most);
  const lists = first.map((ids, index) =>
    hasMore(ids) ? read(shards[index] as string, each + missing) : Promise.resolve(ids),
  );
  return inTurn(await Promise.all(lists)).slice(0, most);
}
