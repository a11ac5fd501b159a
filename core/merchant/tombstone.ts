/**
 * What is left of a merchant that was deleted: its row, with `deletedAt`. Whoever delivers takes it for no merchant any
 * more. Whoever verifies still finds its keys there, for as long as there are manifests and webhooks to verify;
 * DynamoDB deletes the row after that.
 */
import { TIME_TO_LIVE } from "../settings/names.ts";
import { SEALED_ATTRIBUTES } from "./connection/sealed-connection.ts";
import { ID_START } from "./id-start.ts";
import { LISTENERS } from "./listeners.ts";
import type { AttributeMap, AttributeValue } from "../transaction/attribute-value.ts";

export const DELETED_AT = "deletedAt";

const SECONDS_A_DAY = 86_400;

/** Any value counts: it must not be delivered to because somebody wrote a date in another form. */
export function isDeleted(row: AttributeMap): boolean {
  return row[DELETED_AT] !== undefined;
}

export interface Tombstone {
  readonly set: Readonly<Record<string, AttributeValue>>;
  /**
   * Its URL, so that programs of before there were tombstones deliver nothing to it either; addresses of people, and
   * secrets that nobody needs to verify anything.
   */
  readonly remove: readonly string[];
}

/**
 * What deleting a merchant does to its row. Its last manifest may be written for as long as its transactions are kept,
 * and is kept for as long as manifests are.
 *
 * @param now epoch milliseconds
 */
export function tombstone(
  now: number,
  { settledDays, manifestDays }: { readonly settledDays: number; readonly manifestDays: number },
): Tombstone {
  const purgeAt = Math.floor(now / 1000) + (settledDays + manifestDays) * SECONDS_A_DAY;
  return {
    set: { [DELETED_AT]: { N: String(now) }, [TIME_TO_LIVE]: { N: String(purgeAt) } },
    remove: ["confirmationUrl", "channels", "mirror", ID_START, LISTENERS, ...SEALED_ATTRIBUTES],
  };
}

/** What registering a merchant anew under the same id takes away. */
export const TOMBSTONE_ATTRIBUTES = [DELETED_AT, TIME_TO_LIVE] as const;
