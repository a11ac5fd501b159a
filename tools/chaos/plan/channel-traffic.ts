/**
 * Transactions of recipients with channels and of merchants that acknowledge. Drawn apart from the rest, so that a
 * seed's other traffic stays what it was.
 */
import { pick, seededRandom } from "../../../local/demo/seeded-random.ts";
import { RECIPIENTS } from "./recipients.ts";
import type { ChaosTransaction, PlannedVersion } from "./transaction.ts";

/** Apart from what the seed draws else. */
const OWN_SEED = 0xc4a2;
/** Behind the numbers of all other transactions of a run. */
const FIRST_NUMBER = 900_001;
const SECOND_VERSION_SHARE = 0.15;
const LONGEST_UNTIL_NEXT_MS = 3000;
const BARE_SHARE = 0.4;
const HIGHEST_AMOUNT_CENTS = 100_000;

/** @param count spread evenly over the recipients */
export function planChannelTraffic(seed: number, durationMs: number, count: number): ChaosTransaction[] {
  const random = seededRandom(seed ^ OWN_SEED);
  return Array.from({ length: count }, (_, index): ChaosTransaction => {
    const first: PlannedVersion = {
      version: 1,
      manner: random() < BARE_SHARE ? "bare put" : "polite put",
      atMs: Math.floor(random() * durationMs),
    };
    const second: PlannedVersion = {
      version: 2,
      manner: pick(["polite put", "bare put", "update"] as const, random),
      atMs: first.atMs + Math.floor(random() * LONGEST_UNTIL_NEXT_MS),
    };
    return {
      transactionId: `chaos-${seed}-${FIRST_NUMBER + index}`,
      merchantId: RECIPIENTS[index % RECIPIENTS.length]?.merchantId ?? "",
      amountCents: 1 + Math.floor(random() * HIGHEST_AMOUNT_CENTS),
      versions: random() < SECOND_VERSION_SHARE ? [first, second] : [first],
    };
  });
}
