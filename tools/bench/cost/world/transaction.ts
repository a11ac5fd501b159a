/** The transactions of the benchmark: each is its number, from which all else follows. */
const OCCURRED_AT = "2026-11-22T08:00:00.000Z";

/** What the worker makes of a transaction. @param merchants how many there are */
export function webhookOf(number: number, merchants: number) {
  const data = {
    transactionId: transactionIdOf(number),
    version: 1,
    merchantId: `merchant-${number % merchants}`,
    outcome: "APPROVED",
    amount: "129.90",
    currency: "EUR",
    occurredAt: OCCURRED_AT,
    reference: `order-${number}`,
    terminal: "POS-0042-RIO-BRANCO",
    note: "Paid by card in one instalment; the receipt was handed to the customer.",
  };
  return { type: "transaction.approved", timestamp: OCCURRED_AT, data };
}

/** In the form of a UUID; the number is in its first eight digits. */
export function transactionIdOf(number: number): string {
  return `${number.toString(16).padStart(8, "0")}-0000-4000-8000-000000000000`;
}
