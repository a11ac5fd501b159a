/**
 * Whether a merchant is live or of the sandbox: a developer's, for trying things out. Of the sandbox nothing counts
 * into what wakes people or is proved in manifests, and nobody has to prove that an address is theirs.
 */
import { type AttributeMap, stringOf } from "../transaction/attribute-value.ts";

export const LIVE = "live";
export const SANDBOX = "sandbox";
export const ENVIRONMENTS = [LIVE, SANDBOX] as const;
export type MerchantEnvironment = (typeof ENVIRONMENTS)[number];

/** @param row of a merchant; what is no environment is none of the sandbox's */
export function environmentOf(row: AttributeMap): MerchantEnvironment {
  return stringOf(row["environment"]) === SANDBOX ? SANDBOX : LIVE;
}
