/**
 * How many transactions have a dead letter: one that was put back as a copy and given up again has two messages, and is
 * one row.
 */
const TRANSACTION_ID = /"transactionId":("(?:[^"\\]|\\.)*")/;

/** What names no transaction counts by itself. */
export function transactionsIn(messages: readonly { readonly body: string }[]): number {
  return new Set(messages.map(({ body }) => TRANSACTION_ID.exec(body)?.[1] ?? body)).size;
}
