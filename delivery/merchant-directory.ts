/**
 * Merchants as deliveries need them, with the keys derived once. Rows are kept for a few seconds, so a change takes effect within
 * them; that a merchant is unknown is never kept, since it may be registered at any moment.
 */
import { MAX_MERCHANT_ROWS } from "../aws/merchant-rows.ts";
import { Batcher, ItemFailed } from "../core/batcher.ts";
import { type Failure, failure } from "../core/failure.ts";
import { hasSecretToOpen, type OpenSecret, withOpenSecrets } from "../core/imported-secret.ts";
import { merchantKeys, type SigningKey } from "../core/merchant-keys.ts";
import { isUnchanged, type Merchant, parseMerchant } from "../core/merchant.ts";
import { KeyError, type MasterKeys } from "../core/signature.ts";
import type { MerchantsTable } from "../aws/merchants-table.ts";
import type { AttributeMap } from "../core/attribute-value.ts";
import type { Destination } from "./destination.ts";
import { KnownMerchants } from "./known-merchants.ts";

export interface MerchantEntry {
  readonly merchant: Merchant;
  /** Those that its webhooks are signed with, newest first. */
  readonly keys: readonly SigningKey[];
  /** Of its own URL, once that was checked. */
  destination?: Destination | undefined;
}

const LINGER_MS = 10;
const KEPT_MS = 10_000;

/** One object, as there are many. */
export interface KeptMerchant extends MerchantEntry {
  /** Epoch milliseconds from which on its row is read again. */
  until: number;
}

/** DynamoDB left the merchant unread; nothing is known about it, and nothing is wrong with others. */
export class MerchantUnreadError extends Error {
  readonly code = "MERCHANT_UNREAD";

  constructor(merchantId: string) {
    super(`The row of merchant ${merchantId} was left unread; it is throttled. Its messages wait and are tried again.`);
  }
}

export class MerchantDirectory {
  readonly #masterKeys: MasterKeys;
  readonly #openSecret: OpenSecret;
  readonly #now: () => number;
  readonly #known: KnownMerchants;
  readonly #reads: Batcher<string, AttributeMap | undefined>;

  /**
   * @param openSecret for merchants that brought a secret along
   * @param known where merchants are remembered
   */
  constructor(
    table: Pick<MerchantsTable, "read">,
    masterKeys: MasterKeys,
    openSecret: OpenSecret,
    now: () => number,
    known = new KnownMerchants(),
  ) {
    this.#known = known;
    this.#masterKeys = masterKeys;
    this.#openSecret = openSecret;
    this.#now = now;
    this.#reads = new Batcher({
      maxSize: MAX_MERCHANT_ROWS,
      lingerMs: LINGER_MS,
      maxInFlight: 4,
      run: async (ids) => {
        const { rows, unread } = await table.read([...new Set(ids)]);
        return ids.map((id) => (unread.has(id) ? new ItemFailed(new MerchantUnreadError(id)) : rows.get(id)));
      },
    });
  }

  /**
   * @returns the merchant, or why nothing can be sent to it
   * @throws when the table could not be read, or its secret not be opened now; the transaction is then tried again later
   */
  get(merchantId: string): MerchantEntry | Promise<MerchantEntry | Failure> {
    const kept = this.#known.get(merchantId)?.merchant;
    return kept !== undefined && this.#isFresh(kept) ? kept : this.#read(merchantId);
  }

  /** Whether `get` needs no read. */
  isKnown(merchantId: string): boolean {
    const kept = this.#known.get(merchantId)?.merchant;
    return kept !== undefined && this.#isFresh(kept);
  }

  /**
   * Takes its row as it was read. That counts from when the read began: of two at once the one that answers last may be the older one.
   *
   * @param startedAt when the read began, epoch milliseconds
   * @returns as `get`; a promise only where KMS has to open a secret
   */
  learn(
    merchantId: string,
    row: AttributeMap,
    startedAt: number,
  ): MerchantEntry | Failure | Promise<MerchantEntry | Failure> {
    const parsed = parseMerchant(row);
    if ("faults" in parsed)
      return failure(
        "merchant_invalid",
        `The merchant's row cannot be used: ${parsed.faults.join("; ")}. Mend it, then put the dead letter back.`,
      );
    const { merchant } = parsed;
    const until = startedAt + KEPT_MS;
    const kept = this.#known.get(merchantId)?.merchant;
    if (kept !== undefined && kept.until > until && this.#isFresh(kept)) return kept;
    if (kept !== undefined && isUnchanged(kept.merchant, merchant)) {
      kept.until = until;
      return kept;
    }
    return hasSecretToOpen(merchant) ? this.#open(merchant, until) : this.#keep(merchant, merchant, until);
  }

  /** A clock that was put back must not keep a merchant for longer. */
  #isFresh({ until }: KeptMerchant): boolean {
    const leftMs = until - this.#now();
    return leftMs > 0 && leftMs <= KEPT_MS;
  }

  async #read(merchantId: string): Promise<MerchantEntry | Failure> {
    const startedAt = this.#now();
    const row = await this.#reads.add(merchantId);
    if (row !== undefined) return this.learn(merchantId, row, startedAt);
    return failure(
      "merchant_unknown",
      `merchantId: got ${JSON.stringify(merchantId)}, expected a merchant of the Merchants table; register it, then put the dead letter back.`,
    );
  }

  async #open(merchant: Merchant, until: number): Promise<MerchantEntry | Failure> {
    try {
      return this.#keep(merchant, await withOpenSecrets(merchant, this.#now(), this.#openSecret), until);
    } catch (error) {
      return invalidKey(error);
    }
  }

  /** @param opened the same with its secrets in plain text */
  #keep(merchant: Merchant, opened: Merchant, until: number): MerchantEntry | Failure {
    try {
      const keys = merchantKeys(this.#masterKeys, opened, this.#now(), merchant.signatures);
      const entry: KeptMerchant = { merchant, keys, destination: undefined, until };
      const known = this.#known.remember(merchant.merchantId);
      const { merchant: kept } = known;
      if (kept === undefined || kept.until <= until || !this.#isFresh(kept)) known.merchant = entry;
      return entry;
    } catch (error) {
      return invalidKey(error);
    }
  }
}

/** @throws what is no `KeyError`: it says nothing about the merchant */
function invalidKey(error: unknown): Failure {
  if (!(error instanceof KeyError)) throw error;
  return failure("merchant_invalid", `The merchant has no usable key: ${error.message}`);
}
