/**
 * How many waiting transactions a merchant gets a second: a small rate at first, twice as much look by look while it is
 * taken, half as much once some of it was turned away.
 */
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { stringOf } from "../../../core/transaction/attribute-value.ts";
import { circuitAt, type MerchantHealth, urlKey } from "../../../core/merchant/merchant-health.ts";
import type { Channel } from "../../../core/channels/channel.ts";
import { whyUnwanted } from "../../../core/channels/judge-channel.ts";
import { type Merchant, parseMerchant } from "../../../core/merchant/merchant.ts";
import { type SandboxLimits, withinLimits } from "../../../core/merchant/sandbox-limits.ts";
import { isOwned, originOf } from "../../../core/merchant/ownership.ts";

export interface RateLimits {
  /** Of each merchant of the sandbox. */
  readonly sandbox: SandboxLimits;
  /**
   * Waiting transactions that are requeued a second at most: for one merchant without a rate limit, and for all
   * together.
   */
  readonly maxReleaseRate: number;
  readonly maxOpenMs: number;
  readonly everyMs: number;
  /** Waiting transactions a second that a merchant gets at first. @default FIRST_RATE */
  readonly firstRate?: number;
}

/** Waiting transactions a second that a merchant gets at first. */
export const FIRST_RATE = 10;
/** Noted in place of a rate where nothing waited any more. */
export const NOTHING_LEFT = 0;
/** One look's credits are for this many looks at most: a rate is no stock. */
export const MAX_LOOKS = 2;
/** Milliseconds after the last release until which its rate says something about the merchant. */
const RATE_KEPT_MS = 60_000;
/**
 * Milliseconds without a note or a requeue after which a merchant is looked at in the first look of a run only, so once
 * a minute.
 */
export const QUIET_AFTER_MS = 300_000;

/** What it could take, as far as its health row tells. One that has been quiet for long is taken to have nothing. */
export function demandOf(health: MerchantHealth, limits: RateLimits, now: number): number {
  if (now - Math.max(health.waitingAt, health.releasedAt) >= QUIET_AFTER_MS) return 0;
  if (health.releaseRate === NOTHING_LEFT && health.waitingAt <= health.releasedAt) return 0;
  const rate = rateFor(health, undefined, limits, now);
  return rate === "one probe" ? 0 : rate;
}

/** Whether it may get something within the minute: not paused, and something was noted or released of late. */
export function isLively(health: MerchantHealth, now: number): boolean {
  return health.pausedAt === undefined && now - Math.max(health.waitingAt, health.releasedAt) < QUIET_AFTER_MS;
}

export function rateFor(
  health: MerchantHealth,
  row: AttributeMap | undefined,
  { maxReleaseRate, maxOpenMs, everyMs, sandbox, firstRate = FIRST_RATE }: RateLimits,
  now: number,
): number | "one probe" {
  if (health.pausedAt !== undefined) return 0;
  const parsed = row === undefined ? undefined : parseMerchant(row);
  const merchant = parsed !== undefined && "merchant" in parsed ? parsed.merchant : undefined;
  const url = isHeldByUrl(merchant) ? stringOf(row?.["confirmationUrl"]) : undefined;
  if (url !== undefined && health.disabledUrls.includes(urlKey(url))) return 0;
  if (url !== undefined && merchant !== undefined && !isOwned(merchant, originOf(url) ?? "")) return 0;
  const circuit = circuitAt(health, now, maxOpenMs);
  if (circuit === "open") return 0;
  if (circuit === "half open") return "one probe";
  const own = merchant === undefined ? undefined : withinLimits(merchant, sandbox).rateLimitPerSecond;
  const most = Math.min(own ?? maxReleaseRate, maxReleaseRate);
  const before = health.releaseRate;
  const isNew = before === undefined || (before === NOTHING_LEFT && health.waitingAt > health.releasedAt);
  if (isNew || now - health.releasedAt > RATE_KEPT_MS) return Math.min(firstRate, most);
  const next = health.turnedAwayAt > health.releasedAt ? before / 2 : before * 2;
  // One in two looks at least: a thousand merchants that turn away what they get must not fill the queue with it.
  return Math.min(most, Math.max(1000 / (MAX_LOOKS * everyMs), next));
}

/**
 * Whether nothing of it goes out while its URL may not be called. With a channel that does not need it, what waits from
 * before there were channels goes on by that one; what comes back, as its own plan has the URL first, comes back few at
 * a time.
 */
function isHeldByUrl(merchant: Merchant | undefined): boolean {
  return merchant?.channels?.every((channel) => needsUrl(channel) || whyUnwanted(channel) !== undefined) ?? true;
}

function needsUrl(channel: Channel): boolean {
  return channel.kind === "webhook" && channel.url === undefined;
}
