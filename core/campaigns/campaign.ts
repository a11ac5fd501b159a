/**
 * The label that a producer may give a transaction, to see what became of all that have it. Nothing of it is told to
 * merchants: it is in no webhook, digest or manifest, and a label that is wrong keeps nothing from being delivered.
 * Only labels that are registered (setting `campaigns`) are counted by name, since CloudWatch bills each as metrics.
 */
import { type AttributeMap, stringOf } from "../transaction/attribute-value.ts";

/** The producer's attribute of a row. */
export const CAMPAIGN = "campaign";
export const CAMPAIGN_LABEL = /^[a-z][a-z0-9-]{0,31}$/;
export const CAMPAIGN_LABEL_FORM = "expected 1 to 32 of a-z, 0-9 and -, from a letter on, such as spring-sale";
/** As what all counts whose label is not registered; none may be called so. */
export const OTHER_CAMPAIGN = "other";
export const MOST_CAMPAIGNS = 20;
/** Kind of the channel that every merchant has. */
export const WEBHOOK_CHANNEL = "webhook";

/** Of one kind of channel and one label. */
export const CAMPAIGN_STEPS = ["sent", "delivered", "failed", "acknowledged"] as const;
/**
 * - `sent`: called for the first time, by each channel that was used
 * - `delivered`: confirmed, be it by the response to a call, an acknowledgement or a receipt, under the channel that
 *   ended it
 * - `failed`: given up, under the channel that was on
 * - `acknowledged`: of the delivered, those that an acknowledgement confirmed
 */
export type CampaignStep = (typeof CAMPAIGN_STEPS)[number];

/** The label as it is on the row, whatever form it has; undefined for a row without one, or with something else. */
export function campaignOf(row: AttributeMap): string | undefined {
  const label = row[CAMPAIGN];
  return label === undefined ? undefined : stringOf(label);
}
