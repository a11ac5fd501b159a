/**
 * Copies as rows of the `Jobs` table, for an hour. Copies of a merchant are numbered by one row that has the number of
 * the last: whoever writes some moves it on in the same transaction, so that there is no number without its copy, and
 * who reads on from a number misses none, whatever the clocks of the writers say.
 *
 *   copies#<merchant>            the number of the last copy; it stays, since numbers must never begin anew
 *   copy#<merchant>#<number>     a copy
 *   copy#<merchant>#<number>#body  its body, where both would not fit into one row
 */
import { TIME_TO_LIVE } from "../settings/names.ts";
import { type AttributeMap, numberOf, stringOf } from "../transaction/attribute-value.ts";
import type { DeliveryCopy } from "./delivery-copy.ts";

/** By which permissions know the rows: nothing else of the table begins so. */
export const COPY_KEY_PREFIXES = ["copies#", "copy#"] as const;
export const COPY_ROW = {
  key: "jobId",
  last: "lastCopy",
  copy: "copy",
  body: "body",
  hasBodyApart: "bodyApart",
} as const;
export const COPY_KEPT_SECONDS = 3600;
/** Of a body that is in its copy's own row: a row has 409,600 at most, with its address and headers. */
const MOST_BODY_BYTES = 350_000;

export function lastCopyKey(merchantId: string): string {
  return `${COPY_KEY_PREFIXES[0]}${merchantId}`;
}

export function copyKey(merchantId: string, number: number): string {
  return `${COPY_KEY_PREFIXES[1]}${merchantId}#${number}`;
}

export function copyBodyKey(merchantId: string, number: number): string {
  return `${copyKey(merchantId, number)}#body`;
}

/** One row, or two. */
export function copyRows(merchantId: string, number: number, copy: DeliveryCopy): AttributeMap[] {
  const { body, ...request } = copy.request;
  const purgeAt = { [TIME_TO_LIVE]: { N: String(Math.floor(copy.at / 1000) + COPY_KEPT_SECONDS) } };
  const row: AttributeMap = {
    [COPY_ROW.key]: { S: copyKey(merchantId, number) },
    [COPY_ROW.copy]: { S: JSON.stringify({ ...copy, request }) },
    ...purgeAt,
  };
  const content = { [COPY_ROW.body]: { S: body } };
  if (Buffer.byteLength(body) <= MOST_BODY_BYTES) return [{ ...row, ...content }];
  return [
    { ...row, [COPY_ROW.hasBodyApart]: { BOOL: true } },
    { [COPY_ROW.key]: { S: copyBodyKey(merchantId, number) }, ...content, ...purgeAt },
  ];
}

export function hasBodyApart(row: AttributeMap): boolean {
  return row[COPY_ROW.hasBodyApart]?.BOOL === true;
}

/** DynamoDB deletes rows some time after their end. @param now epoch milliseconds */
export function isOver(row: AttributeMap, now: number): boolean {
  return (numberOf(row[TIME_TO_LIVE]) ?? 0) * 1000 <= now;
}

/** @param bodyRow that has the body. @returns undefined for what is no copy */
export function readCopy(row: AttributeMap, bodyRow: AttributeMap = row): DeliveryCopy | undefined {
  const [text, body] = [stringOf(row[COPY_ROW.copy]), stringOf(bodyRow[COPY_ROW.body])];
  if (text === undefined || body === undefined) return undefined;
  const copy = JSON.parse(text) as DeliveryCopy;
  return { ...copy, request: { ...copy.request, body } };
}
