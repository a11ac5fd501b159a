/**
 * Order among different transactions, for those who ask for it: rows of one merchant with the same `orderingKey` form a
 * message group of `confirmations-ordered.fifo`, in which one that cannot be delivered yet stays at the head and holds
 * back all behind it. Never shared between merchants, whatever keys they choose.
 */
import { hash } from "node:crypto";
import type { AttributeMap } from "./attribute-value.ts";
import { stringOf } from "./attribute-value.ts";
import type { WaitReason } from "../merchant/merchant-health.ts";
import type { ACKNOWLEDGEMENT } from "./row/acknowledgement.ts";
import { isId } from "./transaction.ts";

/**
 * @returns the group of a row that is to be delivered in order; undefined for one without a key, or whose key cannot be
 * used
 */
export function orderedGroupIdOf(row: AttributeMap): string | undefined {
  const orderingKey = stringOf(row["orderingKey"]);
  const merchantId = stringOf(row["merchantId"]);
  if (orderingKey === undefined || merchantId === undefined || !isId(orderingKey) || !isId(merchantId))
    return undefined;
  return hash("sha256", JSON.stringify([merchantId, orderingKey]), "hex");
}

/** @returns the id of the transaction that must be terminal before the row is delivered, if it names one */
export function orderingAfterOf(row: AttributeMap): string | undefined {
  const before = stringOf(row["orderingAfter"]);
  return before !== undefined && isId(before) ? before : undefined;
}

/** What SQS allows as `maxReceiveCount` at most: 1 to 1,000 (AWS MDAA, "QueueDlqProps"). */
export const MAX_RECEIVES = 1000;
/**
 * Seconds after which a message that waits at the head of its group is looked at again at the latest: a newer version
 * frees its group by then.
 */
const MAX_STAY_SECONDS = 3600;

/**
 * @param waitMs how long it is to wait still
 * @param mostSeconds for which SQS keeps it out of sight at most
 * @returns whole seconds until it is to be seen again
 */
export function stayInPlaceSeconds(waitMs: number, mostSeconds: number): number {
  return Math.max(0, Math.min(Math.max(1, Math.ceil(waitMs / 1000)), MAX_STAY_SECONDS, mostSeconds));
}

/**
 * Milliseconds after which closed admission is looked at again at first. Room comes back within a call or two, the rest
 * takes longer.
 */
const FIRST_LOOK_MS: Readonly<Record<WaitReason | typeof ACKNOWLEDGEMENT | "error", number>> = {
  "no room": 1000,
  "rate limit": 1000,
  acknowledgement: 1000,
  "circuit open": 5000,
  paused: 5000,
  "url disabled": 5000,
  "url unverified": 5000,
  "key unavailable": 5000,
  "token unavailable": 5000,
  "gate unread": 5000,
  "merchant unread": 5000,
  error: 5000,
};
/** Receives after which looks become half as frequent; this many times. */
const RECEIVES_A_STEP = 100;
const MAX_STEPS = 5;
/**
 * After that, the part of the time since it was sent that a message waits on: in fourteen days fewer receives than SQS
 * allows.
 */
const SHARE_OF_AGE = 0.05;
/** Those that wait for one merchant do not come back in the same instant, but up to a quarter later. */
const SPREAD = 0.25;

/**
 * @param ageMs since the message was sent.
 * @param random in [0, 1)
 * @returns milliseconds until one that could not be tried is looked at again
 */
export function nextLookMs(
  reason: keyof typeof FIRST_LOOK_MS,
  receiveCount: number,
  ageMs: number,
  random: number,
): number {
  const steps = Math.floor(receiveCount / RECEIVES_A_STEP);
  const shareMs = steps < MAX_STEPS ? 0 : ageMs * SHARE_OF_AGE;
  const waitMs = Math.max(FIRST_LOOK_MS[reason] * 2 ** Math.min(steps, MAX_STEPS), shareMs);
  return Math.round(waitMs * (1 + random * SPREAD));
}

/**
 * Milliseconds after which a row that is not terminal with an ordering key is repeated though older messages are in its
 * queue: it may wait behind them in good order for days, or be lost.
 */
export const REPEAT_PATIENCE_MS = 86_400_000;

/**
 * Repeats, at least, before a row with an ordering key is given up as unacknowledged: it may well wait behind others,
 * and this many take longer than any message is kept.
 */
export const LEAST_REPEATS = 20;

/**
 * @param repeats before this one.
 * @returns milliseconds after a repeat until the next: a lease, twice as long each time, up to a day
 */
export function repeatAfterMs(leaseMs: number, repeats: number): number {
  return Math.max(leaseMs, Math.min(REPEAT_PATIENCE_MS, leaseMs * 2 ** Math.min(repeats, 30)));
}
