/**
 * From a row to its transaction. Nearly every row is well, and each is read again for each of its attempts, so it is
 * read straight through; only for one that is not are the faults looked for, by the same rules.
 */
import type { AttributeMap } from "./attribute-value.ts";
import { stringOf } from "./attribute-value.ts";
import { isCurrency } from "./currencies.ts";
import { isInstant } from "./instant.ts";
import { faultsOf } from "./transaction-faults.ts";
import {
  DECIMAL,
  isBefore,
  isId,
  isMerchantId,
  OUTCOME,
  traceHeaderOf,
  type Transaction,
  versionOf,
} from "./transaction.ts";

/**
 * Checks the producer's part of a row.
 *
 * @returns the transaction, or every fault found: attribute, what was got, what was expected
 */
export function parseTransaction(row: AttributeMap): { transaction: Transaction } | { faults: string[] } {
  const transaction = readTransaction(row);
  return transaction === undefined ? { faults: faultsOf(row) } : { transaction };
}

type Draft = { -readonly [Name in keyof Transaction]: Transaction[Name] };

/** @returns undefined at the first fault */
function readTransaction(row: AttributeMap): Transaction | undefined {
  const version = versionOf(row);
  const transactionId = stringOf(row["transactionId"]);
  const merchantId = stringOf(row["merchantId"]);
  const outcome = stringOf(row["outcome"]);
  const amount = stringOf(row["amount"]);
  const currency = stringOf(row["currency"]);
  const occurredAt = stringOf(row["occurredAt"]);
  if (version === undefined || transactionId === undefined || !isId(transactionId)) return undefined;
  if (merchantId === undefined || !isMerchantId(merchantId)) return undefined;
  if (outcome === undefined || !OUTCOME.test(outcome)) return undefined;
  if (amount === undefined || !DECIMAL.test(amount)) return undefined;
  if (currency === undefined || !isCurrency(currency)) return undefined;
  if (occurredAt === undefined || !isInstant(occurredAt)) return undefined;
  const transaction: Draft = { transactionId, version, merchantId, outcome, amount, currency, occurredAt };
  return readOptional(row, transaction) ? transaction : undefined;
}

/** @returns false at the first fault */
function readOptional(row: AttributeMap, transaction: Draft): boolean {
  const { confirmationUrl, orderingKey, orderingAfter, deliverBy, payload } = row;
  if (confirmationUrl !== undefined) {
    const url = stringOf(confirmationUrl);
    if (url === undefined) return false;
    transaction.confirmationUrl = url;
  }
  if (orderingKey !== undefined) {
    const key = stringOf(orderingKey);
    if (key === undefined || !isId(key)) return false;
    transaction.orderingKey = key;
  }
  if (orderingAfter !== undefined) {
    const before = stringOf(orderingAfter);
    if (before === undefined || !isBefore(before, transaction.transactionId, transaction.orderingKey)) return false;
    transaction.orderingAfter = before;
  }
  if (deliverBy !== undefined) {
    const instant = stringOf(deliverBy);
    if (instant === undefined || !isInstant(instant)) return false;
    transaction.deliverBy = instant;
  }
  if (payload !== undefined) {
    if (payload.M === undefined) return false;
    transaction.payload = payload.M;
  }
  const traceHeader = traceHeaderOf(row);
  if (traceHeader !== undefined) transaction.traceHeader = traceHeader;
  return true;
}
