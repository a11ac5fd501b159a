/**
 * A row of the Transactions table as the pipeline reads it.
 *
 * The producer's part may hold anything, since whoever may write to the table is a producer: `parseTransaction` lists what is wrong
 * with it. The pipeline's part (`RowState`) is always readable, so that a bad row can be failed like any other.
 */
import type { AttributeMap } from "./attribute-value.ts";
import { numberOf, plainMap, stringOf } from "./attribute-value.ts";
import { EVERYONE } from "./gate.ts";
import { isTraceHeader } from "./trace.ts";

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
  /** Id of the transaction with the same key that must be settled before this one is delivered. */
  readonly orderingAfter?: string;
  /** ISO 8601 with zone; not delivered after it. */
  readonly deliverBy?: string;
  /** Further members of the webhook's `data`. */
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly traceHeader?: string;
}

/** Ids become part of index keys, which DynamoDB limits to 2,048 bytes. */
export const MAX_ID_BYTES = 1024;
export const OUTCOME = /^\w{1,64}$/;
export const DECIMAL = /^-?\d{1,30}(\.\d{1,18})?$/;
export const CURRENCY = /^[A-Z]{3}$/;
const ISO_INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

/** The row's trace header, if it is one: SQS refuses a message with any other text in that place, which would hold up its sender. */
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

/**
 * Checks the producer's part of a row.
 *
 * @returns the transaction, or every fault found: attribute, what was got, what was expected
 */
export function parseTransaction(row: AttributeMap): { transaction: Transaction } | { faults: string[] } {
  const faults: string[] = [];
  const text = (
    name: string,
    isValid: (value: string) => boolean,
    expected: string,
    isOptional = false,
  ): string | undefined => {
    const attribute = row[name];
    if (attribute === undefined && isOptional) return undefined;
    const value = stringOf(attribute);
    if (value !== undefined && isValid(value)) return value;
    faults.push(`${name}: got ${describe(attribute)}, expected ${expected}`);
    return undefined;
  };

  const transactionId = text("transactionId", isId, `a string of 1 to ${MAX_ID_BYTES} bytes`) ?? "";
  const version = versionOf(row);
  if (version === undefined) faults.push(`version: got ${describe(row["version"])}, expected an integer from 1 (N)`);
  const merchantId =
    text("merchantId", isMerchantId, `a string of 1 to ${MAX_ID_BYTES} bytes, other than "${EVERYONE}"`) ?? "";
  const outcome =
    text("outcome", (value) => OUTCOME.test(value), "letters, digits and underscores such as APPROVED") ?? "";
  const amount =
    text("amount", (value) => DECIMAL.test(value), 'a decimal number as a string (S), for example "12.50"') ?? "";
  const currency = text("currency", (value) => CURRENCY.test(value), "an ISO 4217 code, for example EUR") ?? "";
  const occurredAt =
    text("occurredAt", isInstant, "an ISO 8601 time with its zone, for example 2026-11-22T10:00:00Z") ?? "";
  const confirmationUrl = text("confirmationUrl", () => true, "a string (S)", true);
  const orderingKey = text("orderingKey", isId, `a string of 1 to ${MAX_ID_BYTES} bytes`, true);
  const orderingAfter = text(
    "orderingAfter",
    (value) => isId(value) && value !== transactionId && orderingKey !== undefined,
    "the id of another transaction, beside an orderingKey",
    true,
  );
  const deliverBy = text("deliverBy", isInstant, "an ISO 8601 time with its zone", true);
  const traceHeader = traceHeaderOf(row);
  const payload = row["payload"];
  if (payload !== undefined && payload.M === undefined)
    faults.push(`payload: got ${describe(payload)}, expected a map (M)`);

  if (faults.length > 0 || version === undefined) return { faults };
  return {
    transaction: {
      transactionId,
      version,
      merchantId,
      outcome,
      amount,
      currency,
      occurredAt,
      ...(confirmationUrl !== undefined && { confirmationUrl }),
      ...(orderingKey !== undefined && { orderingKey }),
      ...(orderingAfter !== undefined && { orderingAfter }),
      ...(deliverBy !== undefined && { deliverBy }),
      ...(payload?.M !== undefined && { payload: plainMap(payload.M) }),
      ...(traceHeader !== undefined && { traceHeader }),
    },
  };
}

/** Whether a text can be the id of a transaction or merchant, and so a part of index keys. */
export function isId(value: string): boolean {
  return value.length > 0 && Buffer.byteLength(value) <= MAX_ID_BYTES;
}

function isMerchantId(value: string): boolean {
  return isId(value) && value !== EVERYONE;
}

function isInstant(value: string): boolean {
  return ISO_INSTANT.test(value) && !Number.isNaN(Date.parse(value)) && isCalendarDay(value.slice(0, 10));
}

/** JavaScript takes the 31st of February for the 3rd of March. @param day `yyyy-mm-dd` */
function isCalendarDay(day: string): boolean {
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

/** The attribute for a person: type and value, cut short. */
function describe(attribute: AttributeMap[string] | undefined): string {
  if (attribute === undefined) return "nothing";
  const text = JSON.stringify(attribute);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
