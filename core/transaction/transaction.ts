/**
 * A row of the Transactions table as the pipeline reads it.
 *
 * The producer's part may hold anything, since whoever may write to the table is a producer: `parse-transaction.ts`
 * lists what is wrong with it. The pipeline's part (`RowState`) is always readable, so that a bad row can be failed
 * like any other.
 */
import type { AttributeMap } from "./attribute-value.ts";
import { numberOf, stringOf } from "./attribute-value.ts";
import { EVERYONE } from "../merchant/merchant-health.ts";
import { isTraceHeader } from "../telemetry/trace.ts";

/** What the producer wrote, checked. */
export interface Transaction {
  readonly transactionId: string;
  /** Raised with every change of outcome; an integer from 1. */
  readonly version: number;
  readonly merchantId: string;
  readonly outcome: string;
  /** Decimal number as text, so that no digit is lost. */
  readonly amount: string;
  /** ISO 4217, three capital letters. */
  readonly currency: string;
  /** ISO 8601 with zone. */
  readonly occurredAt: string;
  readonly confirmationUrl?: string;
  /** Those of one merchant with the same key are delivered one after the other, in order. */
  readonly orderingKey?: string;
  /** Id of the transaction with the same key that must be terminal before this one is delivered. */
  readonly orderingAfter?: string;
  /** ISO 8601 with zone; not delivered after it. */
  readonly deliverBy?: string;
  /** Further members of the webhook's `data`, as DynamoDB has them. */
  readonly payload?: AttributeMap;
  readonly traceHeader?: string;
}

/** Ids become part of index keys, which DynamoDB limits to 2,048 bytes. */
export const MAX_ID_BYTES = 1024;
/** Of a UTF-16 unit in UTF-8. */
const MAX_BYTES_A_UNIT = 3;
export const OUTCOME = /^\w{1,64}$/;
/** The form alone: what was taken before its code was withdrawn can still be read. `currencies.ts` knows the codes. */
export const CURRENCY = /^[A-Z]{3}$/;
export const DECIMAL = /^-?\d{1,30}(\.\d{1,18})?$/;

/**
 * The row's trace header, if it is one: SQS refuses a message with any other text in that place, which would hold up
 * its sender.
 */
export function traceHeaderOf(row: AttributeMap): string | undefined {
  return traceHeaderIn(row["traceHeader"]);
}

export function traceHeaderIn(attribute: AttributeMap[string] | undefined): string | undefined {
  const header = stringOf(attribute);
  return header !== undefined && isTraceHeader(header) ? header : undefined;
}

/** The version of a row, or undefined where it is not an integer from 1 that JavaScript holds exactly. */
export function versionOf(row: AttributeMap): number | undefined {
  const version = numberOf(row["version"]);
  return version !== undefined && Number.isSafeInteger(version) && version >= 1 ? version : undefined;
}

/** Whether a text can be the id of a transaction or merchant, and so a part of index keys. */
export function isId(value: string): boolean {
  if (value.length * MAX_BYTES_A_UNIT <= MAX_ID_BYTES) return value.length > 0;
  return Buffer.byteLength(value) <= MAX_ID_BYTES;
}

/**
 * `.` and `..` are no names in a path: whoever asked for the key set of such a merchant would ask for something else
 * (RFC 3986, 5.2.4).
 */
export function isMerchantId(value: string): boolean {
  return isId(value) && value !== EVERYONE && value !== "." && value !== "..";
}

/** Whether a text can be the id of the transaction before another one in its ordered group. */
export function isBefore(value: string, transactionId: string, orderingKey: string | undefined): boolean {
  return isId(value) && value !== transactionId && orderingKey !== undefined;
}
