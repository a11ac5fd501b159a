/**
 * What one merchant gets back now, by its health row: nothing, one probe, or its credits. Whoever has its first shard
 * decides and notes the rate; others follow what was noted.
 */
import type { MerchantHealth } from "../../../core/merchant/merchant-health.ts";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import type { MerchantReleaseParts, MerchantsLook } from "./merchant-release-parts.ts";
import { followedCredits, isSpread, shardsOf } from "./merchant-shards.ts";
import { MAX_LOOKS, NOTHING_LEFT, rateFor } from "./release-rate.ts";
import { oldestOf, probeOf } from "./waiting-rows.ts";

/** Rows past their time that one look takes from a shard. */
const MAX_EXPIRED = 100;
/**
 * Milliseconds after which an empty backlog is forgotten: longer than the twelve hours for which a task can hold what
 * it is to park.
 */
const FORGET_AFTER_MS = 46_800_000;

export async function grant(
  merchantId: string,
  health: MerchantHealth,
  row: AttributeMap | undefined,
  parts: MerchantReleaseParts,
  look: MerchantsLook,
): Promise<string[]> {
  const { now, isFirstLook } = look;
  const { dueIds } = parts;
  const { mine, others, isFirstMine } = shardsOf(merchantId, parts);
  const expired = isFirstLook ? (await Promise.all(mine.map((key) => dueIds(key, now, MAX_EXPIRED)))).flat() : [];
  const asked = rateFor(health, row, parts, now);
  if (asked === 0) return expired;
  if (asked === "one probe")
    return isFirstMine ? [...expired, ...(await probeOf([...mine, ...others], parts))] : expired;
  const ids = isFirstMine
    ? await grantAtRate(merchantId, health, asked, parts, look)
    : await follow(merchantId, health, parts);
  return [...new Set([...expired, ...ids])];
}

async function grantAtRate(
  merchantId: string,
  health: MerchantHealth,
  asked: number,
  parts: MerchantReleaseParts,
  { now, level: liveLevel, sandboxLevel, sandboxIds }: MerchantsLook,
): Promise<string[]> {
  const level = sandboxIds.has(merchantId) ? sandboxLevel : liveLevel;
  const rate = Math.min(asked, level);
  const { healthTable, dueIds } = parts;
  const { mine, others } = shardsOf(merchantId, parts);
  const keys = isSpread(rate, parts) ? mine : [...mine, ...others];
  const share = keys.length / (mine.length + others.length);
  const elapsedMs = elapsedFor(health, rate === level, parts, now);
  const credits =
    share < 1 ? partOfCredits((rate * elapsedMs) / 1000, share, parts) : Math.floor((rate * elapsedMs) / 1000);
  const isForgotten = health.waitingAt < now - FORGET_AFTER_MS;
  if (credits === 0 && !isForgotten) return [];
  const ids = await oldestOf(keys, Math.max(1, credits), dueIds);
  const isLeftToOthers = share < 1 && ids.length < credits && (await oldestOf(others, 1, dueIds)).length > 0;
  const isEmpty = ids.length === 0 && !isLeftToOthers;
  if (isEmpty && isForgotten) await healthTable.unmarkWaiting(merchantId, health.waitingAt);
  if (credits === 0) return [];
  if (isEmpty) {
    // What it does not take is the other merchants'.
    if (health.releaseRate !== NOTHING_LEFT)
      await healthTable.noteRequeueRate(merchantId, health.releasedAt, NOTHING_LEFT, now);
    return [];
  }
  // A rate that was not used up has not been tried, and what is left of it is the other merchants'.
  const used = (ids.length * 1000) / (elapsedMs * share);
  const noted = ids.length < credits && !isLeftToOthers ? Math.min(rate, used) : rate;
  // Another run of this function may be at it: whoever notes it releases.
  return (await healthTable.noteRequeueRate(merchantId, health.releasedAt, noted, now)) ? ids : [];
}

/** Rounded either way by chance, so that all parts together come to the whole. */
function partOfCredits(credits: number, share: number, { random = Math.random }: MerchantReleaseParts): number {
  return Math.floor(credits * share + random());
}

/** Its part of what was granted by whoever has the first shard. */
async function follow(merchantId: string, health: MerchantHealth, parts: MerchantReleaseParts): Promise<string[]> {
  const { mine } = shardsOf(merchantId, parts);
  const credits = partOfCredits(followedCredits(merchantId, health, parts), mine.length / parts.merchantShards, parts);
  return credits === 0 ? [] : oldestOf(mine, credits, parts.dueIds);
}

/**
 * Milliseconds that its credits are for.
 * @param isShared the rate is its part of what there is: what it did not use has gone to others
 */
function elapsedFor(
  { releasedAt }: MerchantHealth,
  isShared: boolean,
  { everyMs }: MerchantReleaseParts,
  now: number,
): number {
  const elapsedMs = now - releasedAt;
  if (elapsedMs < 0 || (isShared && elapsedMs > MAX_LOOKS * everyMs)) return everyMs;
  return Math.min(elapsedMs, MAX_LOOKS * everyMs);
}
