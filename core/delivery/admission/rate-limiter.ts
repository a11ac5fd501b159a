/**
 * A merchant's rate limit over all tasks: each slot of about a tenth of a second has a few tokens on the merchant's
 * health row, and a task takes a part of them at a time. What gets no token waits for the next slots, up to a second
 * and as long as there is a place to wait in; what still gets none is turned away. Tokens that come late, of several
 * slots at once, are spread again before the calls are made.
 */
import { RecentMap } from "../../cache/recent-map.ts";
import type { BoundedWaitQueue } from "./bounded-wait-queue.ts";

const SLOTS_A_SECOND = 10;
/** Part of a slot's tokens that a task takes at a time: with more at once the other tasks would get none. */
const LEASE_SHARE = 0.25;
/** Milliseconds that a call waits for a token at most. */
const MAX_WAIT_MS = 1000;
/** Milliseconds ahead beyond which a plan was made by a clock that has been put back since. */
const MAX_AHEAD_MS = 10_000;
const MAX_REMEMBERED = 10_000;

export interface RateLimiterOptions {
  /**
   * Takes tokens of a slot that all tasks share, as many as it has left of `count`.
   * @param slot epoch milliseconds of its start
   */
  readonly take: (merchantId: string, slot: number, count: number, tokensASlot: number) => Promise<number>;
  readonly room: Pick<BoundedWaitQueue, "wait">;
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
  readonly #leases = new RecentMap<Lease>(MAX_REMEMBERED);
  /** Epoch milliseconds before which a merchant's next call of this task is ahead of its rate. */
  readonly #nextAt = new RecentMap<number>(MAX_REMEMBERED);

  constructor(options: RateLimiterOptions) {
    this.#options = options;
  }

  /** @returns false when the merchant takes no more for now. @throws when the shared record cannot be reached */
  async take(merchantId: string, ratePerSecond: number): Promise<boolean> {
    if (!(await this.#takeToken(merchantId, ratePerSecond))) return false;
    const earlyMs = this.#plan(merchantId, ratePerSecond);
    // Without a place to wait in it goes at once; that is no more than the slots allow.
    if (earlyMs > 0) await this.#options.room.wait(merchantId, Math.ceil(earlyMs));
    return true;
  }

  /**
   * A token for what goes behind live traffic: of this slot, while less than half of its tokens are taken, or of every
   * other slot where each has one. Nothing is waited for.
   *
   * @returns false when there is none to spare. @throws when the shared record cannot be reached
   */
  async takeSpare(merchantId: string, ratePerSecond: number): Promise<boolean> {
    const { take, now } = this.#options;
    const { tokens, slotMs } = slotsFor(ratePerSecond);
    const number = Math.floor(now() / slotMs);
    if (tokens === 1 && number % 2 === 1) return false;
    const spare = Math.ceil(tokens / 2);
    if ((await take(merchantId, Math.floor(number * slotMs), 1, spare)) === 0) return false;
    this.#plan(merchantId, ratePerSecond);
    return true;
  }

  /** @returns milliseconds by which a call made now would be ahead; as many as a slot has tokens may come together */
  #plan(merchantId: string, ratePerSecond: number): number {
    const now = this.#options.now();
    const everyMs = 1000 / ratePerSecond;
    const nextAt = this.#nextAt.get(merchantId) ?? now;
    const plannedAt = nextAt > now + MAX_AHEAD_MS ? now : Math.max(now, nextAt);
    this.#nextAt.set(merchantId, plannedAt + everyMs);
    return plannedAt - (slotsFor(ratePerSecond).tokens - 1) * everyMs - now;
  }

  async #takeToken(merchantId: string, ratePerSecond: number): Promise<boolean> {
    if (await this.#takeNow(merchantId, ratePerSecond)) return true;
    const { slotMs } = slotsFor(ratePerSecond);
    for (let waitedMs = 0; ;) {
      const restMs = Math.max(1, slotMs - (this.#options.now() % slotMs));
      waitedMs += restMs;
      if (waitedMs > MAX_WAIT_MS || !(await this.#options.room.wait(merchantId, restMs))) return false;
      if (await this.#takeNow(merchantId, ratePerSecond)) return true;
    }
  }

  async #takeNow(merchantId: string, ratePerSecond: number): Promise<boolean> {
    const { tokens, slotMs } = slotsFor(ratePerSecond);
    const lease = this.#leaseOf(merchantId, Math.floor(Math.floor(this.#options.now() / slotMs) * slotMs));
    // Of this slot, though it may be over by the time that its tokens are here: a slow table must not keep a call
    // waiting for ever.
    while (lease.tokens <= 0) {
      if (lease.isExhausted) return false;
      lease.filling ??= this.#fill(merchantId, lease, tokens).finally(() => {
        lease.filling = undefined;
      });
      await lease.filling;
    }
    lease.tokens -= 1;
    return true;
  }

  async #fill(merchantId: string, lease: Lease, tokensASlot: number): Promise<void> {
    const asked = Math.ceil(tokensASlot * LEASE_SHARE);
    const taken = await this.#options.take(merchantId, lease.slot, asked, tokensASlot);
    lease.tokens += taken;
    lease.isExhausted = taken < asked;
  }

  #leaseOf(merchantId: string, slot: number): Lease {
    const known = this.#leases.get(merchantId);
    if (known?.slot === slot) return known;
    const lease: Lease = { slot, tokens: 0, isExhausted: false };
    this.#leases.set(merchantId, lease);
    return lease;
  }
}
