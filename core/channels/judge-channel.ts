/**
 * Whether one channel may be used for a transaction now, and why, in words for a person. Amounts are compared digit by
 * digit; what was agreed to comes first, as what a recipient does not want is never sent.
 */
import type { CircuitState } from "../merchant/merchant-health.ts";
import { compareDecimals } from "../transaction/decimal-sum.ts";
import type { Transaction } from "../transaction/transaction.ts";
import { type Channel, CONSENT_NEEDED } from "./channel.ts";
import { hoursText, isWithinHours, localTimeText, nextBeginning } from "./local-hours.ts";

/** What conditions look at. */
export type ConditionedTransaction = Pick<Transaction, "amount" | "currency" | "outcome">;

/** Of the channels of this recipient, by id; one without a health row is closed. */
export type HealthOf = (channelId: string) => CircuitState;

export type ChannelVerdict =
  | { readonly kind: "usable"; readonly why: string }
  /** For this version of the transaction it never is. */
  | { readonly kind: "never"; readonly why: string }
  /** Epoch milliseconds at which its hours begin. */
  | { readonly kind: "later"; readonly until: number; readonly why: string }
  /** Not as things stand: by the health of a channel. */
  | { readonly kind: "not now"; readonly why: string };

export interface ChannelQuestion {
  readonly channel: Channel;
  readonly transaction: ConditionedTransaction;
  readonly healthOf: HealthOf;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Of several reasons against it the first that lasts longest: consent, the transaction, health, hours. */
export function judgeChannel({ channel, transaction, healthOf, now }: ChannelQuestion): ChannelVerdict {
  const { amount, currencies, outcomes, health, hours, consent } = channel.when ?? {};
  const reasons: string[] = [];
  const unwanted = whyUnwanted(channel);
  if (unwanted !== undefined) return { kind: "never", why: unwanted };
  if (consent !== undefined) reasons.push(`consent was given ${consentText(consent)}`);

  const { min, max } = amount ?? {};
  const paid = `amount ${transaction.amount} ${transaction.currency}`;
  if (min !== undefined && compareDecimals(transaction.amount, min) < 0)
    return { kind: "never", why: `${paid} is below ${min}` };
  if (max !== undefined && compareDecimals(transaction.amount, max) > 0)
    return { kind: "never", why: `${paid} is above ${max}` };
  const limits = [min !== undefined && `at least ${min}`, max !== undefined && `at most ${max}`].filter(Boolean);
  if (limits.length > 0) reasons.push(`${paid} is ${limits.join(" and ")}`);
  for (const [name, allowed] of [
    ["currency", currencies],
    ["outcome", outcomes],
  ] as const) {
    if (allowed === undefined) continue;
    const isOne = allowed.includes(transaction[name]);
    const why = `${name} ${transaction[name]} is ${isOne ? "" : "not "}among ${allowed.join(", ")}`;
    if (!isOne) return { kind: "never", why };
    reasons.push(why);
  }

  if (health !== undefined) {
    const state = healthOf(health.channel);
    const why = `the circuit of ${health.channel} is ${state}`;
    // Half open is tried: a channel that was left for its open circuit would never be found to be back.
    if ((state === "open") !== (health.is === "open")) return { kind: "not now", why: `${why}, not ${health.is}` };
    reasons.push(why);
  }
  if (hours !== undefined) {
    const [local, span] = [localTimeText(now, hours.zone), hoursText(hours)];
    if (!isWithinHours(hours, now))
      return { kind: "later", until: nextBeginning(hours, now), why: `it is ${local}, outside ${span}` };
    reasons.push(`it is ${local}, within ${span}`);
  }
  return { kind: "usable", why: reasons.length === 0 ? "it has no conditions" : reasons.join("; ") };
}

/**
 * Why nothing at all may be sent there: consent that was withdrawn, or, of kinds that need it, was never recorded.
 * Asked again before anything is sent once more.
 */
export function whyUnwanted({ kind, when }: Pick<Channel, "kind" | "when">): string | undefined {
  const consent = when?.consent;
  if (consent !== undefined && !consent.given) return `consent was withdrawn ${consentText(consent)}`;
  if (consent === undefined && CONSENT_NEEDED.has(kind)) return `${kind} needs consent, and none is recorded`;
  return undefined;
}

function consentText({ at, by }: { readonly at: number; readonly by: string }): string {
  return `on ${new Date(at).toISOString().slice(0, 10)}, recorded by ${by}`;
}
