/**
 * What one look finds: what is due of each kind in the shards that it may look into, and what waits for merchants, as
 * it is granted. Leases are taken of groups in which something is to be done, and of no others.
 */
import { METRICS } from "../../../core/settings/names.ts";
import { grantMerchants } from "../merchants/grant-merchants.ts";
import type { MerchantReleaseParts } from "../merchants/merchant-release-parts.ts";
import { isLively } from "../merchants/release-rate.ts";
import type { TurnParts } from "../rows/carry-out.ts";
import { overdueBefore } from "../rows/plan.ts";
import { countOf, type DueShard, findDue, type FindDueParts } from "./find-due.ts";
import { groupOfMerchantShard, groupOfShard, type GroupKeys } from "./groups.ts";
import type { Scope } from "./look-scope.ts";

export interface FinderParts extends MerchantReleaseParts, Pick<TurnParts, "goneBefore" | "leaseMs" | "count"> {}

export interface FinderOptions {
  readonly parts: FinderParts;
  readonly scope: Scope;
  /** Of the look, epoch milliseconds: what is due by then is. */
  readonly startedAt: number;
  readonly rowsAShard: number;
  /** Told of each shard that cannot be read. */
  readonly failed: FindDueParts["failed"];
}

export interface DueByKind {
  readonly parked: readonly DueShard[];
  readonly pending: readonly DueShard[];
  readonly ordered: readonly DueShard[];
}

export class LookFinder {
  readonly #options: FinderOptions;
  #isActive = false;
  #isMoreDue = false;

  constructor(options: FinderOptions) {
    this.#options = options;
  }

  /** Something was due, or may go to a merchant within the minute. */
  get isActive(): boolean {
    return this.#isActive;
  }

  /** A shard had as many as one look takes. */
  get isMoreDue(): boolean {
    return this.#isMoreDue;
  }

  /** @returns what is due of each kind, in groups of which it got the lease */
  async due({ parked, pending, ordered }: GroupKeys): Promise<DueByKind> {
    const found = await Promise.all([this.dueNow(parked), this.dueNow(pending), this.dueNow(ordered)]);
    this.#isActive ||= found.some((shards) => shards.length > 0);
    this.#isMoreDue = found.flat().some(({ ids }) => ids.length === this.#options.rowsAShard);
    return this.#leased(...found);
  }

  dueNow(keys: readonly string[]): Promise<DueShard[]> {
    return this.#dueUntil(keys, this.#options.startedAt);
  }

  /** Pending rows of which no message is in the queue: they are due the longest. */
  async unacknowledged(due: readonly DueShard[]): Promise<readonly DueShard[]> {
    if (due.length === 0) return [];
    const { goneBefore, leaseMs } = this.#options.parts;
    return this.dueBefore(due, overdueBefore(await goneBefore(), leaseMs));
  }

  /** @param before epoch milliseconds. @returns of what is due, what is due before; the rest is counted as postponed */
  async dueBefore(due: readonly DueShard[], before: number): Promise<readonly DueShard[]> {
    if (before > this.#options.startedAt) return due;
    const keys = before < 0 ? [] : due.map(({ dueKey }) => dueKey);
    const found = await this.#dueUntil(keys, Math.ceil(before) - 1);
    this.#options.parts.count(METRICS.releasePostponed, countOf(due) - countOf(found));
    return found;
  }

  /** What waits for merchants. @param granted told of each merchant's part as soon as it is known */
  async grant(isFirstLook: boolean, granted: (ids: readonly string[]) => void): Promise<void> {
    const { parts, startedAt, scope } = this.#options;
    const { groups, mine, lease } = scope;
    const healthRows = await parts.waitingMerchants();
    const groupsOf = (merchantId: string) =>
      Array.from({ length: parts.merchantShards }, (_, shard) => groupOfMerchantShard(merchantId, shard, groups));
    const own = [...healthRows].filter(([merchantId]) => groupsOf(merchantId).some((group) => mine.has(group)));
    const lively = own.filter(([, health]) => isLively(health, startedAt));
    this.#isActive ||= lively.length > 0;
    const looked = isFirstLook ? own : lively;
    const wanted = new Set(looked.flatMap(([merchantId]) => groupsOf(merchantId)).filter((group) => mine.has(group)));
    if (wanted.size === 0) return;
    const held = await lease(wanted);
    const isMine = (merchantId: string, shard: number) => held.has(groupOfMerchantShard(merchantId, shard, groups));
    await grantMerchants(
      { ...parts, waitingMerchants: async () => healthRows, isMine },
      startedAt,
      isFirstLook,
      granted,
    );
  }

  async #leased(
    parked: readonly DueShard[] = [],
    pending: readonly DueShard[] = [],
    ordered: readonly DueShard[] = [],
  ): Promise<DueByKind> {
    const { groups, lease } = this.#options.scope;
    const all = [...parked, ...pending, ...ordered];
    const wanted = new Set(all.map(({ dueKey }) => groupOfShard(dueKey, groups)));
    const held = wanted.size === 0 ? wanted : await lease(wanted);
    const of = (shards: readonly DueShard[]) => shards.filter(({ dueKey }) => held.has(groupOfShard(dueKey, groups)));
    return { parked: of(parked), pending: of(pending), ordered: of(ordered) };
  }

  #dueUntil(keys: readonly string[], until: number): Promise<DueShard[]> {
    const { parts, rowsAShard, failed } = this.#options;
    return findDue(keys, until, rowsAShard, { dueIds: parts.dueIds, failed });
  }
}
