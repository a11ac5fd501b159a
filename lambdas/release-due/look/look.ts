/**
 * One look at the due index: what is due is found (`look-finder.ts`), and in turns of 100 rows, some side by side,
 * carried out (`carry-out.ts`).
 *
 *   finding       what is due of each kind; what is found first is carried out while the rest is still looked for
 *   carrying out  kinds and shards in turn, while there is time and the queue takes messages
 *   in order      rows with an ordering key, each shard in its order, in a part of the time of their own
 *
 * It ends when nothing more is due or its time is over; turns that were begun are ended. Where the queue took nothing
 * in the look before, the first turn is a small one, alone.
 */
import { REPEAT_PATIENCE_MS } from "../../../core/transaction/ordering.ts";
import type { DoubtfulClaims } from "../leases/doubtful-claims.ts";
import { carryOutTurn, type TurnParts } from "../rows/carry-out.ts";
import type { DueShard } from "./find-due.ts";
import { keysOf } from "./groups.ts";
import { isEverythingPaused } from "./is-everything-paused.ts";
import { LookFinder } from "./look-finder.ts";
import { isAhead, PACE_MS } from "./pace.ts";
import { EVERYTHING, type Look, LOOK_SIZES, type LookSizes, NOTHING_DUE, type Scope } from "./look-scope.ts";
import type { MerchantReleaseParts } from "../merchants/merchant-release-parts.ts";
import { overdueBefore } from "../rows/plan.ts";
import { Turns } from "./turns.ts";
import { logError } from "../../../core/telemetry/log-error.ts";

export interface ReleaseParts extends MerchantReleaseParts, Omit<TurnParts, "doubtful"> {
  /** Of looks before this one. @default there are none */
  readonly doubtful?: Pick<DoubtfulClaims, "add" | "putBack" | "isAny">;
  /** @default LOOK_SIZES */
  readonly sizes?: LookSizes;
  /**
   * Pauses. What waits for merchants then goes out over most of the time to the next look.
   * @default all of it goes at once
   */
  readonly pace?: (ms: number) => Promise<unknown>;
}

/** Part of a look that is left to rows with an ordering key, where there are any. */
const ORDERED_SHARE = 0.25;

/** @param isFirstLook of this run. @param scope @default everything */
export async function releaseDue(parts: ReleaseParts, isFirstLook: boolean, scope = EVERYTHING): Promise<Look> {
  const { pauseLimitMs } = parts.sizes ?? LOOK_SIZES;
  // In a pause too: what is put back is what waits.
  await parts.doubtful?.putBack();
  if (await isEverythingPaused(parts, pauseLimitMs)) return NOTHING_DUE;
  const look = await new OneLook(parts, scope).run(isFirstLook);
  return parts.doubtful?.isAny === true ? { ...look, isActive: true } : look;
}

/** State: what came of it so far; `run` goes through its parts in order. */
class OneLook {
  readonly #parts: ReleaseParts;
  readonly #scope: Scope;
  readonly #startedAt: number;
  readonly #sizes: LookSizes;
  readonly #turns = new Turns();
  readonly #finder: LookFinder;
  /** Until pending rows are known. */
  #pending: Promise<void> | undefined;
  #left: number;
  #released = 0;
  /** Rows that waited for merchants. */
  #gone = 0;
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
    const failed = (error: unknown) => this.#failed("shard not read", error);
    const { rowsAShard } = this.#sizes;
    this.#finder = new LookFinder({ parts, scope, startedAt: this.#startedAt, rowsAShard, failed });
    void scope.over.then(() => {
      this.#isOver = true;
    });
  }

  async run(isFirstLook: boolean): Promise<Look> {
    const { groups, mine, turn, lengthMs, isQueueDegraded } = this.#scope;
    const keys = keysOf(mine, groups, this.#parts.dueShards, turn);
    const granted = this.#finder.grant(isFirstLook, (ids) => this.#turns.add("merchant", ids));
    this.#turns.prepare(granted.catch((error) => this.#failed("gates not read", error)));
    const { parked, pending, ordered } = await this.#finder.due(keys);
    for (const { ids } of parked) this.#turns.add("parked", ids);
    const isAnyOrdered = ordered.length > 0;
    this.#pending = this.#addPending(pending).catch((error) => this.#failed("pending rows not read", error));
    this.#turns.prepare(this.#pending);
    void this.#pending.then(() => {
      this.#pending = undefined;
    });
    if (isQueueDegraded) await this.#turn(0, this.#sizes.probeRows);
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
    const { isActive, isMoreDue } = this.#finder;
    return {
      released: this.#released,
      isMoreDue: isMoreDue && this.#released > 0 && this.#isQueueUp && this.#left > 0,
      isActive,
      isQueueUp: this.#isQueueUp,
    };
  }

  async #addPending(due: readonly DueShard[]): Promise<void> {
    for (const { ids } of await this.#finder.unacknowledged(due)) this.#turns.add("pending", ids);
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
    const isTooFast = this.#isAhead();
    const turn = this.#turns.take(most, (kind) => (kind === "merchant" ? !isTooFast : this.#left > 0));
    if (turn === undefined) {
      if (!isTooFast) return false;
      await this.#parts.pace?.(PACE_MS);
      return true;
    }
    if (turn.kind === "merchant") this.#gone += turn.ids.length;
    if (turn.kind !== "merchant") this.#left -= turn.ids.length;
    await this.#carryOut(turn.ids, turn.kind === "merchant", lane);
    return true;
  }

  #isAhead(): boolean {
    if (this.#parts.pace === undefined) return false;
    return isAhead({
      gone: this.#gone,
      left: this.#turns.left("merchant"),
      elapsedMs: this.#parts.now() - this.#startedAt,
      untilNextMs: Math.min(this.#parts.everyMs, this.#scope.lengthMs),
    });
  }

  /** What was moved to its place in this look is among them. */
  async #inOrder(keys: readonly string[], found: readonly DueShard[]): Promise<void> {
    const { goneBeforeOrdered, leaseMs } = this.#parts;
    const due = this.#isAnyMoved ? await this.#finder.dueNow(keys) : found;
    const endsAt = this.#startedAt + this.#scope.lengthMs;
    if (due.length === 0 || !this.#mayGoOn(endsAt)) return;
    const gone = overdueBefore(await goneBeforeOrdered(), leaseMs);
    // Once a day they are repeated even so, as one of them may be lost.
    const lists = [...(await this.#finder.dueBefore(due, Math.max(gone, this.#startedAt - REPEAT_PATIENCE_MS + 1)))];
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
