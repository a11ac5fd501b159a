/**
 * One look at the due index: what is due is found, and in turns of 100 rows, some side by side, carried out
 * (`carry-out.ts`).
 *
 *   finding       what is due of each kind; what is found first is carried out while the rest is still looked for
 *   carrying out  kinds and shards in turn, while there is time and the queue takes messages
 *   in order      rows with an ordering key, each shard in its order, in a part of the time of their own
 *
 * It ends when nothing more is due or its time is over; turns that were begun are ended. Where the queue took nothing
 * in the look before, the first turn is a small one, alone.
 */
import { EVERYONE } from "../../core/merchant/gate.ts";
import { METRICS } from "../../core/settings/names.ts";
import { REPEAT_PATIENCE_MS } from "../../core/transaction/ordering.ts";
import { carryOutTurn, type TurnParts } from "./carry-out.ts";
import { countOf, type DueShard, findDue } from "./find-due.ts";
import { groupOfMerchantShard, groupOfShard, type GroupKeys, keysOf } from "./groups.ts";
import { EVERYTHING, type Look, LOOK_SIZES, type LookSizes, NOTHING_DUE, type Scope } from "./look-scope.ts";
import { grantMerchants, type MerchantReleaseParts } from "./merchants.ts";
import { overdueBefore } from "./plan.ts";
import { isLively } from "./release-rate.ts";
import { Turns } from "./turns.ts";
import { within } from "./within.ts";
import { logError } from "../../core/telemetry/log-error.ts";

export interface ReleaseParts extends MerchantReleaseParts, TurnParts {
  /** @default LOOK_SIZES */
  readonly sizes?: LookSizes;
  /**
   * Pauses. What waits for merchants then goes out over most of the time to the next look.
   * @default all of it goes at once
   */
  readonly pace?: (ms: number) => Promise<unknown>;
}

/**
 * Part of the time between two looks over which goes out what waits for merchants: in one burst it would overrun them,
 * and the table.
 */
const PACED_SHARE = 0.8;
const PACE_MS = 50;
/** Part of a look that is left to rows with an ordering key, where there are any. */
const ORDERED_SHARE = 0.25;

/** @param isFirstLook of this run. @param scope @default everything */
export async function releaseDue(parts: ReleaseParts, isFirstLook: boolean, scope = EVERYTHING): Promise<Look> {
  if (await isEverythingPaused(parts)) return NOTHING_DUE;
  return new OneLook(parts, scope).run(isFirstLook);
}

/** Workers look for themselves: what is released while this cannot be read waits in the queue. */
async function isEverythingPaused({ gates, warn, sizes = LOOK_SIZES }: ReleaseParts): Promise<boolean> {
  try {
    const { gates: found } = await within(sizes.pauseLimitMs, () => gates.read([EVERYONE]));
    return found.get(EVERYONE)?.pausedAt !== undefined;
  } catch (error) {
    logError(warn, "gate of everyone not read", error);
    return false;
  }
}

/** State: what was found and what came of it; `run` goes through its parts in order. */
class OneLook {
  readonly #parts: ReleaseParts;
  readonly #scope: Scope;
  readonly #startedAt: number;
  readonly #sizes: LookSizes;
  readonly #turns = new Turns();
  readonly #find;
  /** Until pending rows are known. */
  #pending: Promise<void> | undefined;
  #left: number;
  #released = 0;
  /** Rows that waited for merchants. */
  #gone = 0;
  #isMoreDue = false;
  #isActive = false;
  #isQueueUp = true;
  #isAnyMoved = false;
  #isOver = false;
  #failure: { readonly error: unknown } | undefined;

  constructor(parts: ReleaseParts, scope: Scope) {
    this.#parts = parts;
    this.#scope = scope;
    this.#startedAt = parts.now();
    this.#sizes = parts.sizes ?? LOOK_SIZES;
    this.#left = scope.mostRows;
    this.#find = { dueIds: parts.dueIds, failed: (error: unknown) => this.#failed("shard not read", error) };
    void scope.over.then(() => {
      this.#isOver = true;
    });
  }

