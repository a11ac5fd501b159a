/**
 * The producer of both runs: new rows with the write condition of a cooperative one, a hundred to a transaction of the
 * database, which is the quickest conditional write that DynamoDB Local has.
 */
import { rowKeySettings } from "../../../core/settings/row-key-settings.ts";
import { parseSettings } from "../../../core/settings/settings.ts";
import { demoSettings } from "../../../local/demo/settings.ts";
import { fakeRow, type FakeRow, putParameters } from "../../../core/transaction/fake-transaction.ts";
import type { PlainCall } from "./plain-aws.ts";

export const MERCHANT_IDS: readonly string[] = Array.from({ length: 20 }, (_, index) => `merchant-${index}`);
/** Most writes that DynamoDB takes in one transaction. */
const TRANSACTION_ITEMS = 100;
/** What a producer has to know of the stack's settings. */
const PRODUCER = rowKeySettings(parseSettings(demoSettings([], false)));

/** @param first number of the first transaction; they are numbered on from there */
export async function insertRows(dynamodb: PlainCall, tableName: string, first: number, count: number): Promise<void> {
  for (let next = first; next < first + count; next += TRANSACTION_ITEMS) {
    const numbers = Array.from(
      { length: Math.min(TRANSACTION_ITEMS, first + count - next) },
      (_, index) => next + index,
    );
    await dynamodb("TransactWriteItems", {
      TransactItems: numbers.map((number) => ({ Put: putParameters(tableName, rowOf(number)) })),
    });
  }
}

export async function insertRow(dynamodb: PlainCall, tableName: string, number: number): Promise<void> {
  await dynamodb("PutItem", putParameters(tableName, rowOf(number)));
}

export function transactionIdOf(number: number): string {
  return `bench-${number}`;
}

/** The same transaction as the API takes it. */
export function submissionOf(number: number): Readonly<Record<string, string>> {
  const row = rowOf(number);
  const names = ["transactionId", "merchantId", "outcome", "amount", "currency", "occurredAt"] as const;
  return Object.fromEntries(names.map((name) => [name, (row[name] as { readonly S: string }).S]));
}

function rowOf(number: number): FakeRow {
  const nowMs = Date.now();
  const transaction = {
    transactionId: transactionIdOf(number),
    version: 1,
    merchantId: MERCHANT_IDS[number % MERCHANT_IDS.length] ?? "",
    occurredAt: new Date(nowMs),
    amountCents: 12_990,
    isLast: true,
  };
  return fakeRow(transaction, PRODUCER, nowMs);
}
