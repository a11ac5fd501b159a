/**
 * Which transactions are followed step by step in the logs. By the hash of the id, so that every program picks the same
 * ones without being told, and a transaction is seen on its whole way or not at all.
 */

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
/** A percent in hundredths, so that the share of few percent is exact enough. */
const STEPS = 10_000;

/** @param percent 0 for none, 100 for all */
export function isDebugged(transactionId: string, percent: number): boolean {
  if (percent <= 0) return false;
  let hash = FNV_OFFSET;
  for (let index = 0; index < transactionId.length; index += 1)
    hash = Math.imul(hash ^ transactionId.charCodeAt(index), FNV_PRIME);
  // The low bits of neighbouring ids differ little; the high ones are mixed in.
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return ((hash ^ (hash >>> 13)) >>> 0) % STEPS < percent * (STEPS / 100);
}
