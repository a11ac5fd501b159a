/** As what a message is counted that is deleted unheard, beside `Discarded`. */
import { METRICS } from "../../settings/names.ts";
import type { DiscardReason } from "../../transaction/state.ts";

type DiscardMetric = typeof METRICS.superseded | typeof METRICS.duplicatesSuppressed | typeof METRICS.staleReleases;

/** A row that is gone says nothing more about its message. */
export const DISCARDED_AS: Readonly<Record<Exclude<DiscardReason, "gone">, DiscardMetric>> = {
  superseded: METRICS.superseded,
  confirmed: METRICS.duplicatesSuppressed,
  failed: METRICS.duplicatesSuppressed,
  parked: METRICS.staleReleases,
  "released again": METRICS.staleReleases,
};
