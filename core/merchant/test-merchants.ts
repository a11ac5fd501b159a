/**
 * The merchants of fake transactions: the pipeline's own, registered by `insert-fake-transactions`, and nobody else's.
 */
const PREFIX = "fake-merchant-";

/** @param number from 1 */
export function testMerchantId(number: number): string {
  return `${PREFIX}${number}`;
}

export function isTestMerchant(merchantId: string): boolean {
  return merchantId.startsWith(PREFIX) && /^\d+$/.test(merchantId.slice(PREFIX.length));
}
