/**
 * How fast the budget of an objective is used up, over several windows (Google SRE workbook, "Alerting on SLOs"): of a
 * budget of thirty days 2 % within an hour, 5 % within six hours, 10 % within three days. A short window beside the
 * long one says that it still goes on.
 */
import { Duration } from "aws-cdk-lib";

export interface BurnWindow {
  /** As the ids of alarms name it. */
  readonly name: string;
  /** How much faster than allowed. */
  readonly factor: number;
  readonly period: Duration;
  /** Windows in a row. */
  readonly periods: number;
}

/** Both windows of a pair have to be beyond the same factor. */
export interface BurnPair {
  readonly long: BurnWindow;
  readonly short: BurnWindow;
}

const FAST = 14.4;
const SLOW = 6;

export const BURN_PAIRS: readonly BurnPair[] = [
  {
    long: { name: "1h", factor: FAST, period: Duration.hours(1), periods: 1 },
    short: { name: "5m", factor: FAST, period: Duration.minutes(5), periods: 1 },
  },
  {
    long: { name: "6h", factor: SLOW, period: Duration.hours(6), periods: 1 },
    short: { name: "30m", factor: SLOW, period: Duration.minutes(30), periods: 1 },
  },
];

/**
 * Each of three days over the budget; nobody is woken. Days, as an alarm looks back a week at most and sees what is
 * gone no more.
 */
export const BURN_FOR_DAYS: BurnWindow = { name: "3d", factor: 1, period: Duration.days(1), periods: 3 };

/** Of all in the window, as an alarm's threshold has to be. */
export function percentAt({ factor }: BurnWindow, objectivePercent: number): number {
  const percent = factor * (100 - objectivePercent);
  // 100 - 99.9 is not 0.1 in binary.
  return Math.round(percent * 10_000) / 10_000;
}
