/** Limits of a merchant as fields have them, and what of them is changed: nothing that nobody touched. */
import type { Merchant } from "../merchant-reads.ts";
import type { Patch } from "./settings-acts.ts";
import { typedNumber, typedWaits } from "./typed.ts";

export const LIMITS = ["rateLimitPerSecond", "maxConcurrency", "deadlineMs", "retryScheduleSeconds"] as const;
export type LimitTexts = Readonly<Record<(typeof LIMITS)[number], string>>;

/** Empty for what there is no limit of. */
export function limitTexts(merchant: Pick<Merchant, (typeof LIMITS)[number]>): LimitTexts {
  const { rateLimitPerSecond, maxConcurrency, deadlineMs, retryScheduleSeconds } = merchant;
  return {
    rateLimitPerSecond: String(rateLimitPerSecond ?? ""),
    maxConcurrency: String(maxConcurrency ?? ""),
    deadlineMs: String(deadlineMs ?? ""),
    retryScheduleSeconds: retryScheduleSeconds?.join(", ") ?? "",
  };
}

export function limitsPatch(before: LimitTexts, typed: LimitTexts): Patch {
  const isChanged = (limit: (typeof LIMITS)[number]) => typed[limit].trim() !== before[limit];
  return {
    ...(isChanged("rateLimitPerSecond") && { rateLimitPerSecond: typedNumber(typed.rateLimitPerSecond) }),
    ...(isChanged("maxConcurrency") && { maxConcurrency: typedNumber(typed.maxConcurrency) }),
    ...(isChanged("deadlineMs") && { deadlineMs: typedNumber(typed.deadlineMs) }),
    ...(isChanged("retryScheduleSeconds") && { retryScheduleSeconds: typedWaits(typed.retryScheduleSeconds) }),
  };
}
