/**
 * Which waiting transactions each merchant gets back now. A merchant that is paused, disabled or whose circuit is open gets none; a
 * half-open circuit gets one, for the probe; all others get credits at a rate that starts small, doubles look by look while they are
 * all used and taken, and halves when some were turned away: no herd comes after a recovery, and a backlog drains as fast as its
 * merchant takes it. All merchants together get no more than the release rate (`share-rates.ts`). What is past its time goes out whatever the gate
 * says, so that the worker can give it up. No more is read than goes out, and one merchant's trouble is that merchant's alone.
 */
import type { GatesTable } from "../../aws/gates-table.ts";
import type { MerchantsTable } from "../../aws/merchants-table.ts";
import type { AttributeMap } from "../../core/attribute-value.ts";
import { waitKeys } from "../../core/due-index.ts";
import type { Gate } from "../../core/gate.ts";
import { sideBySide } from "../../core/side-by-side.ts";
import { inTurn } from "./in-turn.ts";
import { demandOf, FIRST_RATE, MAX_LOOKS, QUIET_AFTER_MS, rateFor, type RateLimits } from "./release-rate.ts";
import { fairLevel } from "./share-rates.ts";

export interface MerchantReleaseParts extends RateLimits {
  readonly gates: Pick<GatesTable, "read" | "noteRelease" | "unmarkWaiting">;
  readonly waitingGates: () => Promise<ReadonlyMap<string, Gate>>;
  readonly merchants: Pick<MerchantsTable, "read">;
  readonly dueIds: (dueKey: string, dueUntil: number, limit: number) => Promise<string[]>;
  readonly merchantShards: number;
  /** Whether this execution looks after the merchant. @default after all */
  readonly isMine?: (merchantId: string) => boolean;
  readonly warn: (message: string, details: Readonly<Record<string, unknown>>) => void;
}

/** Rows past their time that one look takes from a shard. */
const MAX_EXPIRED = 100;
/** Milliseconds after which an empty backlog is forgotten: longer than the twelve hours for which a task can hold what it is to park. */
const FORGET_AFTER_MS = 46_800_000;
/** Merchants that one look comes to; where more wait, the next look goes on with the others. */
const MERCHANTS_A_LOOK = 10_000;
/** Part of the time between two looks for which a rate is tried at least before it is doubled: one look may follow the other at once. */
const TRIED_SHARE = 0.2;
const MERCHANTS_A_READ = 100;
const READS_AT_ONCE = 4;
const MERCHANTS_AT_ONCE = 16;

/**
 * @param isFirstLook of this run: what is past its time, and merchants that have been quiet, are looked for in it alone
 * @param granted told of each merchant's part as soon as it is known
 * @returns ids of transactions to release now, merchants in turn, each one's oldest first
 */
export async function grantMerchants(
  parts: MerchantReleaseParts,
  now: number,
  isFirstLook: boolean,
  granted: (ids: readonly string[]) => void = () => undefined,
): Promise<string[]> {
  const all = [...(await parts.waitingGates())];
  const level = fairLevel(
    all.map(([, gate]) => demandOf(gate, parts, now)),
    parts.maxReleaseRate,
  );
  const look = { now, isFirstLook, level };
  const gates = partOf(
    all.filter(([merchantId, gate]) => (parts.isMine?.(merchantId) ?? true) && isLookedAt(gate, parts, look)),
    Math.floor(now / parts.everyMs),
  );
  const reads = Array.from({ length: Math.ceil(gates.length / MERCHANTS_A_READ) }, (_, read) =>
    gates.slice(read * MERCHANTS_A_READ, (read + 1) * MERCHANTS_A_READ),
  );
  const rows = (await sideBySide(reads, READS_AT_ONCE, (some) => registered(some, parts))).flat();
  const grants = await sideBySide(rows, MERCHANTS_AT_ONCE, async ({ merchantId, gate, row }) => {
    const ids = await grantSafely(merchantId, gate, row, parts, look);
    granted(ids);
    return ids;
  });
  return inTurn(grants);
}

interface Look {
  readonly now: number;
  readonly isFirstLook: boolean;
  /** Most that any merchant gets a second, so that all of them get no more than there is. */
  readonly level: number;
}

