/** By which what was read of a transaction is kept. */
export function transactionKey(transactionId: string): readonly string[] {
  return ["transaction", transactionId];
}
