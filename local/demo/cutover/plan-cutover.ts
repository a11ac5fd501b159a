/**
 * What happens in the proof of the cut-over, and when, drawn from a seed: transactions of fifty merchants, of which
 * each is switched from the old system to this pipeline while its transactions go on, and every fifth one back again.
 */
import { seededRandom } from "../seeded-random.ts";

/** Seconds by which a switch must be ahead in this run: one more than may be set at least. */
export const AHEAD_SECONDS = 12;
const MERCHANTS = 50;
const ONE_BACK_IN = 5;
const ONE_MIRRORED_IN = 10;
/** Transactions a second while merchants are switched, about. */
const PER_SECOND = 200;
const LEAST_SPREAD_MS = 8000;
/** That a merchant goes back is asked for when it has been live for so long. */
export const ASKED_BACK_MS = 2000;
/** Switches are at whole seconds. */
const ROUNDED_MS = 1000;
const TAIL_MS = 4000;
const SECOND_VERSION_SHARE = 0.05;
const LATE_SHARE = 0.05;
const MOST_LATE_MS = 20_000;
const LEAST_WAIT_FOR_SECOND_MS = 1000;
const MORE_WAIT_FOR_SECOND_MS = 3000;
const HIGHEST_AMOUNT_CENTS = 100_000;

export interface PlannedMerchant {
  readonly merchantId: string;
  /** Before it is live. */
  readonly mode: "mirror" | "shadow";
  /** Milliseconds after the beginning at which somebody switches it. */
  readonly switchedAt: number;
  readonly goesBack: boolean;
}

export interface PlannedVersion {
  readonly transactionId: string;
  readonly version: 1 | 2;
  readonly isLast: boolean;
  readonly merchantId: string;
  readonly amountCents: number;
  /** Milliseconds after the beginning at which it is written. */
  readonly writtenAt: number;
  /** It occurred so many milliseconds before it is written. */
  readonly lateMs: number;
}

export interface CutoverPlan {
  readonly merchants: readonly PlannedMerchant[];
  /** In the order in which they are written. */
  readonly versions: readonly PlannedVersion[];
}

export function planCutover(transactions: number, seed: number): CutoverPlan {
  const spreadMs = Math.max(LEAST_SPREAD_MS, (transactions / PER_SECOND) * 1000);
  const merchants = Array.from({ length: MERCHANTS }, (_, index): PlannedMerchant => ({
    merchantId: `shop-${String(index + 1).padStart(2, "0")}`,
    mode: index % ONE_MIRRORED_IN === 0 ? "mirror" : "shadow",
    switchedAt: (index / MERCHANTS) * spreadMs,
    goesBack: index % ONE_BACK_IN === ONE_BACK_IN - 1,
  }));
  // Until the last one that goes back is back.
  const switchMs = AHEAD_SECONDS * 1000 + ROUNDED_MS;
  const durationMs = spreadMs + switchMs + ASKED_BACK_MS + switchMs + TAIL_MS;
  const random = seededRandom(seed);
  const versions = Array.from({ length: transactions }, (_, index): PlannedVersion[] => {
    const { merchantId = "" } = merchants[index % MERCHANTS] ?? {};
    const amountCents = 1 + Math.floor(random() * HIGHEST_AMOUNT_CENTS);
    const hasSecond = random() < SECOND_VERSION_SHARE;
    const lateMs = random() < LATE_SHARE ? Math.floor(random() * MOST_LATE_MS) : 0;
    const writtenAt = random() * durationMs;
    const same = { transactionId: `cutover-${seed}-${index + 1}`, merchantId, amountCents };
    const first: PlannedVersion = { ...same, version: 1, isLast: !hasSecond, writtenAt, lateMs };
    if (!hasSecond) return [first];
    const secondAt = writtenAt + LEAST_WAIT_FOR_SECOND_MS + random() * MORE_WAIT_FOR_SECOND_MS;
    return [first, { ...same, version: 2, isLast: true, writtenAt: secondAt, lateMs: 0 }];
  }).flat();
  return { merchants, versions: versions.toSorted((one, other) => one.writtenAt - other.writtenAt) };
}