type WaitingGate = readonly [merchantId: string, gate: Gate];

function isLookedAt({ waitingAt, releasedAt }: Gate, { everyMs }: MerchantReleaseParts, { now, isFirstLook }: Look) {
  if (now >= releasedAt && now - releasedAt < everyMs * TRIED_SHARE) return false;
  return isFirstLook || now - Math.max(waitingAt, releasedAt) < QUIET_AFTER_MS;
}

/** Merchants with their rows, those that could be read: without one its rate limit is not known. */
async function registered(some: readonly WaitingGate[], { merchants, warn }: MerchantReleaseParts) {
  try {
    const { rows, unread } = await merchants.read(some.map(([merchantId]) => merchantId));
    return some.flatMap(([merchantId, gate]) =>
      unread.has(merchantId) ? [] : [{ merchantId, gate, row: rows.get(merchantId) }],
    );
  } catch (error) {
    warn("merchants not read, what waits for them waits on", { merchants: some.length, error: String(error) });
    return [];
  }
}

/** @param look counts up, look by look */
function partOf<Item>(items: readonly Item[], look: number): readonly Item[] {
  const parts = Math.max(1, Math.ceil(items.length / MERCHANTS_A_LOOK));
  const start = (look % parts) * MERCHANTS_A_LOOK;
  return items.slice(start, start + MERCHANTS_A_LOOK);
}

/** One merchant's trouble, as a gate that is throttled, is that merchant's alone. */
async function grantSafely(
  merchantId: string,
  gate: Gate,
  row: AttributeMap | undefined,
  parts: MerchantReleaseParts,
  look: Look,
): Promise<string[]> {
  try {
    return await grant(merchantId, gate, row, parts, look);
  } catch (error) {
    parts.warn("what waits for a merchant waits on", { merchantId, error: String(error) });
    return [];
  }
}

async function grant(
  merchantId: string,
  gate: Gate,
  row: AttributeMap | undefined,
  parts: MerchantReleaseParts,
  { now, isFirstLook, level }: Look,
): Promise<string[]> {
  const { gates, dueIds, merchantShards } = parts;
  const shards = waitKeys(merchantId, merchantShards);
  const expired = isFirstLook ? (await Promise.all(shards.map((key) => dueIds(key, now, MAX_EXPIRED)))).flat() : [];
  const asked = rateFor(gate, row, parts, now);
  if (asked === 0) return expired;
  const rate = asked === "one probe" ? asked : Math.min(asked, level);
  const elapsedMs = elapsedFor(gate, rate === level, parts, now);
  const credits = rate === "one probe" ? 1 : Math.floor((rate * elapsedMs) / 1000);
  const isForgotten = gate.waitingAt < now - FORGET_AFTER_MS;
  if (credits === 0 && !isForgotten) return expired;
  const ids = await oldestOf(shards, Math.max(1, credits), dueIds);
  if (ids.length === 0) {
    if (isForgotten) await gates.unmarkWaiting(merchantId, gate.waitingAt);
    return [];
  }
  if (credits === 0) return expired;
  if (rate !== "one probe") {
    // A rate that was not used up has not been tried.
    const noted = ids.length < credits ? Math.min(rate, gate.releaseRate ?? parts.firstRate ?? FIRST_RATE) : rate;
    // Another run of this function may be at it: whoever notes it releases.
    if (!(await gates.noteRelease(merchantId, gate.releasedAt, noted, now))) return expired;
  }
  return [...new Set([...expired, ...ids])];
}

/** Milliseconds that its credits are for. @param isShared the rate is its part of what there is: what it did not use has gone to others */
function elapsedFor({ releasedAt }: Gate, isShared: boolean, { everyMs }: MerchantReleaseParts, now: number): number {
  const elapsedMs = now - releasedAt;
  if (elapsedMs < 0 || (isShared && elapsedMs > MAX_LOOKS * everyMs)) return everyMs;
  return Math.min(elapsedMs, MAX_LOOKS * everyMs);
}

/** No more is read than may go: each shard has its part, and those that have more give what others lack. */
async function oldestOf(
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
