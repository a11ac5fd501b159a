/**
 * Where a failed row is in the failed index: with its merchant, by the reason and then by the time of its failure. Only
 * the writes that fail a row put it there, so that a confirmation costs nothing for it.
 */
import { acceptedOf } from "../accepted.ts";
import { type AttributeMap, numberOf, stringOf } from "../attribute-value.ts";
import { type Failure, readFailure } from "../failure.ts";
import { isId } from "../transaction.ts";
import { ATTRIBUTES } from "./attributes.ts";
import { failedAtFor, failedKeyFor, isSameFailedMerchant } from "./index-keys.ts";
import { stateOf } from "./row-state.ts";

export interface FailedListing {
  readonly failedKey: string;
  readonly failedAt: string;
}

/** Largest time that a date can have, in epoch milliseconds (ECMA-262, "Time values and time range"). */
const MAX_TIME_MS = 8.64e15;

/**
 * Of a row that fails now.
 *
 * @param now epoch milliseconds, as they are recorded as `settledAt`
 * @param shards how many of a merchant are written now
 * @returns undefined where nothing names a merchant
 */
export function failedListing(
  merchantId: string | undefined,
  transactionId: string,
  { code }: Pick<Failure, "code">,
  now: number,
  shards: number,
): FailedListing | undefined {
  if (merchantId === undefined || !isId(merchantId)) return undefined;
  return { failedKey: failedKeyFor(merchantId, transactionId, shards), failedAt: failedAtFor(code, now) };
}

/** The merchant that a row fails for: the one that accepted it, else the one that its producer wrote. */
export function failingMerchantOf(row: AttributeMap): string | undefined {
  return acceptedOf(row)?.merchantId ?? stringOf(row["merchantId"]);
}

/** Where a row should be by what it says of itself; undefined for one that should be nowhere. */
export function rightFailedListing(row: AttributeMap, shards: number): FailedListing | undefined {
  if (stateOf(row) !== "FAILED") return undefined;
  const failure = readFailure(row[ATTRIBUTES.failure]);
  const settledAt = numberOf(row[ATTRIBUTES.settledAt]);
  if (failure === undefined || settledAt === undefined || !(Math.abs(settledAt) <= MAX_TIME_MS)) return undefined;
  return failedListing(failingMerchantOf(row), stringOf(row["transactionId"]) ?? "", failure, settledAt, shards);
}

/** Whether a row has these keys, in whatever shard, or none. */
export function isListedAs(row: AttributeMap, listing: FailedListing | undefined): boolean {
  const failedKey = stringOf(row[ATTRIBUTES.failedKey]);
  const failedAt = stringOf(row[ATTRIBUTES.failedAt]);
  if (listing === undefined) return failedKey === undefined && failedAt === undefined;
  return failedKey !== undefined && isSameFailedMerchant(failedKey, listing.failedKey) && failedAt === listing.failedAt;
}