  async run(isFirstLook: boolean): Promise<Look> {
    const { groups, mine, turn, lengthMs, isQueueSuspect } = this.#scope;
    const keys = keysOf(mine, groups, this.#parts.dueShards, turn);
    this.#turns.prepare(this.#grant(isFirstLook).catch((error) => this.#failed("gates not read", error)));
    const { parked, pending, ordered } = await this.#leased(await this.#dueOf(keys));
    for (const { ids } of parked) this.#turns.add("parked", ids);
    const isAnyOrdered = ordered.length > 0;
    this.#pending = this.#addPending(pending).catch((error) => this.#failed("pending rows not read", error));
    this.#turns.prepare(this.#pending);
    void this.#pending.then(() => {
      this.#pending = undefined;
    });
    if (isQueueSuspect) await this.#turn(0, this.#sizes.probeRows);
    const endsAt = this.#startedAt + lengthMs;
    // Pending rows may have to be moved to those with an ordering key first; for merchants these do not wait.
    if (isAnyOrdered) {
      const othersEndAt = this.#startedAt + lengthMs * (1 - ORDERED_SHARE);
      await this.#inLanes((lane) => this.#unordered(lane, othersEndAt, () => this.#pending));
      await this.#inOrder(keys.ordered, ordered);
    }
    await this.#inLanes((lane) => this.#unordered(lane, endsAt, () => this.#turns.more));
    if (!isAnyOrdered && this.#isAnyMoved) await this.#inOrder(keys.ordered, []);
    if (this.#failure !== undefined && this.#released === 0) throw this.#failure.error;
    const isMoreDue = this.#isMoreDue && this.#released > 0 && this.#isQueueUp && this.#left > 0;
    return { released: this.#released, isMoreDue, isActive: this.#isActive, isQueueUp: this.#isQueueUp };
  }

  async #dueOf({ parked, pending, ordered }: GroupKeys) {
    const find = (keys: readonly string[]) => findDue(keys, this.#startedAt, this.#sizes.rowsAShard, this.#find);
    const found = await Promise.all([find(parked), find(pending), find(ordered)]);
    this.#isActive ||= found.some((shards) => shards.length > 0);
    this.#isMoreDue = found.flat().some(({ ids }) => ids.length === this.#sizes.rowsAShard);
    return found;
  }

  async #leased([parked, pending, ordered]: readonly DueShard[][]) {
    const { groups, lease } = this.#scope;
    const all = [parked, pending, ordered].map((shards = []) => shards);
    const wanted = new Set(all.flat().map(({ dueKey }) => groupOfShard(dueKey, groups)));
    const held = wanted.size === 0 ? wanted : await lease(wanted);
    const of = (shards: readonly DueShard[] = []) =>
      shards.filter(({ dueKey }) => held.has(groupOfShard(dueKey, groups)));
    return { parked: of(parked), pending: of(pending), ordered: of(ordered) };
  }

  /** What waits for merchants, as it is granted. */
  async #grant(isFirstLook: boolean): Promise<void> {
    const { groups, mine, lease } = this.#scope;
    const gates = await this.#parts.waitingGates();
    const groupsOf = (merchantId: string) =>
      Array.from({ length: this.#parts.merchantShards }, (_, shard) => groupOfMerchantShard(merchantId, shard, groups));
    const own = [...gates].filter(([merchantId]) => groupsOf(merchantId).some((group) => mine.has(group)));
    const lively = own.filter(([, gate]) => isLively(gate, this.#startedAt));
    this.#isActive ||= lively.length > 0;
    const looked = isFirstLook ? own : lively;
    const wanted = new Set(looked.flatMap(([merchantId]) => groupsOf(merchantId)).filter((group) => mine.has(group)));
    if (wanted.size === 0) return;
    const held = await lease(wanted);
    const isMine = (merchantId: string, shard: number) => held.has(groupOfMerchantShard(merchantId, shard, groups));
    const parts = { ...this.#parts, waitingGates: async () => gates, isMine };
    await grantMerchants(parts, this.#startedAt, isFirstLook, (ids) => this.#turns.add("merchant", ids));
  }

  /** Pending rows of which no message is in the queue: they are due the longest. */
  async #addPending(due: readonly DueShard[]): Promise<void> {
    if (due.length === 0) return;
    const before = overdueBefore(await this.#parts.goneBefore(), this.#parts.leaseMs);
    for (const { ids } of await this.#dueBefore(due, before)) this.#turns.add("pending", ids);
  }

  /** @param before epoch milliseconds. @returns of what is due, what is due before; the rest is counted as postponed */
  async #dueBefore(due: readonly DueShard[], before: number): Promise<readonly DueShard[]> {
    if (before > this.#startedAt) return due;
    const keys = before < 0 ? [] : due.map(({ dueKey }) => dueKey);
    const found = await findDue(keys, Math.ceil(before) - 1, this.#sizes.rowsAShard, this.#find);
    this.#parts.count(METRICS.releasePostponed, countOf(due) - countOf(found));
    return found;
  }

  async #inLanes(work: (lane: number) => Promise<void>): Promise<void> {
    await Promise.all(Array.from({ length: this.#sizes.lanes }, (_, lane) => work(lane)));
  }

  /** @param wait what may bring more, while it may */
  async #unordered(lane: number, endsAt: number, wait: () => Promise<unknown> | undefined): Promise<void> {
    while (this.#mayGoOn(endsAt)) {
      // Asked for first: what it brings may come while a turn is looked for.
      const more = wait();
      if (await this.#turn(lane, this.#sizes.rowsATurn)) continue;
      if (more === undefined) break;
      await Promise.race([more, this.#scope.over]);
    }
    await this.#clear(lane);
  }

  /** @returns false when there was nothing to do */
  async #turn(lane: number, most: number): Promise<boolean> {
    const isAhead = this.#isAhead();
    const turn = this.#turns.take(most, (kind) => (kind === "merchant" ? !isAhead : this.#left > 0));
    if (turn === undefined) {
      if (!isAhead) return false;
      await this.#parts.pace?.(PACE_MS);
      return true;
    }
    if (turn.kind === "merchant") this.#gone += turn.ids.length;
    if (turn.kind !== "merchant") this.#left -= turn.ids.length;
    await this.#carryOut(turn.ids, turn.kind === "merchant", lane);
    return true;
  }

  /** Whether more of what waits for merchants has gone than was to go by now. */
  #isAhead(): boolean {
    if (this.#parts.pace === undefined) return false;
    const left = this.#turns.left("merchant");
    const overMs = Math.min(this.#parts.everyMs, this.#scope.lengthMs) * PACED_SHARE;
    const share = (this.#parts.now() - this.#startedAt) / overMs;
    return left > 0 && this.#gone > (this.#gone + left) * share;
  }

  /** What was moved to its place in this look is among them. */
  async #inOrder(keys: readonly string[], found: readonly DueShard[]): Promise<void> {
    const { goneBeforeOrdered, leaseMs } = this.#parts;
    const due = this.#isAnyMoved ? await findDue(keys, this.#startedAt, this.#sizes.rowsAShard, this.#find) : found;
    const endsAt = this.#startedAt + this.#scope.lengthMs;
    if (due.length === 0 || !this.#mayGoOn(endsAt)) return;
    const gone = overdueBefore(await goneBeforeOrdered(), leaseMs);
    // Once a day they are repeated even so, as one of them may be lost.
    const lists = [...(await this.#dueBefore(due, Math.max(gone, this.#startedAt - REPEAT_PATIENCE_MS + 1)))];
    await this.#inLanes(async (lane) => {
      for (let list = lists.shift(); list !== undefined; list = lists.shift())
        for (let start = 0; start < list.ids.length && this.#mayGoOn(endsAt); start += this.#sizes.rowsATurn)
          await this.#carryOut(list.ids.slice(start, start + this.#sizes.rowsATurn), false, lane);
      await this.#clear(lane);
    });
  }

  async #carryOut(ids: readonly string[], isGranted: boolean, lane: number): Promise<void> {
    try {
      const { released, isQueueUp, isAnyMoved } = await carryOutTurn(ids, isGranted, lane, this.#parts);
      this.#released += released;
      this.#isQueueUp &&= isQueueUp;
      this.#isAnyMoved ||= isAnyMoved;
    } catch (error) {
      this.#failed("due rows not released", error);
    }
  }

  async #clear(lane: number): Promise<void> {
    await this.#parts.journal?.clear(lane).catch((error: unknown) => {
      logError(this.#parts.warn, "journal not cleared", error);
    });
  }

  #mayGoOn(endsAt: number): boolean {
    return this.#isQueueUp && !this.#isOver && this.#parts.now() < endsAt;
  }

  #failed(what: string, error: unknown): void {
    this.#failure ??= { error };
    logError(this.#parts.warn, what, error);
  }
}
