/**
 * For how long a channel is waited for that something keeps back, so that it has neither delivered nor failed. In a
 * plan `fallback` that has an end where another channel may be used: it is passed over then, and looked at again once
 * those after it have failed. What is known to last longer than that is passed over at once; and all of it in time for
 * the others, five minutes before the transaction is given up.
 */
import type { ChannelChoice } from "../../channels/choose-channel.ts";
import type { Steps } from "../../channels/steps.ts";
import { OUR_WAITS, PASSING_WAITS, type WaitReason } from "../../merchant/merchant-health.ts";
import { ended, passedOver, type PlanStep, scheduleOf, withCurrent } from "../channels/plan-step.ts";
import type { ConfirmationSettings } from "../settings.ts";

/**
 * Milliseconds for which a limit of our own account and an address that is not verified are waited for: no attempt
 * would change them. And those before which what was passed over is not looked at again.
 */
export const SHORT_PATIENCE_MS = 60_000;
/** Milliseconds before the time to give up that are left for the channels after it. */
const LEFT_FOR_OTHERS_MS = 300_000;
const MOST_REASON_CHARACTERS = 200;

export interface Keeping {
  /** For a person. */
  readonly why: string;
  /** Milliseconds for which it is waited for, where another channel may be used. */
  readonly patienceMs: number;
  /** Milliseconds for which it lasts at least. @default nobody knows */
  readonly lastsMs?: number;
}

/** What is known of the transaction meanwhile. */
interface Known {
  readonly attemptCount: number;
  /** Epoch milliseconds. */
  readonly giveUpAt: number;
}

export type KeptBack =
  /** By `choice` another channel is used. */
  | { readonly kind: "passed over"; readonly steps: Steps; readonly choice: ChannelChoice }
  /**
   * The channel is waited for.
   * @member steps since when it is; undefined where they say so already, or need not
   * @member lookAt when another channel may be used, epoch milliseconds
   */
  | { readonly kind: "waits"; readonly steps: Steps | undefined; readonly lookAt: number };

/** @param plan with the channel that is kept back as the one that is on. @param now epoch milliseconds */
export function judgeKeptBack(
  plan: PlanStep,
  { why, patienceMs, lastsMs = 0 }: Keeping,
  { attemptCount, giveUpAt }: Known,
  now: number,
): KeptBack {
  const { channel, steps } = plan;
  const waits = { kind: "waits", steps: undefined, lookAt: giveUpAt } as const;
  if (plan.kind !== "fallback") return waits;
  const attempts = attemptCount - (steps.current?.from ?? 0);
  const other = plan.choose(ended(steps, { channel: channel.id, result: "failed", at: now, attempts }));
  if (other.kind === "none") return waits;
  const since = steps.current?.keptSince ?? now;
  const endsAt = Math.min(since + patienceMs, giveUpAt - LEFT_FOR_OTHERS_MS);
  if (other.kind === "use" && now + lastsMs >= endsAt) {
    const until = now + Math.max(lastsMs, SHORT_PATIENCE_MS);
    const reason = why.slice(0, MOST_REASON_CHARACTERS);
    const left = passedOver(steps, { channel: channel.id, until, why: reason, attempts });
    return { kind: "passed over", steps: left, choice: plan.choose(left) };
  }
  const lookAt = Math.max(endsAt, other.kind === "wait" ? other.until : now);
  const isSaid = steps.current?.keptSince !== undefined;
  return { kind: "waits", steps: isSaid ? undefined : withCurrent(steps, { keptSince: since }), lookAt };
}

/**
 * Milliseconds for which a channel that is not called for this reason is waited for. What is ours and what passes
 * is over in seconds as a rule: a webhook without retries, whose schedule leaves no time, is not passed over for one
 * failed read of ours, nor for calls of the same moment.
 */
export function patienceMsOf(reason: WaitReason, plan: PlanStep, settings: ConfirmationSettings): number {
  if (reason === "url unverified") return SHORT_PATIENCE_MS;
  const ownMs = attemptsMs(plan, settings);
  return OUR_WAITS.has(reason) || PASSING_WAITS.has(reason) ? Math.max(SHORT_PATIENCE_MS, ownMs) : ownMs;
}

/** Milliseconds that its attempts take, in the mean, until the last has failed. */
export function attemptsMs(plan: PlanStep, settings: ConfirmationSettings): number {
  const waits = scheduleOf(plan, settings.retry.scheduleSeconds);
  return waits.reduce((sum, seconds) => sum + seconds * 1000, 0);
}
