/**
 * Names of sends: each has one of its own, and the transaction can be read from it, so that whoever gets a receipt
 * finds its row. Letters, digits, `_` and `-`, 256 at most: what a tag of SES may hold, the narrowest of the services.
 */

export interface IntentTarget {
  readonly transactionId: string;
  readonly version: number;
}

/** Bytes of an id of a transaction up to which its intents can name it. */
const MOST_NAMED_BYTES = 160;
const INTENT_ID = /^([\w-]+)-(\d{1,16})-[\da-z]{1,24}$/;

/** Whether receipts of this transaction can be told apart from those of others. */
export function canBeNamed(transactionId: string): boolean {
  return Buffer.byteLength(transactionId) <= MOST_NAMED_BYTES;
}

/**
 * @param now epoch milliseconds
 * @param random in [0, 1)
 * @param nth of the transaction: no two of it are the same, whatever clock and draw say. @default 0
 * @returns one that names nobody where the transaction's id is too long (`canBeNamed`)
 */
export function intentIdFor({ transactionId, version }: IntentTarget, now: number, random: number, nth = 0): string {
  const own = `${now.toString(36)}${Math.floor(random * 36 ** 6)
    .toString(36)
    .padStart(6, "0")}${nth.toString(36)}`;
  const named = canBeNamed(transactionId) ? Buffer.from(transactionId).toString("base64url") : "_";
  return `${named}-${version}-${own}`;
}

/** @returns undefined for what is none of ours, or names nobody */
export function readIntentId(id: string): IntentTarget | undefined {
  const [, named = "", version = ""] = INTENT_ID.exec(id) ?? [];
  const transactionId = Buffer.from(named, "base64url").toString();
  // Only what would be written so: the decoder passes over what it does not know.
  if (named === "_" || transactionId === "" || Buffer.from(transactionId).toString("base64url") !== named)
    return undefined;
  return Number.isSafeInteger(Number(version)) && Number(version) >= 1
    ? { transactionId, version: Number(version) }
    : undefined;
}
