/**
 * The shards of what waits for one merchant, among executions that each look after some of them. Who has the first one
 * decides on the merchant's rate and notes it in its health row. While that is small it releases from all shards
 * itself; the executions that have the others follow a larger one, each its part, so that no merchant's backlog is
 * bounded by what one execution gets through.
 */
import { waitKeys } from "../../../core/transaction/row/index-keys.ts";
import type { MerchantHealth } from "../../../core/merchant/merchant-health.ts";
import { MAX_LOOKS } from "./release-rate.ts";

export interface MerchantShardsParts {
  readonly merchantShards: number;
  readonly everyMs: number;
  /** Whether this execution looks after a shard of a merchant. @default after all */
  readonly isMine?: (merchantId: string, shard: number) => boolean;
  /**
   * Waiting transactions a second from which a merchant's shards are requeued by all who have some.
   * @default SPREAD_FROM_RATE
   */
  readonly spreadFromRate?: number;
  /** When what was followed last was noted, by merchant; kept from look to look. @default nothing was followed yet */
  readonly followed?: Map<string, number>;
}

export const SPREAD_FROM_RATE = 50;

export interface MerchantShards {
  readonly isFirstMine: boolean;
  readonly mine: readonly string[];
  readonly others: readonly string[];
}

export function shardsOf(merchantId: string, { merchantShards, isMine }: MerchantShardsParts): MerchantShards {
  const isOwn = (shard: number) => isMine?.(merchantId, shard) ?? true;
  const keys = waitKeys(merchantId, merchantShards);
  return {
    isFirstMine: isOwn(0),
    mine: keys.filter((_, shard) => isOwn(shard)),
    others: keys.filter((_, shard) => !isOwn(shard)),
  };
}

export function isSpread(rate: number, { spreadFromRate = SPREAD_FROM_RATE }: MerchantShardsParts): boolean {
  return rate >= spreadFromRate;
}

/**
 * @returns how many may go of all shards together, at the rate that was noted since the last time; each note is
 * followed once
 */
export function followedCredits(merchantId: string, health: MerchantHealth, parts: MerchantShardsParts): number {
  const { followed, everyMs } = parts;
  const rate = health.releaseRate ?? 0;
  const before = followed?.get(merchantId);
  if (!isSpread(rate, parts) || before === health.releasedAt) return 0;
  followed?.set(merchantId, health.releasedAt);
  const elapsedMs = before === undefined ? everyMs : Math.min(health.releasedAt - before, MAX_LOOKS * everyMs);
  return (rate * Math.max(0, elapsedMs)) / 1000;
}
