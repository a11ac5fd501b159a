/** A merchant's endpoint: how long it takes to answer, how much it takes, and when it is out. */
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { type Merchant as RegisteredMerchant, parseMerchant } from "../../../core/merchant/merchant.ts";
import type { AttemptOutcome } from "../../../core/retry/next-step.ts";
import type { Destination } from "../../../core/delivery/destination.ts";

/**
 * Milliseconds within which half of the responses come, and the spread of their logarithm: 1 in 100 takes over half a
 * second.
 */
const MEDIAN_MS = 120;
const SPREAD = 0.65;

export interface Call {
  readonly tookMs: number;
  readonly outcome: AttemptOutcome;
}

export interface MerchantOptions {
  readonly name: string;
  /** Part of all confirmations that are its. */
  readonly share: number;
  /** Calls a second that it answers without delay. @default as many as come */
  readonly callsPerSecond?: number;
  readonly deadlineMs: number;
  /** In [0, 1). */
  readonly random: () => number;
}

const TIMED_OUT: AttemptOutcome = { kind: "failed", class: "timeout", error: "no complete answer within the deadline" };
const DELIVERED: AttemptOutcome = { kind: "delivered", status: 200 };

export class Merchant {
  readonly share: number;
  readonly row: AttributeMap;
  readonly registered: RegisteredMerchant;
  readonly destination: Destination;
  /** It accepts connections and answers nothing: what is worst for a sender. */
  isOut = false;
  readonly #options: MerchantOptions;
  /** Epoch milliseconds until which it is busy with the calls that it has. */
  #busyUntil = 0;

  constructor(options: MerchantOptions) {
    this.#options = options;
    this.share = options.share;
    const origin = `https://${options.name}.example`;
    this.destination = { origin, path: "/confirmations" };
    this.row = { merchantId: { S: options.name }, confirmationUrl: { S: `${origin}/confirmations` } };
    const parsed = parseMerchant(this.row);
    if ("faults" in parsed) throw new Error(parsed.faults.join("; "));
    this.registered = parsed.merchant;
  }

  get id(): string {
    return this.#options.name;
  }

  /** @param now epoch milliseconds. @param count real calls that this one stands for */
  call(now: number, count: number): Call {
    const { callsPerSecond, deadlineMs, random } = this.#options;
    if (this.isOut) return { tookMs: deadlineMs, outcome: TIMED_OUT };
    let tookMs = MEDIAN_MS * Math.exp(SPREAD * normal(random));
    if (callsPerSecond !== undefined) {
      this.#busyUntil = Math.max(this.#busyUntil, now) + (count * 1000) / callsPerSecond;
      tookMs += this.#busyUntil - now;
    }
    return tookMs > deadlineMs ? { tookMs: deadlineMs, outcome: TIMED_OUT } : { tookMs, outcome: DELIVERED };
  }
}

/** Box and Muller. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
