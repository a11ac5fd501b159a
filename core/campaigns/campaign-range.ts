/**
 * The time over which a campaign is shown, and the periods that it is cut into: whole ones, as few as a chart shows,
 * and none finer than CloudWatch still has (CloudWatch User Guide, "Metrics retention": minutes for 15 days, five of
 * them for 63, hours for 455).
 */

/** Epoch milliseconds; `to` is not included. Both are borders of a period. */
export interface CampaignRange {
  readonly fromMs: number;
  readonly toMs: number;
  readonly periodSeconds: number;
}

export type RangeFault = { readonly parameter: "from" | "to"; readonly detail: string };

const DAY_MS = 86_400_000;
export const DEFAULT_SPAN_MS = DAY_MS;
export const KEPT_DAYS = 455;
const MOST_PERIODS = 200;
const PERIODS_SECONDS = [60, 300, 900, 3600, 21_600, 86_400] as const;
const LONGEST_PERIOD_SECONDS = 86_400;
/** Age of the beginning, in days, from which on periods have at least so many seconds. */
const COARSE_FROM = [
  { days: 63, seconds: 3600 },
  { days: 15, seconds: 300 },
] as const;

/** @param asked epoch milliseconds. @default the last day */
export function campaignRange(
  asked: { readonly fromMs?: number | undefined; readonly toMs?: number | undefined },
  nowMs: number,
): CampaignRange | RangeFault {
  const toMs = Math.min(asked.toMs ?? nowMs, nowMs);
  const fromMs = asked.fromMs ?? toMs - DEFAULT_SPAN_MS;
  if (fromMs >= toMs) return { parameter: "from", detail: "got a time that is not before `to`" };
  const oldestMs = nowMs - KEPT_DAYS * DAY_MS;
  if (fromMs < oldestMs)
    return {
      parameter: asked.fromMs === undefined ? "to" : "from",
      detail: `expected a time from ${new Date(oldestMs).toISOString()} on: counts are kept for ${KEPT_DAYS} days`,
    };
  const least = COARSE_FROM.find(({ days }) => nowMs - fromMs > days * DAY_MS)?.seconds ?? 0;
  const periodSeconds =
    PERIODS_SECONDS.find((seconds) => seconds >= least && (toMs - fromMs) / (seconds * 1000) <= MOST_PERIODS) ??
    LONGEST_PERIOD_SECONDS;
  const periodMs = periodSeconds * 1000;
  return {
    fromMs: Math.floor(fromMs / periodMs) * periodMs,
    toMs: Math.ceil(toMs / periodMs) * periodMs,
    periodSeconds,
  };
}
