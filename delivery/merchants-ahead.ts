/**
 * Reads what will be needed of merchants and gates for rows that were read just now, all in one call, so that each of their messages finds
 * it there. It is a shortcut and no more: what it does not bring, for whatever reason, is read by the one that needs it, and errors show there.
 */
import type { MerchantsAndGates } from "../aws/merchants-and-gates.ts";
import { MAX_MERCHANT_ROWS } from "../aws/merchant-rows.ts";
import type { AttributeMap } from "../core/attribute-value.ts";
import { stringOf } from "../core/attribute-value.ts";
import { isMerchantId } from "../core/transaction.ts";
import type { GateDirectory } from "./gate/gate-directory.ts";
import type { MerchantDirectory } from "./merchant-directory.ts";

export interface MerchantsAheadOptions {
  readonly table: Pick<MerchantsAndGates, "read">;
  readonly merchants: Pick<MerchantDirectory, "isKnown" | "learn">;
  readonly gates: Pick<GateDirectory, "isKnown" | "reading">;
  /** Milliseconds. */
  readonly now: () => number;
}

/** Milliseconds that messages whose merchants are known wait for those of others. */
const PATIENCE_MS = 100;
/** Milliseconds for which nothing is read ahead after that was in vain. */
const REST_MS = 1000;

export class MerchantsAhead {
  readonly #options: MerchantsAheadOptions;
  #restsUntil = 0;

  constructor(options: MerchantsAheadOptions) {
    this.#options = options;
  }

  /** @returns undefined where nothing needs to be read; else resolves when it was, or is not worth waiting for */
  look(rows: Iterable<AttributeMap>): Promise<void> | undefined {
    const { merchants, gates, now } = this.#options;
    const merchantIds = new Set<string>();
    const gateIds = new Set<string>();
    for (const row of rows) {
      const merchantId = stringOf(row["merchantId"]);
      if (merchantId === undefined || !isMerchantId(merchantId)) continue;
      if (merchantIds.size + gateIds.size > MAX_MERCHANT_ROWS - 2) break;
      if (!merchants.isKnown(merchantId)) merchantIds.add(merchantId);
      if (!gates.isKnown(merchantId)) gateIds.add(merchantId);
    }
    if (merchantIds.size + gateIds.size === 0 || now() < this.#restsUntil) return undefined;
    return this.#patiently(this.#read([...merchantIds], [...gateIds]));
  }

  async #read(merchantIds: readonly string[], gateIds: readonly string[]): Promise<void> {
    const { table, merchants, gates } = this.#options;
    const learnGate = gates.reading(gateIds);
    try {
      const found = await table.read(merchantIds, gateIds);
      for (const merchantId of gateIds)
        if (!found.gates.unread.has(merchantId)) learnGate(merchantId, found.gates.gates.get(merchantId) ?? "none");
      const opening: Promise<unknown>[] = [];
      for (const [merchantId, row] of found.merchants.rows) {
        const entry = merchants.learn(merchantId, row);
        if (entry instanceof Promise) opening.push(entry);
      }
      await Promise.all(opening);
    } catch {
      this.#rest();
    }
  }

  #patiently(read: Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#rest();
        resolve();
      }, PATIENCE_MS);
      void read.then(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #rest(): void {
    this.#restsUntil = this.#options.now() + REST_MS;
  }
}
