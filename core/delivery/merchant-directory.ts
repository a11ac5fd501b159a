/**
 * Merchants as deliveries need them, with the keys derived once. Rows are kept for a few seconds, so a change takes
 * effect within them; that a merchant is unknown or deleted is never kept, since it may be registered at any moment.
 */
import { MAX_MERCHANT_ROWS } from "../aws/merchant-rows.ts";
import { Batcher, ItemFailed } from "../concurrency/batcher.ts";
import { type Failure, failure } from "../transaction/failure.ts";
import { secretsToOpen } from "../signing/open-secrets.ts";
import { merchantKeys, type SigningKey } from "../signing/merchant-keys.ts";
import { hasSecrets } from "../merchant/connection/connection.ts";
import { mirrorOwner } from "../merchant/mirror.ts";
import { hasUnowned } from "../merchant/ownership.ts";
import { isDeleted } from "../merchant/tombstone.ts";
import { isUnchanged, type Merchant, parseMerchant } from "../merchant/merchant.ts";
import { type SandboxLimits, withinLimits } from "../merchant/sandbox-limits.ts";
import { KeyError, type MasterKeys } from "../signing/signature.ts";
import type { MerchantsTable } from "../aws/merchants-table.ts";
import type { AttributeMap } from "../transaction/attribute-value.ts";
import { MerchantCache, type MerchantEntry, type CachedMerchant } from "./merchant-cache.ts";
import { PipelineError } from "../errors/pipeline-error.ts";

const LINGER_MS = 10;
const KEPT_MS = 10_000;
/**
 * Of the sandbox: who begins to listen to one sees the next delivery. And of one whose address is not verified: it may
 * be at any moment, and what waits for that goes out then.
 */
const BRIEFLY_KEPT_MS = 1000;

/** DynamoDB left the merchant unread; nothing is known about it, and nothing is wrong with others. */
export class MerchantUnreadError extends PipelineError {
  override readonly name = "MerchantUnreadError";
  readonly code = "MERCHANT_UNREAD";
  readonly merchantId: string;

  constructor(merchantId: string) {
    super(
      `The row of merchant ${merchantId} was left unread; it is throttled. Its messages wait and are tried again.`,
      {
        merchantId,
      },
    );
    this.merchantId = merchantId;
  }
}

export class MerchantDirectory {
  readonly #masterKeys: MasterKeys;
  readonly #now: () => number;
  readonly #elapsedMs: () => number;
  readonly #cache: MerchantCache;
  readonly #sandbox: SandboxLimits | undefined;
  readonly #reads: Batcher<string, AttributeMap | undefined>;

