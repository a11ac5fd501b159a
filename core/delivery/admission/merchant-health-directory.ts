/**
 * Gates as deliveries need them, kept for a moment: one that is in trouble for a second, since other tasks change it,
 * one that has no row for five, since nearly all have none. What this task changed it knows at once: a read that was
 * in flight meanwhile does not count.
 */
import type { MerchantHealthTable } from "../../aws/merchant-health-table.ts";
import { MAX_MERCHANT_ROWS } from "../../aws/merchant-rows.ts";
import { Batcher } from "../../concurrency/batcher.ts";
import { circuitAt, type MerchantHealth, HEALTHY } from "../../merchant/merchant-health.ts";
import { MerchantCache, type CachedHealth } from "../merchant-cache.ts";
import { PipelineError } from "../../errors/pipeline-error.ts";

const LINGER_MS = 10;
const KEPT_MS = 1000;
/** Reads for one look at a health row that this task goes on changing. */
const MAX_ROUNDS = 5;
const NONE_KEPT_MS = 5000;

/** DynamoDB left the health row unread; nothing is known about it. */
export class MerchantHealthUnreadError extends PipelineError {
  override readonly name = "MerchantHealthUnreadError";
  readonly code = "GATE_UNREAD";
}

export class MerchantHealthDirectory {
  readonly #now: () => number;
  readonly #cache: MerchantCache;
  /** Of merchants whose circuit was not closed when this task last saw it. */
  readonly #notClosed = new Set<string>();
  readonly #reads: Batcher<string, MerchantHealth | "none" | "unread">;

  /**
   * @param now milliseconds since any moment, untouched by steps of the clock
   * @param cache where health rows are remembered
   */
  constructor(table: Pick<MerchantHealthTable, "read">, now: () => number, cache = new MerchantCache()) {
    this.#now = now;
    this.#cache = cache;
    this.#reads = new Batcher({
      maxSize: MAX_MERCHANT_ROWS,
      lingerMs: LINGER_MS,
      maxInFlight: 4,
      run: async (ids) => {
        const { healthRows, unread } = await table.read([...new Set(ids)]);
        return ids.map((id) => (unread.has(id) ? "unread" : (healthRows.get(id) ?? "none")));
      },
    });
  }

  /**
   * At once where it is kept: a promise for each look of each call is not for nothing.
   *
   * @param now by the clock. @default it is looked at
   * @throws when the health row could not be read; the transaction is then tried again later
   */
  get(merchantId: string, now = this.#now()): MerchantHealth | Promise<MerchantHealth> {
    const kept = this.#cache.get(merchantId)?.health;
    return kept !== undefined && this.#isFresh(kept, now) ? kept.health : this.#read(merchantId);
  }

  /**
   * Whether `get` needs no read.
   * @param now by the clock. @default it is looked at
   */
  isKnown(merchantId: string, now = this.#now()): boolean {
    const kept = this.#cache.get(merchantId)?.health;
    return kept !== undefined && this.#isFresh(kept, now);
  }

  /**
   * To be called before a read.
   *
   * @returns takes what was read of one of them, unless its health row was changed here meanwhile
   */
  reading(merchantIds: readonly string[]): (merchantId: string, read: MerchantHealth | "none") => void {
    const startedAt = this.#now();
    const before = new Map(merchantIds.map((merchantId) => [merchantId, this.#cache.get(merchantId)?.health]));
    return (merchantId, read) => void this.#learn(merchantId, before.get(merchantId), read, startedAt);
  }

  async #read(merchantId: string): Promise<MerchantHealth> {
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const kept = this.#cache.get(merchantId)?.health;
      if (kept !== undefined && this.#isFresh(kept)) return kept.health;
      const startedAt = this.#now();
      const read = await this.#reads.add(merchantId);
      // Only one merchant's health row is written much; those that were asked for together with it must not suffer.
      if (read === "unread")
        throw new MerchantHealthUnreadError(`The gate of ${merchantId} was left unread; it is throttled.`, {
          merchantId,
        });
      if (this.#learn(merchantId, kept, read, startedAt)) return read === "none" ? HEALTHY : read;
    }
    throw new MerchantHealthUnreadError(
      `The gate of ${merchantId} was changed here during each of ${MAX_ROUNDS} reads.`,
      {
        merchantId,
      },
    );
  }

  /**
   * What was read counts from when its read began: of two at once the one that answers last may be the older one.
   *
   * @param before what was kept when the read began. @returns whether it still is, so that what was read counts
   */
  #learn(
    merchantId: string,
    before: CachedHealth | undefined,
    read: MerchantHealth | "none",
    startedAt: number,
  ): boolean {
    if (this.#cache.get(merchantId)?.health !== before) return false;
    // As it is with nearly all of many merchants, again and again.
    if (read === "none" && before?.forMs === NONE_KEPT_MS) before.since = startedAt;
    else if (read === "none") this.#keep(merchantId, HEALTHY, startedAt, NONE_KEPT_MS);
    else this.#keep(merchantId, read, startedAt, KEPT_MS);
    return true;
  }

  /** Puts in what this task has just written. */
  put(merchantId: string, health: MerchantHealth): void {
    this.#keep(merchantId, health, this.#now(), KEPT_MS);
  }

  /**
   * Circuits of live merchants that were open when this task last saw them, and would be still.
   *
   * @param maxOpenMs longest time that one stays open
   * @param now epoch milliseconds
   */
  openCircuits(maxOpenMs: number, now: number): number {
    let open = 0;
    for (const merchantId of this.#notClosed) {
      const { health, merchant } = this.#cache.get(merchantId) ?? {};
      const isOpen = health !== undefined && circuitAt(health.health, now, maxOpenMs) === "open";
      if (!isOpen) this.#notClosed.delete(merchantId);
      else if (merchant?.merchant.environment === undefined) open += 1;
    }
    return open;
  }

  /** The next look reads the row. */
  forget(merchantId: string): void {
    this.#keep(merchantId, HEALTHY, this.#now(), 0);
  }

  #isFresh({ since, forMs }: CachedHealth, now = this.#now()): boolean {
    return now - since < forMs;
  }

  #keep(merchantId: string, health: MerchantHealth, since: number, forMs: number): void {
    this.#cache.remember(merchantId).health = { health, since, forMs };
    if (health.circuitOpenUntil !== undefined) this.#notClosed.add(merchantId);
  }
}
