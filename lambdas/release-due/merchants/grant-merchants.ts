/**
 * Which waiting transactions each merchant gets back now. A merchant that is paused, disabled or whose circuit is open
 * gets none; a half-open circuit gets one, for the probe; all others get credits at a rate that starts small, doubles
 * look by look while they are all used and taken, and halves when some were turned away: no herd comes after a
 * recovery, and a backlog drains as fast as its merchant takes it. All live merchants together get no more than the
 * release rate (`share-rates.ts`), and the sandbox a tenth of it beside them. What is past its time goes out whatever
 * the health row says, so that the worker can give it up. No more is read than goes out, and one merchant's trouble is
 * that merchant's alone.
 */
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import type { MerchantHealth } from "../../../core/merchant/merchant-health.ts";
import { sideBySide } from "../../../core/concurrency/side-by-side.ts";
import { sandboxPart } from "../../../core/merchant/sandbox-limits.ts";
import { inTurn } from "../in-turn.ts";
import { grant } from "./grant-one.ts";
import type { MerchantReleaseParts, MerchantsLook } from "./merchant-release-parts.ts";
import { shardsOf } from "./merchant-shards.ts";
import { demandOf, QUIET_AFTER_MS } from "./release-rate.ts";
import { fairLevel } from "./share-rates.ts";
import { logError } from "../../../core/telemetry/log-error.ts";

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
  const all = [...(await parts.waitingMerchants())];
  const look = { now, isFirstLook, ...(await levelsFor(all, parts, now)) };
  const healthRows = partOf(
    all.filter(([merchantId, health]) => {
      const { mine, isFirstMine } = shardsOf(merchantId, parts);
      return (
        mine.length > 0 && (!isFirstMine || isProven(health, parts, now)) && (isFirstLook || !isQuiet(health, now))
      );
    }),
    Math.floor(now / parts.everyMs),
  );
  const reads = Array.from({ length: Math.ceil(healthRows.length / MERCHANTS_A_READ) }, (_, read) =>
    healthRows.slice(read * MERCHANTS_A_READ, (read + 1) * MERCHANTS_A_READ),
  );
  const rows = (await sideBySide(reads, READS_AT_ONCE, (some) => registered(some, parts))).flat();
  const grants = await sideBySide(rows, MERCHANTS_AT_ONCE, async ({ merchantId, health, row }) => {
    const ids = await grantSafely(merchantId, health, row, parts, look);
    granted(ids);
    return ids;
  });
  return inTurn(grants);
}

/** The sandbox has a share of its own: no number of its merchants takes anything from live ones. */
async function levelsFor(all: readonly WaitingMerchant[], parts: MerchantReleaseParts, now: number) {
  const demands = all
    .map(([merchantId, health]) => ({ merchantId, demand: demandOf(health, parts, now) }))
    .filter(({ demand }) => demand > 0);
  const sandboxIds = await parts.sandboxMerchants.among(demands.map(({ merchantId }) => merchantId));
  const of = (isSandbox: boolean) =>
    demands.filter(({ merchantId }) => sandboxIds.has(merchantId) === isSandbox).map(({ demand }) => demand);
  const level = fairLevel(of(false), parts.maxReleaseRate);
  return { level, sandboxLevel: fairLevel(of(true), sandboxPart(parts.maxReleaseRate)), sandboxIds };
}

type WaitingMerchant = readonly [merchantId: string, gate: MerchantHealth];

/** Whether its rate was tried for long enough to be changed. What others have noted is followed at once. */
function isProven({ releasedAt }: MerchantHealth, { everyMs }: MerchantReleaseParts, now: number): boolean {
  return now < releasedAt || now - releasedAt >= everyMs * TRIED_SHARE;
}

function isQuiet({ waitingAt, releasedAt }: MerchantHealth, now: number): boolean {
  return now - Math.max(waitingAt, releasedAt) >= QUIET_AFTER_MS;
}

/** Merchants with their rows, those that could be read: without one its rate limit is not known. */
async function registered(some: readonly WaitingMerchant[], { merchants, warn }: MerchantReleaseParts) {
  try {
    const { rows, unread } = await merchants.read(some.map(([merchantId]) => merchantId));
    return some.flatMap(([merchantId, health]) =>
      unread.has(merchantId) ? [] : [{ merchantId, health, row: rows.get(merchantId) }],
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

/** One merchant's trouble, as a health row that is throttled, is that merchant's alone. */
async function grantSafely(
  merchantId: string,
  health: MerchantHealth,
  row: AttributeMap | undefined,
  parts: MerchantReleaseParts,
  look: MerchantsLook,
): Promise<string[]> {
  try {
    return await grant(merchantId, health, row, parts, look);
  } catch (error) {
    logError(parts.warn, "what waits for a merchant waits on", error, { merchantId });
    return [];
  }
}
