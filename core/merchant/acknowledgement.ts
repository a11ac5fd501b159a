/**
 * A merchant that confirms later: it answers 202, which then means "not yet", and acknowledges what it got within its
 * time. For all others 202 is a delivery like any 2xx.
 */
import { type AttributeValue, numberOf } from "../transaction/attribute-value.ts";

export interface MerchantAcknowledgement {
  /** Seconds from its 202 until what it has not acknowledged counts as a failed attempt. */
  readonly withinSeconds: number;
}

/** The longest that a merchant may have: a week. */
export const MAX_ACKNOWLEDGE_SECONDS = 604_800;

/** @returns undefined for anything else */
export function merchantAcknowledgementOf(attribute: AttributeValue | undefined): MerchantAcknowledgement | undefined {
  const withinSeconds = numberOf(attribute?.M?.["withinSeconds"]);
  const isUsable = withinSeconds !== undefined && Number.isSafeInteger(withinSeconds) && withinSeconds >= 1;
  return isUsable && withinSeconds <= MAX_ACKNOWLEDGE_SECONDS ? { withinSeconds } : undefined;
}

export function writeMerchantAcknowledgement({ withinSeconds }: MerchantAcknowledgement): AttributeValue {
  return { M: { withinSeconds: { N: String(withinSeconds) } } };
}
