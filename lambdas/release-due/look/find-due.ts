/**
 * What is due in partitions of the index, some of them asked at once. One that cannot be read is one that has nothing,
 * and no other's trouble.
 */
import { sideBySide } from "../../../core/concurrency/side-by-side.ts";

export interface FindDueParts {
  readonly dueIds: (dueKey: string, dueUntil: number, limit: number) => Promise<string[]>;
  readonly failed: (error: unknown) => void;
}

export interface DueShard {
  readonly dueKey: string;
  readonly ids: readonly string[];
}

const QUERIES_AT_ONCE = 32;

/** @param dueUntil epoch milliseconds. @returns the partitions that have some, the longest due of each first */
export async function findDue(
  keys: readonly string[],
  dueUntil: number,
  limit: number,
  { dueIds, failed }: FindDueParts,
): Promise<DueShard[]> {
  const found = await sideBySide(keys, QUERIES_AT_ONCE, async (dueKey) => {
    try {
      return { dueKey, ids: await dueIds(dueKey, dueUntil, limit) };
    } catch (error) {
      failed(error);
      return { dueKey, ids: [] };
    }
  });
  return found.filter(({ ids }) => ids.length > 0);
}

export function countOf(shards: readonly DueShard[]): number {
  return shards.reduce((sum, { ids }) => sum + ids.length, 0);
}
