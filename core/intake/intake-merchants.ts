/**
 * Merchants as intake needs them: whether there is one, and where its confirmations go. Kept for a few seconds, so that
 * a batch reads each once; that one is not there is never kept, since it may be registered at any moment.
 */
import { MerchantsUnreadError } from "../aws/merchants-unread-error.ts";
import { MAX_MERCHANT_ROWS, readMerchantRows } from "../aws/merchant-rows.ts";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { FastPathCall } from "../aws/fast-path/fast-path-call.ts";
import { AgingMap } from "../cache/aging-map.ts";
import type { MerchantEntry } from "../delivery/merchant-cache.ts";
import { parseMerchant } from "../merchant/merchant.ts";
import { isDeleted } from "../merchant/tombstone.ts";
import { type Failure, failure } from "../transaction/failure.ts";
import type { AttributeMap } from "../transaction/attribute-value.ts";

const KEPT_MS = 5000;
const MOST_KEPT = 10_000;
const ROUNDS = 3;

export interface IntakeMerchantsOptions {
  readonly client: DynamoDBClient;
  /** Makes the calls. @default the client itself */
  readonly call?: FastPathCall;
  readonly merchantsTable: string;
  readonly nowMs: () => number;
}

export class IntakeMerchants {
  readonly #options: IntakeMerchantsOptions;
  readonly #kept: AgingMap<MerchantEntry>;

  constructor(options: IntakeMerchantsOptions) {
    this.#options = options;
    this.#kept = new AgingMap({ maxAgeMs: KEPT_MS, most: MOST_KEPT, now: options.nowMs });
  }

  /** @throws MerchantsUnreadError */
  async get(merchantIds: Iterable<string>): Promise<ReadonlyMap<string, MerchantEntry | Failure>> {
    const found = new Map<string, MerchantEntry | Failure>();
    const missing: string[] = [];
    for (const merchantId of new Set(merchantIds)) {
      const kept = this.#kept.get(merchantId);
      if (kept === undefined) missing.push(merchantId);
      else found.set(merchantId, kept);
    }
    for (let from = 0; from < missing.length; from += MAX_MERCHANT_ROWS)
      for (const [merchantId, row] of await this.#read(missing.slice(from, from + MAX_MERCHANT_ROWS)))
        found.set(merchantId, this.#entryOf(merchantId, row));
    return found;
  }

  async #read(merchantIds: readonly string[]): Promise<Map<string, AttributeMap | undefined>> {
    const { client, call, merchantsTable } = this.#options;
    const read = new Map<string, AttributeMap | undefined>();
    let wanted = merchantIds;
    for (let round = 0; wanted.length > 0; round += 1) {
      if (round === ROUNDS)
        throw new MerchantsUnreadError(`${wanted.length} merchants were left unread ${round} times; it is throttled.`);
      const { rows, unread } = (await readMerchantRows(client, { [merchantsTable]: wanted }, call))(merchantsTable);
      for (const merchantId of wanted) if (!unread.has(merchantId)) read.set(merchantId, rows.get(merchantId));
      wanted = wanted.filter((merchantId) => unread.has(merchantId));
    }
    return read;
  }

  #entryOf(merchantId: string, row: AttributeMap | undefined): MerchantEntry | Failure {
    if (row === undefined || isDeleted(row))
      return failure("merchant_unknown", `merchantId: got ${quotedShort(merchantId)}, expected a registered merchant.`);
    const parsed = parseMerchant(row);
    if ("faults" in parsed)
      return failure(
        "merchant_invalid",
        `merchantId: got a merchant whose row cannot be used (${parsed.faults.join("; ")}); have the operator mend it.`,
      );
    const entry: MerchantEntry = { merchant: parsed.merchant, keys: undefined };
    // Of the sandbox few come, and who begins to listen to one is to count at once.
    if (parsed.merchant.environment === undefined) this.#kept.set(merchantId, entry);
    return entry;
  }
}

function quotedShort(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}
