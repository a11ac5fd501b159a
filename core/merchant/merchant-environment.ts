/**
 * Whether a merchant is live or of the sandbox: a developer's, for trying things out. Of the sandbox nothing counts
 * into what wakes people or is proved in manifests, and nobody has to prove that an address is theirs.
 */
import { type AttributeMap, numberOf, stringOf } from "../transaction/attribute-value.ts";

export const LIVE = "live";
export const SANDBOX = "sandbox";
export const ENVIRONMENTS = [LIVE, SANDBOX] as const;
export type MerchantEnvironment = (typeof ENVIRONMENTS)[number];

/** @param row of a merchant; what is no environment is none of the sandbox's */
export function environmentOf(row: AttributeMap): MerchantEnvironment {
  return stringOf(row["environment"]) === SANDBOX ? SANDBOX : LIVE;
}

/** Attribute of a merchant that has left the sandbox: when, in epoch milliseconds. What occurred before is not live. */
export const LIVE_SINCE = "liveSince";

/** @returns undefined for one that was never of the sandbox, or is written by hand without it */
export function liveSinceOf(row: AttributeMap): number | undefined {
  return numberOf(row[LIVE_SINCE]);
}

/** What a change adds to the row. @param before row as it is @param after what is written of it */
export function leavingSandbox(before: AttributeMap, after: AttributeMap, now: number): AttributeMap {
  const leaves = environmentOf(before) === SANDBOX && environmentOf(after) !== SANDBOX;
  return leaves ? { [LIVE_SINCE]: { N: String(now) } } : {};
}
