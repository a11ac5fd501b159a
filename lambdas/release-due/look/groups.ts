/**
 * Groups of shards of the due index, and of merchants: what one lease is for. Every program comes to the same, from the
 * number of groups alone. An execution is one of several parts that look after the groups between them; those of a part
 * that gives no sign are everybody's.
 */
import { dueKeys } from "../../../core/transaction/row/index-keys.ts";

/** Groups for each part: so many can be handed over one by one. */
export const GROUPS_A_PART = 4;

export interface GroupKeys {
  readonly parked: readonly string[];
  readonly pending: readonly string[];
  readonly ordered: readonly string[];
}

export function groupOfShard(dueKey: string, groups: number): number {
  return Number(dueKey.slice(dueKey.lastIndexOf("#") + 1)) % groups;
}

/** FNV-1a: any spread does. The shards of one merchant are in groups of different parts. */
export function groupOfMerchantShard(merchantId: string, shard: number, groups: number): number {
  let sum = 0x811c9dc5;
  for (let index = 0; index < merchantId.length; index += 1)
    sum = Math.imul(sum ^ merchantId.charCodeAt(index), 0x01000193) >>> 0;
  return (sum + shard) % groups;
}

/** Partitions of these groups. @param turn another one begins at another shard */
export function keysOf(mine: ReadonlySet<number>, groups: number, dueShards: number, turn: number): GroupKeys {
  const { parked, pending, ordered } = dueKeys(dueShards);
  const of = (keys: readonly string[]) => {
    const own = keys.filter((key) => mine.has(groupOfShard(key, groups)));
    const start = own.length === 0 ? 0 : turn % own.length;
    return [...own.slice(start), ...own.slice(0, start)];
  };
  return { parked: of(parked), pending: of(pending), ordered: of(ordered) };
}

/** @param alive parts that gave a sign of late. @returns groups that this part is to look after */
export function groupsOfPart(part: number, parts: number, alive: ReadonlySet<number>): number[] {
  const all = Array.from({ length: parts * GROUPS_A_PART }, (_, group) => group);
  return all.filter((group) => group % parts === part || !alive.has(group % parts));
}