  /**
   * @param now epoch milliseconds: which keys hold
   * @param cache where merchants are remembered
   * @param elapsedMs milliseconds since any moment, untouched by steps of the clock: how long a row is kept
   * @param sandbox what merchants of the sandbox get at most. @default what their rows say
   */
  constructor(
    table: Pick<MerchantsTable, "read">,
    masterKeys: MasterKeys,
    now: () => number,
    cache = new MerchantCache(),
    elapsedMs = now,
    sandbox?: SandboxLimits,
  ) {
    this.#sandbox = sandbox;
    this.#cache = cache;
    this.#masterKeys = masterKeys;
    this.#now = now;
    this.#elapsedMs = elapsedMs;
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
   * @throws when its row could not be read; the transaction is then tried again later
   */
  get(merchantId: string): MerchantEntry | Promise<MerchantEntry | Failure> {
    const kept = this.#cache.get(merchantId)?.merchant;
    return kept !== undefined && this.#isFresh(kept) ? kept : this.#read(merchantId);
  }

  /** The same as its row is now, for what somebody asked for who may have changed it a moment ago. */
  getNew(merchantId: string): Promise<MerchantEntry | Failure> {
    return this.#read(merchantId);
  }

  /**
   * Whether `get` needs no read.
   * @param now as `elapsedMs` has it. @default it is looked at
   */
  isKnown(merchantId: string, now = this.#elapsedMs()): boolean {
    const kept = this.#cache.get(merchantId)?.merchant;
    return kept !== undefined && this.#isFresh(kept, now);
  }

  /** Whether it was kept for a moment only when it was last read. */
  wasKeptBriefly(merchantId: string): boolean {
    const kept = this.#cache.get(merchantId)?.merchant;
    return kept !== undefined && isKeptBriefly(kept.merchant);
  }

  /**
   * Takes its row as it was read. That counts from when the read began: of two at once the one that answers last may be
   * the older one.
   *
   * @param startedAt when the read began, as `elapsedMs` has it
   * @returns as `get`
   */
  learn(merchantId: string, row: AttributeMap, startedAt: number): MerchantEntry | Failure {
    if (isDeleted(row)) return deleted(merchantId);
    const parsed = parseMerchant(row);
    if ("faults" in parsed)
      return failure(
        "merchant_invalid",
        `The merchant's row cannot be used: ${parsed.faults.join("; ")}. Mend it, then put the dead letter back.`,
      );
    const merchant = this.#sandbox === undefined ? parsed.merchant : withinLimits(parsed.merchant, this.#sandbox);
    const until = startedAt + (isKeptBriefly(merchant) ? BRIEFLY_KEPT_MS : KEPT_MS);
    const kept = this.#cache.get(merchantId)?.merchant;
    if (kept !== undefined && kept.until > until && this.#isFresh(kept)) return kept;
    if (kept !== undefined && isUnchanged(kept.merchant, merchant)) {
      kept.until = until;
      return kept;
    }
    return this.#keep(merchant, until);
  }

  #isFresh({ until }: CachedMerchant, now = this.#elapsedMs()): boolean {
    return now < until;
  }

  async #read(merchantId: string): Promise<MerchantEntry | Failure> {
    const startedAt = this.#elapsedMs();
    const row = await this.#reads.add(merchantId);
    if (row !== undefined) return this.learn(merchantId, row, startedAt);
    return failure(
      "merchant_unknown",
      `merchantId: got ${JSON.stringify(merchantId)}, expected a merchant of the Merchants table; ` +
        "register it, then put the dead letter back.",
    );
  }

  /**
   * Only under the mode `mirror` anything is signed with them.
   *
   * @returns undefined where there are none: what is the merchant's own goes on
   */
  #mirrorKeys({ merchantId, mirror, switches }: Merchant, now: number): readonly SigningKey[] | undefined {
    if (mirror === undefined || switches?.some(({ mode }) => mode === "mirror") !== true) return undefined;
    const owner = mirrorOwner(merchantId, mirror);
    try {
      return merchantKeys(this.#masterKeys, owner, now, owner.signatures);
    } catch (error) {
      if (error instanceof KeyError) return undefined;
      throw error;
    }
  }

  #keep(merchant: Merchant, until: number): MerchantEntry | Failure {
    const now = this.#now();
    try {
      const isToBeOpened =
        secretsToOpen(merchant, now).length > 0 ||
        (merchant.connection !== undefined && hasSecrets(merchant.connection));
      const keys = isToBeOpened ? undefined : merchantKeys(this.#masterKeys, merchant, now, merchant.signatures);
      const plain: CachedMerchant = { merchant, keys, destination: undefined, until };
      const entry = merchant.mirror === undefined ? plain : { ...plain, mirrorKeys: this.#mirrorKeys(merchant, now) };
      const known = this.#cache.remember(merchant.merchantId);
      const { merchant: kept } = known;
      if (kept === undefined || kept.until <= until || !this.#isFresh(kept)) known.merchant = entry;
      return entry;
    } catch (error) {
      return invalidKey(error);
    }
  }
}

function isKeptBriefly(merchant: Merchant): boolean {
  return merchant.environment !== undefined || hasUnowned(merchant);
}

function deleted(merchantId: string): Failure {
  return failure(
    "merchant_deleted",
    `merchantId: got ${JSON.stringify(merchantId)}, which was deleted, expected a merchant of the Merchants table; ` +
      "register it again, then put the dead letter back.",
  );
}

/** @throws what is no `KeyError`: it says nothing about the merchant */
function invalidKey(error: unknown): Failure {
  if (!(error instanceof KeyError)) throw error;
  return failure("merchant_invalid", `The merchant has no usable key: ${error.message}`);
}
