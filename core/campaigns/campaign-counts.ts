/**
 * What becomes of transactions with a label, counted between two publications: by label, kind of channel and step. The
 * metrics have label and channel as dimensions and no program, so that whoever counts adds to the same ones, and there
 * are at most (labels + 1) × kinds × 4 of them. What is not counted is not published, and costs nothing.
 */
import { METRICS } from "../settings/names.ts";
import { emfDocument, type EmfDocument } from "../telemetry/emf.ts";
import type { AttributeMap } from "../transaction/attribute-value.ts";
import { campaignOf, type CampaignStep, OTHER_CAMPAIGN, WEBHOOK_CHANNEL } from "./campaign.ts";

export const CAMPAIGN_METRICS = {
  sent: METRICS.campaignSent,
  delivered: METRICS.campaignDelivered,
  failed: METRICS.campaignFailed,
  acknowledged: METRICS.campaignAcknowledged,
} as const satisfies Record<CampaignStep, string>;

/** Names of the dimensions. */
export const CAMPAIGN_DIMENSIONS = { label: "campaign", channel: "channel" } as const;

interface CountedLabel {
  readonly label: string;
  readonly channel: string;
  readonly counts: Map<string, number>;
}

export class CampaignCounts {
  readonly #registered: ReadonlySet<string>;
  #counted = new Map<string, CountedLabel>();

  /** @param registered labels that are counted by name */
  constructor(registered: readonly string[]) {
    this.#registered = new Set(registered);
  }

  /** As what a row counts: its label, or `other` where that is not registered; undefined for a row without one. */
  labelOf(row: AttributeMap): string | undefined {
    return this.registered(campaignOf(row));
  }

  /** The same of a label that is known. */
  registered(label: string | undefined): string | undefined {
    return label === undefined || this.#registered.has(label) ? label : OTHER_CAMPAIGN;
  }

  /** @param label as `labelOf` has it. @param channel its kind. */
  count(label: string, step: CampaignStep, channel: string = WEBHOOK_CHANNEL): void {
    const key = `${label} ${channel}`;
    let counted = this.#counted.get(key);
    if (counted === undefined) this.#counted.set(key, (counted = { label, channel, counts: new Map() }));
    const metric = CAMPAIGN_METRICS[step];
    counted.counts.set(metric, (counted.counts.get(metric) ?? 0) + 1);
  }

  /** All since the last time, as lines of the log from which CloudWatch makes metrics. @param now epoch milliseconds */
  take(namespace: string, now: number): EmfDocument[] {
    const counted = this.#counted;
    if (counted.size === 0) return [];
    this.#counted = new Map();
    return [...counted.values()].map(({ label, channel, counts }) =>
      emfDocument(
        counts,
        { [CAMPAIGN_DIMENSIONS.label]: label, [CAMPAIGN_DIMENSIONS.channel]: channel },
        { namespace, now },
      ),
    );
  }
}

/** @returns undefined where no label is registered: then nothing is counted, and nobody looks for labels */
export function campaignCounts(registered: readonly string[]): CampaignCounts | undefined {
  return registered.length === 0 ? undefined : new CampaignCounts(registered);
}
