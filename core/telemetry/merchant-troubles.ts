/**
 * Which merchants fail, wait or are given up on, counted for a few seconds and then told in one log line a merchant:
 * CloudWatch ranks merchants from these lines, since a metric for each of 100,000 merchants would cost more than all
 * the rest. Bounded: whoever comes after a thousand others in the same seconds, or is not among the worst of them, is
 * counted with the others.
 */

export interface Trouble {
  readonly failedAttempts: number;
  readonly parked: number;
  readonly deadLettered: number;
  /** Of one of its failed attempts, so that the way from a merchant to a transaction is short. */
  readonly exampleTransactionId?: string;
  readonly exampleError?: string;
}

export type TroubleKind = "failedAttempts" | "parked" | "deadLettered";

type Tally = { -readonly [Field in keyof Trouble]: Trouble[Field] };

const MAX_COUNTED = 1000;
const MAX_REPORTED = 50;
/** Those that are not told one by one. */
export const OTHER_MERCHANTS = "(others)";

export class MerchantTroubles {
  #byMerchant = new Map<string, Tally>();

  add(merchantId: string, kind: TroubleKind, transactionId: string, error?: string): void {
    const isKnown = this.#byMerchant.has(merchantId) || this.#byMerchant.size < MAX_COUNTED;
    const tally = this.#tallyOf(isKnown ? merchantId : OTHER_MERCHANTS);
    tally[kind] += 1;
    if (error === undefined || !isKnown) return;
    tally.exampleTransactionId = transactionId;
    tally.exampleError = error;
  }

  /** Merchants since the last time, the worst first; counting starts anew. */
  take(): (Trouble & { readonly merchantId: string })[] {
    const others = this.#byMerchant.get(OTHER_MERCHANTS) ?? nothing();
    this.#byMerchant.delete(OTHER_MERCHANTS);
    const ranked = [...this.#byMerchant].toSorted(([, one], [, other]) => weightOf(other) - weightOf(one));
    this.#byMerchant = new Map();
    for (const [, tally] of ranked.slice(MAX_REPORTED)) {
      others.failedAttempts += tally.failedAttempts;
      others.parked += tally.parked;
      others.deadLettered += tally.deadLettered;
    }
    const reported = ranked.slice(0, MAX_REPORTED).map(([merchantId, tally]) => ({ merchantId, ...tally }));
    return weightOf(others) === 0 ? reported : [...reported, { merchantId: OTHER_MERCHANTS, ...others }];
  }

  #tallyOf(merchantId: string): Tally {
    let tally = this.#byMerchant.get(merchantId);
    if (tally === undefined) this.#byMerchant.set(merchantId, (tally = nothing()));
    return tally;
  }
}

function nothing(): Tally {
  return { failedAttempts: 0, parked: 0, deadLettered: 0 };
}

function weightOf({ failedAttempts, parked, deadLettered }: Tally): number {
  return failedAttempts + parked + deadLettered;
}
