/** A submitted content as the producer's attributes of a row. */
import type { FaultAt } from "../api/problem.ts";
import { CAMPAIGN } from "../campaigns/campaign.ts";
import type { AttributeMap, AttributeValue } from "../transaction/attribute-value.ts";
import { payloadAttributes } from "./payload.ts";
import type { Content } from "./submission.ts";

const TEXTS = ["merchantId", "outcome", "amount", "currency", "occurredAt"] as const;
const OPTIONAL_TEXTS = ["confirmationUrl", "orderingKey", "orderingAfter", "deliverBy", CAMPAIGN] as const;

/** Of the producer's part, what a version may do without. */
export const OPTIONAL_ATTRIBUTES = [...OPTIONAL_TEXTS, "payload"] as const;

/** @returns the attributes, or the faults of the payload */
export function contentAttributes(content: Content): { attributes: AttributeMap } | { faults: readonly FaultAt[] } {
  const attributes: Record<string, AttributeValue> = {};
  for (const name of TEXTS) attributes[name] = { S: content[name] };
  for (const name of OPTIONAL_TEXTS) {
    const value = content[name];
    if (value !== undefined) attributes[name] = { S: value };
  }
  if (content.payload !== undefined) {
    const faults: FaultAt[] = [];
    const payload = payloadAttributes(content.payload, faults);
    if (payload === undefined) return { faults };
    attributes["payload"] = { M: payload };
  }
  return { attributes };
}
