/**
 * What the pipeline promises of all its confirmations together, as alarms measure it, and whether it watches itself
 * with a canary. An alarm wakes when the promise is being broken so fast that its budget would not last (Google SRE
 * workbook, "Alerting on SLOs").
 */
import { z } from "zod";

/** Less could never be missed 14.4 times as fast as allowed, and the fastest alarm would be none. */
const LEAST_PERCENT = 95;
const MOST_PERCENT = 99.99;

const share = z.number().min(LEAST_PERCENT).max(MOST_PERCENT);

export const objectiveSettings = z.strictObject({
  /** Percent of what is settled that is confirmed, or given up for a fault of its merchant. @default 99.9 */
  successPercent: share.default(99.9),
  /** Seconds from the write of a version to its record as confirmed. @default 30 */
  withinSeconds: z.int().min(1).max(300).default(30),
  /** Percent of confirmations that are recorded within that time. @default 99 */
  withinPercent: share.default(99),
});

export const referenceMerchantSettings = z.strictObject({
  /**
   * Executions kept for the reference merchant, and its most; Lambda wants 100 of an account's unreserved. 0 for none.
   * @default 0
   */
  reservedConcurrency: z.int().min(0).max(1000).default(0),
});

export const canarySettings = z.strictObject({
  /** Whether a transaction of the pipeline's own goes through all of it each minute. @default true */
  enabled: z.boolean().default(true),
});
