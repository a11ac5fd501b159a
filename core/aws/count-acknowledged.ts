/**
 * Counts what is confirmed by acknowledgements, by whichever way they come: what is new alone, and of the sandbox
 * apart, as the worker counts what it confirms.
 */
import type { CampaignCounts } from "../campaigns/campaign-counts.ts";
import { METRICS } from "../settings/names.ts";
import type { GivenAcknowledgement, RecordedAcknowledgement } from "./record-acknowledgement.ts";

/** Nobody else counts that it was delivered: the call itself confirmed nothing. */
const CONFIRMING_STEPS = ["delivered", "acknowledged"] as const;

type Record = (given: GivenAcknowledgement) => Promise<RecordedAcknowledgement>;

export interface CountAcknowledgedParts {
  readonly record: Record;
  readonly isSandbox: (merchantId: string | undefined) => Promise<boolean>;
  readonly count: (metric: typeof METRICS.acknowledged | typeof METRICS.sandboxConfirmed) => void;
  /** @default no label is counted */
  readonly campaigns?: Pick<CampaignCounts, "registered" | "count"> | undefined;
}

/** @returns what records as `record` does, and counts */
export function countAcknowledged({ record, isSandbox, count, campaigns }: CountAcknowledgedParts): Record {
  return async (given) => {
    const recorded = await record(given);
    if (recorded.kind !== "confirmed" || !recorded.isNew) return recorded;
    if (await isSandbox(recorded.merchantId)) {
      count(METRICS.sandboxConfirmed);
      return recorded;
    }
    count(METRICS.acknowledged);
    const label = campaigns?.registered(recorded.campaign);
    if (label !== undefined) for (const step of CONFIRMING_STEPS) campaigns?.count(label, step);
    return recorded;
  };
}
