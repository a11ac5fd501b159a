/**
 * Which waiting transactions each merchant gets back now. A merchant that is paused, disabled or whose circuit is open
 * gets none; a half-open circuit gets one, for the probe; all others get credits at a rate that starts small, doubles
 * look by look while they are all used and taken, and halves when some were turned away: no herd comes after a
 * recovery, and a backlog drains as fast as its merchant takes it. All merchants together get no more than the release
 * rate (`share-rates.ts`). What is past its time goes out whatever the gate says, so that the worker can give it up. No
 * more is read than goes out, and one merchant's trouble is that merchant's alone.
 */
import type { GatesTable } from "../../core/aws/gates-table.ts";
import type { MerchantsTable } from "../../core/aws/merchants-table.ts";
import type { AttributeMap } from "../../core/transaction/attribute-value.ts";
import type { Gate } from "../../core/merchant/gate.ts";
import { sideBySide } from "../../core/concurrency/side-by-side.ts";
import { inTurn } from "./in-turn.ts";
import { followedCredits, isSpread, type MerchantShardsParts, shardsOf } from "./merchant-shards.ts";
import { demandOf, MAX_LOOKS, NOTHING_LEFT, QUIET_AFTER_MS, rateFor, type RateLimits } from "./release-rate.ts";
import { fairLevel } from "./share-rates.ts";
import { logError } from "../../core/telemetry/log-error.ts";

export interface MerchantReleaseParts extends RateLimits, MerchantShardsParts {
  readonly gates: Pick<GatesTable, "read" | "noteRelease" | "unmarkWaiting">;
  readonly waitingGates: () => Promise<ReadonlyMap<string, Gate>>;
  readonly merchants: Pick<MerchantsTable, "read">;
  /** @param isLastFirst what is due last comes first. @default what is due the longest does */
  readonly dueIds: (dueKey: string, dueUntil: number, limit: number, isLastFirst?: boolean) => Promise<string[]>;
  readonly warn: (message: string, details: Readonly<Record<string, unknown>>) => void;
  /** In [0, 1). @default Math.random */
  readonly random?: () => number;
}

/** Rows past their time that one look takes from a shard. */
const MAX_EXPIRED = 100;
/**
 * Milliseconds after which an empty backlog is forgotten: longer than the twelve hours for which a task can hold what
 * it is to park.
 */
const FORGET_AFTER_MS = 46_800_000;
/** Of so many, the newest, one probes a merchant whose circuit is half open. */
const PROBED_AMONG = 100;
/** Merchants that one look comes to; where more wait, the next look goes on with the others. */
const MERCHANTS_A_LOOK = 10_000;
/**
 * Part of the time between two looks for which a rate is tried at least before it is doubled: one look may follow the
 * other at once.
 */
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
    all.filter(([merchantId, gate]) => {
      const { mine, isFirstMine } = shardsOf(merchantId, parts);
      return mine.length > 0 && (!isFirstMine || isTried(gate, parts, now)) && (isFirstLook || !isQuiet(gate, now));
    }),
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

/** Whether its rate was tried for long enough to be changed. What others have noted is followed at once. */
function isTried({ releasedAt }: Gate, { everyMs }: MerchantReleaseParts, now: number): boolean {
  return now < releasedAt || now - releasedAt >= everyMs * TRIED_SHARE;
}

function isQuiet({ waitingAt, releasedAt }: Gate, now: number): boolean {
  return now - Math.max(waitingAt, releasedAt) >= QUIET_AFTER_MS;
}

