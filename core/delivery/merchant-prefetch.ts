/**
 * Reads what will be needed of merchants and health rows for rows that were read just now, all in one call, so that
 * each of their messages finds it there. It is a shortcut and no more: what it does not bring, for whatever reason, is
 * read by the one that needs it, and errors show there.
 */
import type { MerchantsAndHealth } from "../aws/merchants-and-health.ts";
import { MAX_MERCHANT_ROWS } from "../aws/merchant-rows.ts";
import type { AttributeMap } from "../transaction/attribute-value.ts";
import { stringOf } from "../transaction/attribute-value.ts";
import { isMerchantId } from "../transaction/transaction.ts";
import type { MerchantHealthDirectory } from "./admission/merchant-health-directory.ts";
import type { MerchantDirectory } from "./merchant-directory.ts";

export interface MerchantPrefetchOptions {
  readonly table: Pick<MerchantsAndHealth, "read">;
  readonly merchants: Pick<MerchantDirectory, "isKnown" | "wasKeptBriefly" | "learn">;
  readonly healthDirectory: Pick<MerchantHealthDirectory, "isKnown" | "reading">;
  /** Milliseconds since any moment, untouched by steps of the clock. */
  readonly now: () => number;
}

/** As many batches of rows are read at once. */
const MAX_IN_FLIGHT = 4;
/** Milliseconds that messages whose merchants are known wait for those of others. */
const PATIENCE_MS = 100;
/** Milliseconds for which nothing is read ahead after that was in vain. */
const REST_MS = 1000;

export class MerchantPrefetch {
  readonly #options: MerchantPrefetchOptions;
  #restsUntil = Number.NEGATIVE_INFINITY;
  #inFlight = 0;

  constructor(options: MerchantPrefetchOptions) {
    this.#options = options;
  }

  /**
   * @param rows of them 50 merchants at least, of which nothing is known, fit into one read
   * @returns undefined where nothing needs to be read, or can be now; else resolves when it was, or is not worth
   * waiting for
   */
  look(rows: Iterable<AttributeMap>): Promise<void> | undefined {
    const { merchants, healthDirectory } = this.#options;
    const now = this.#options.now();
    if (this.#inFlight >= MAX_IN_FLIGHT || now < this.#restsUntil) return undefined;
    const merchantIds = new Set<string>();
    const healthIds = new Set<string>();
    for (const row of rows) {
      const merchantId = stringOf(row["merchantId"]);
      if (merchantId === undefined || !isMerchantId(merchantId)) continue;
      if (merchantIds.size + healthIds.size > MAX_MERCHANT_ROWS - 2) break;
      const isKnown = merchants.isKnown(merchantId, now);
      const isHealthKnown = healthDirectory.isKnown(merchantId, now);
      // One that is kept for a second: nobody else waits for its next read.
      if ((isKnown && isHealthKnown) || merchants.wasKeptBriefly(merchantId)) continue;
      if (!isKnown) merchantIds.add(merchantId);
      if (!isHealthKnown) healthIds.add(merchantId);
    }
    if (merchantIds.size + healthIds.size === 0) return undefined;
    return this.#patiently(this.#read([...merchantIds], [...healthIds]));
  }

  async #read(merchantIds: readonly string[], healthIds: readonly string[]): Promise<void> {
    const { table, merchants, healthDirectory, now } = this.#options;
    const startedAt = now();
    const learnHealth = healthDirectory.reading(healthIds);
    this.#inFlight += 1;
    try {
      const found = await table.read(merchantIds, healthIds);
      for (const merchantId of healthIds)
        if (!found.health.unread.has(merchantId))
          learnHealth(merchantId, found.health.healthRows.get(merchantId) ?? "none");
      for (const [merchantId, row] of found.merchants.rows) merchants.learn(merchantId, row, startedAt);
    } catch {
      this.#rest();
    } finally {
      this.#inFlight -= 1;
    }
  }

  #patiently(read: Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      const giveUp = () => {
        this.#rest();
        resolve();
      };
      // A response that came in time while this process was busy is read first: in the loop, input comes between timers
      // and immediates.
      let turn: NodeJS.Immediate | undefined;
      const timer = setTimeout(() => (turn = setImmediate(giveUp)), PATIENCE_MS);
      void read.then(() => {
        clearTimeout(timer);
        clearImmediate(turn);
        resolve();
      });
    });
  }

  #rest(): void {
    this.#restsUntil = this.#options.now() + REST_MS;
  }
}
