/**
 * Counts what is confirmed by acknowledgements, by whichever way they come: what is new alone, and of the sandbox
 * apart, as the worker counts what it confirms.
 */
import { METRICS } from "../settings/names.ts";
import type { GivenAcknowledgement, RecordedAcknowledgement } from "./record-acknowledgement.ts";

type Record = (given: GivenAcknowledgement) => Promise<RecordedAcknowledgement>;

export interface CountAcknowledgedParts {
  readonly record: Record;
  readonly isSandbox: (merchantId: string | undefined) => Promise<boolean>;
  readonly count: (metric: typeof METRICS.acknowledged | typeof METRICS.sandboxConfirmed) => void;
}

/** @returns what records as `record` does, and counts */
export function countAcknowledged({ record, isSandbox, count }: CountAcknowledgedParts): Record {
  return async (given) => {
    const recorded = await record(given);
    if (recorded.kind === "confirmed" && recorded.isNew)
      count((await isSandbox(recorded.merchantId)) ? METRICS.sandboxConfirmed : METRICS.acknowledged);
    return recorded;
  };
}
