/**
 * Which form a webhook's body has. A merchant chooses one; the first attempt of a version of a transaction pins it in
 * `accepted`, so that its retries and redeliveries say the same under the same `webhook-id`. Version 1 is pinned by
 * saying nothing, as every record before there was another one did.
 */
import { ATTRIBUTES } from "./row/attributes.ts";
import { type AttributeMap, numberOf } from "./attribute-value.ts";

export const PAYLOAD_VERSIONS = [1, 2] as const;
export type PayloadVersion = (typeof PAYLOAD_VERSIONS)[number];

export function payloadVersionIn(value: unknown): PayloadVersion | undefined {
  return PAYLOAD_VERSIONS.find((known) => known === value);
}

/**
 * What the first attempt of the row's version pinned.
 *
 * @returns undefined where nothing is pinned for that version, or a form that this program does not know
 */
export function pinnedPayloadVersion(row: AttributeMap, version: number): PayloadVersion | undefined {
  const pinned = row[ATTRIBUTES.accepted]?.M;
  if (pinned === undefined || numberOf(pinned["version"]) !== version) return undefined;
  const { payloadVersion } = pinned;
  return payloadVersion === undefined ? 1 : payloadVersionIn(numberOf(payloadVersion));
}
