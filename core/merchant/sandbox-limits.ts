/**
 * What the sandbox may take: each of its merchants so many calls a second and at once, all of them together a share of
 * what a program has. So no number of them takes anything that a live merchant would have had.
 */
import type { Merchant } from "./merchant.ts";

export interface SandboxLimits {
  /** Calls of one merchant, all tasks together. */
  readonly ratePerSecond: number;
  /** Calls of one merchant in flight, from one task. */
  readonly concurrency: number;
}

/** Of a task's window, of the executions of small-account mode, and of what is requeued: for the whole sandbox. */
export const SANDBOX_SHARE = 0.1;

/** At least one: nobody waits for ever. */
export function sandboxPart(of: number): number {
  return Math.max(1, Math.floor(of * SANDBOX_SHARE));
}

/** With the limits that hold: a live merchant has its own and no others. */
export function withinLimits(merchant: Merchant, limits: SandboxLimits): Merchant {
  if (merchant.environment === undefined) return merchant;
  const { rateLimitPerSecond = limits.ratePerSecond, maxConcurrency = limits.concurrency } = merchant;
  return {
    ...merchant,
    rateLimitPerSecond: Math.min(rateLimitPerSecond, limits.ratePerSecond),
    maxConcurrency: Math.min(maxConcurrency, limits.concurrency),
  };
}
