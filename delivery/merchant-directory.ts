/**
 * Merchants as deliveries need them, with the keys derived once. Rows are kept for a few seconds, so a change takes effect within
 * them; that a merchant is unknown is never kept, since it may be registered at any moment.
 */
import { Batcher } from "../core/batcher.ts";
import { type Failure, failure } from "../core/failure.ts";
import { type OpenSecret, withOpenSecrets } from "../core/imported-secret.ts";
import { merchantKeys, type SigningKey } from "../core/merchant-keys.ts";
import { isUnchanged, type Merchant, parseMerchant } from "../core/merchant.ts";
import { RecentMap } from "../core/recent-map.ts";
import { KeyError, type MasterKeys } from "../core/signature.ts";
import type { MerchantsTable } from "../aws/merchants-table.ts";
import type { AttributeMap } from "../core/attribute-value.ts";
import type { Destination } from "./destination.ts";

export interface MerchantEntry {
  readonly merchant: Merchant;
  /** Those that its webhooks are signed with, newest first. */
  readonly keys: readonly SigningKey[];
  /** Of its own URL, once that was checked. */
  destination?: Destination | undefined;
}

const MAX_READS = 100;
const LINGER_MS = 10;
const KEPT_MS = 10_000;
const MAX_KEPT = 200_000;

/** One object, as there are many. */
interface Kept extends MerchantEntry {
  /** Epoch milliseconds from which on its row is read again. */
  until: number;
}

/** DynamoDB left the merchant unread; nothing is known about it. */
export class MerchantUnreadError extends Error {
  readonly code = "MERCHANT_UNREAD";
}

export class MerchantDirectory {
  readonly #masterKeys: MasterKeys;
  readonly #openSecret: OpenSecret;
  readonly #now: () => number;
  readonly #kept = new RecentMap<Kept>(MAX_KEPT);
  readonly #reads: Batcher<string, AttributeMap | undefined>;

  /** @param openSecret for merchants that brought a secret along */
  constructor(table: Pick<MerchantsTable, "read">, masterKeys: MasterKeys, openSecret: OpenSecret, now: () => number) {
    this.#masterKeys = masterKeys;
    this.#openSecret = openSecret;
    this.#now = now;
    this.#reads = new Batcher({
      maxSize: MAX_READS,
      lingerMs: LINGER_MS,
      maxInFlight: 4,
      run: async (ids) => {
        const { rows, unread } = await table.read([...new Set(ids)]);
        if (unread.size > 0)
          throw new MerchantUnreadError(`${unread.size} merchants were left unread; the table is throttled.`);
        return ids.map((id) => rows.get(id));
      },
    });
  }

  /**
   * @returns the merchant, or why nothing can be sent to it
   * @throws when the table could not be read, or its secret not be opened now; the transaction is then tried again later
   */
  get(merchantId: string): MerchantEntry | Promise<MerchantEntry | Failure> {
    const kept = this.#kept.get(merchantId);
    return kept !== undefined && kept.until > this.#now() ? kept : this.#read(merchantId);
  }

  /** Whether `get` needs no read. */
  isKnown(merchantId: string): boolean {
    const kept = this.#kept.get(merchantId);
    return kept !== undefined && kept.until > this.#now();
  }

  /** Takes its row as it was read just now; otherwise as `get`. */
  learn(merchantId: string, row: AttributeMap): MerchantEntry | Failure | Promise<MerchantEntry | Failure> {
    const parsed = parseMerchant(row);
    if ("faults" in parsed)
      return failure(
        "merchant_invalid",
        `The merchant's row cannot be used: ${parsed.faults.join("; ")}. Mend it, then put the dead letter back.`,
      );
    const kept = this.#kept.get(merchantId);
    if (kept === undefined || !isUnchanged(kept.merchant, parsed.merchant)) return this.#open(parsed.merchant);
    kept.until = this.#now() + KEPT_MS;
    return kept;
  }

  async #read(merchantId: string): Promise<MerchantEntry | Failure> {
    const row = await this.#reads.add(merchantId);
    if (row !== undefined) return this.learn(merchantId, row);
    return failure(
      "merchant_unknown",
      `merchantId: got ${JSON.stringify(merchantId)}, expected a merchant of the Merchants table; register it, then put the dead letter back.`,
    );
  }

  async #open(merchant: Merchant): Promise<MerchantEntry | Failure> {
    try {
      const now = this.#now();
      const opened = await withOpenSecrets(merchant, now, this.#openSecret);
      const keys = merchantKeys(this.#masterKeys, opened, now, merchant.signatures);
      const kept: Kept = { merchant, keys, destination: undefined, until: this.#now() + KEPT_MS };
      this.#kept.set(merchant.merchantId, kept);
      return kept;
    } catch (error) {
      if (!(error instanceof KeyError)) throw error;
      return failure("merchant_invalid", `The merchant has no usable key: ${error.message}`);
    }
  }
}
