/**
 * A merchant's rate limit over all tasks: each slot of about a tenth of a second has a few tokens on the merchant's gate, and a task
 * takes a part of them at a time. What gets no token is turned away, and no more is asked for in that slot.
 */
const SLOTS_A_SECOND = 10;
/** Part of a slot's tokens that a task takes at a time: with more at once the other tasks would get none. */
const LEASE_SHARE = 0.25;
const MAX_REMEMBERED = 10_000;

export interface RateLimiterOptions {
  /** Takes tokens of a slot that all tasks share; false when it has not that many left. @param slot epoch milliseconds of its start */
  readonly take: (merchantId: string, slot: number, count: number, tokensASlot: number) => Promise<boolean>;
  readonly now: () => number;
}

interface Lease {
  readonly slot: number;
  tokens: number;
  isExhausted: boolean;
  filling?: Promise<void> | undefined;
}

/** Whole tokens a slot, and its length in milliseconds such that they make up the rate. @param ratePerSecond above 0 */
export function slotsFor(ratePerSecond: number): { readonly tokens: number; readonly slotMs: number } {
  const tokens = Math.max(1, Math.round(ratePerSecond / SLOTS_A_SECOND));
  return { tokens, slotMs: (tokens * 1000) / ratePerSecond };
}

export class RateLimiter {
  readonly #options: RateLimiterOptions;
  readonly #leases = new Map<string, Lease>();

  constructor(options: RateLimiterOptions) {
    this.#options = options;
  }

  /** @returns false when the merchant takes no more for now. @throws when the shared record cannot be reached */
  async take(merchantId: string, ratePerSecond: number): Promise<boolean> {
    const { tokens, slotMs } = slotsFor(ratePerSecond);
    for (;;) {
      const slot = Math.floor(Math.floor(this.#options.now() / slotMs) * slotMs);
      const lease = this.#leaseOf(merchantId, slot);
      if (lease.tokens > 0) {
        lease.tokens -= 1;
        return true;
      }
      if (lease.isExhausted) return false;
      lease.filling ??= this.#fill(merchantId, lease, tokens).finally(() => {
        lease.filling = undefined;
      });
      await lease.filling;
    }
  }

  async #fill(merchantId: string, lease: Lease, tokensASlot: number): Promise<void> {
    for (const count of [Math.ceil(tokensASlot * LEASE_SHARE), 1]) {
      if (!(await this.#options.take(merchantId, lease.slot, count, tokensASlot))) continue;
      lease.tokens += count;
      return;
    }
    lease.isExhausted = true;
  }

  #leaseOf(merchantId: string, slot: number): Lease {
    const known = this.#leases.get(merchantId);
    if (known?.slot === slot) return known;
    if (known === undefined && this.#leases.size >= MAX_REMEMBERED) this.#leases.clear();
    const lease: Lease = { slot, tokens: 0, isExhausted: false };
    this.#leases.set(merchantId, lease);
    return lease;
  }
}