/** Merchants with their rows, those that could be read: without one its rate limit is not known. */
async function registered(some: readonly WaitingGate[], { merchants, warn }: MerchantReleaseParts) {
  try {
    const { rows, unread } = await merchants.read(some.map(([merchantId]) => merchantId));
    return some.flatMap(([merchantId, gate]) =>
      unread.has(merchantId) ? [] : [{ merchantId, gate, row: rows.get(merchantId) }],
    );
  } catch (error) {
    logError(warn, "merchants not read, what waits for them waits on", error, { merchants: some.length });
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
    logError(parts.warn, "what waits for a merchant waits on", error, { merchantId });
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
  const { dueIds } = parts;
  const { mine, others, isFirstMine } = shardsOf(merchantId, parts);
  const expired = isFirstLook ? (await Promise.all(mine.map((key) => dueIds(key, now, MAX_EXPIRED)))).flat() : [];
  const asked = rateFor(gate, row, parts, now);
  if (asked === 0) return expired;
  if (asked === "one probe")
    return isFirstMine ? [...expired, ...(await probeOf([...mine, ...others], parts))] : expired;
  const ids = isFirstMine
    ? await grantAtRate(merchantId, gate, asked, parts, { now, isFirstLook, level })
    : await follow(merchantId, gate, parts);
  return [...new Set([...expired, ...ids])];
}

async function grantAtRate(
  merchantId: string,
  gate: Gate,
  asked: number,
  parts: MerchantReleaseParts,
  { now, level }: Look,
): Promise<string[]> {
  const rate = Math.min(asked, level);
  const { gates, dueIds } = parts;
  const { mine, others } = shardsOf(merchantId, parts);
  const keys = isSpread(rate, parts) ? mine : [...mine, ...others];
  const share = keys.length / (mine.length + others.length);
  const elapsedMs = elapsedFor(gate, rate === level, parts, now);
  const credits =
    share < 1 ? partOfCredits((rate * elapsedMs) / 1000, share, parts) : Math.floor((rate * elapsedMs) / 1000);
  const isForgotten = gate.waitingAt < now - FORGET_AFTER_MS;
  if (credits === 0 && !isForgotten) return [];
  const ids = await oldestOf(keys, Math.max(1, credits), dueIds);
  const isLeftToOthers = share < 1 && ids.length < credits && (await oldestOf(others, 1, dueIds)).length > 0;
  const isEmpty = ids.length === 0 && !isLeftToOthers;
  if (isEmpty && isForgotten) await gates.unmarkWaiting(merchantId, gate.waitingAt);
  if (credits === 0) return [];
  if (isEmpty) {
    // What it does not take is the other merchants'.
    if (gate.releaseRate !== NOTHING_LEFT) await gates.noteRelease(merchantId, gate.releasedAt, NOTHING_LEFT, now);
    return [];
  }
  // A rate that was not used up has not been tried, and what is left of it is the other merchants'.
  const used = (ids.length * 1000) / (elapsedMs * share);
  const noted = ids.length < credits && !isLeftToOthers ? Math.min(rate, used) : rate;
  // Another run of this function may be at it: whoever notes it releases.
  return (await gates.noteRelease(merchantId, gate.releasedAt, noted, now)) ? ids : [];
}

/** Rounded either way by chance, so that all parts together come to the whole. */
function partOfCredits(credits: number, share: number, { random = Math.random }: MerchantReleaseParts): number {
  return Math.floor(credits * share + random());
}

/** Its part of what was granted by whoever has the first shard. */
async function follow(merchantId: string, gate: Gate, parts: MerchantReleaseParts): Promise<string[]> {
  const { mine } = shardsOf(merchantId, parts);
  const credits = partOfCredits(followedCredits(merchantId, gate, parts), mine.length / parts.merchantShards, parts);
  return credits === 0 ? [] : oldestOf(mine, credits, parts.dueIds);
}

/**
 * Milliseconds that its credits are for.
 * @param isShared the rate is its part of what there is: what it did not use has gone to others
 */
function elapsedFor({ releasedAt }: Gate, isShared: boolean, { everyMs }: MerchantReleaseParts, now: number): number {
  const elapsedMs = now - releasedAt;
  if (elapsedMs < 0 || (isShared && elapsedMs > MAX_LOOKS * everyMs)) return everyMs;
  return Math.min(elapsedMs, MAX_LOOKS * everyMs);
}

/**
 * One of the newest: always the same one would use up all its tries for the others, and wait hours by its schedule when
 * they have long been confirmed; and one that fails by itself would fail them.
 */
async function probeOf(
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
