/**
 * Which merchants are of the sandbox, for what ends or is sent again without a look at its merchant: given up, lost,
 * requeued. Kept for a while, as hardly any merchant changes its environment. Whoever is not known, or cannot be read
 * now, is live: what wakes somebody in vain does less harm than what does not.
 */
import { RecentMap } from "../cache/recent-map.ts";
import { environmentOf, SANDBOX } from "../merchant/merchant-environment.ts";
import { type Log, logError } from "../telemetry/log-error.ts";
import { isMerchantId } from "../transaction/transaction.ts";
import { MAX_MERCHANT_ROWS } from "./merchant-rows.ts";
import type { MerchantsTable } from "./merchants-table.ts";

export interface SandboxMerchantsOptions {
  readonly merchants: Pick<MerchantsTable, "read">;
  readonly warn: Log;
  /** Milliseconds since any moment. */
  readonly now: () => number;
}

const KEPT_MS = 30_000;
const MOST_KEPT = 20_000;
const NOBODY: ReadonlySet<string> = new Set();

export class SandboxMerchants {
  readonly #options: SandboxMerchantsOptions;
  readonly #known = new RecentMap<{ readonly isSandbox: boolean; readonly until: number }>(MOST_KEPT);

  constructor(options: SandboxMerchantsOptions) {
    this.#options = options;
  }

  /** Those of the sandbox. Never rejects. */
  async among(merchantIds: Iterable<string | undefined>): Promise<ReadonlySet<string>> {
    const wanted = [...new Set(merchantIds)].filter((id) => id !== undefined && isMerchantId(id)) as string[];
    if (wanted.length === 0) return NOBODY;
    const found = new Set<string>();
    const unknown: string[] = [];
    const now = this.#options.now();
    for (const merchantId of wanted) {
      const known = this.#known.get(merchantId);
      if (known === undefined || now >= known.until || now < known.until - KEPT_MS) unknown.push(merchantId);
      else if (known.isSandbox) found.add(merchantId);
    }
    for (let start = 0; start < unknown.length; start += MAX_MERCHANT_ROWS)
      for (const merchantId of await this.#read(unknown.slice(start, start + MAX_MERCHANT_ROWS))) found.add(merchantId);
    return found;
  }

  async isOne(merchantId: string | undefined): Promise<boolean> {
    return merchantId !== undefined && (await this.among([merchantId])).has(merchantId);
  }

  async #read(merchantIds: readonly string[]): Promise<string[]> {
    const { merchants, warn, now } = this.#options;
    try {
      const until = now() + KEPT_MS;
      const { rows, unread } = await merchants.read(merchantIds);
      const isSandbox = (merchantId: string) => {
        const row = rows.get(merchantId);
        return row !== undefined && environmentOf(row) === SANDBOX;
      };
      for (const merchantId of merchantIds)
        if (!unread.has(merchantId)) this.#known.set(merchantId, { isSandbox: isSandbox(merchantId), until });
      return merchantIds.filter(isSandbox);
    } catch (error) {
      logError(warn, "environments of merchants not read, they count as live", error, {
        merchants: merchantIds.length,
      });
      return [];
    }
  }
}
