/**
 * Environment of `release-due`, which its construct writes and it reads. Imports nothing of the program.
 */
import { declareEnvironment } from "../../core/settings/environment.ts";
import {
  campaigns,
  debugSamplePercent,
  jobs,
  merchantGatesTable,
  merchantsTable,
  order,
  publishedMetrics,
  queueUrls,
  rowKeys,
  sandboxLimits,
  settledDays,
  transactionsTable,
} from "../../core/settings/shared-variables.ts";
import { anyText, integer, seconds } from "../../core/settings/variable-kinds.ts";

export const releaseDueEnvironment = declareEnvironment("release-due", {
  transactionsTable,
  merchantsTable,
  merchantGatesTable,
  ...queueUrls,
  ...rowKeys,
  maxReleaseRate: integer("MAX_RELEASE_RATE", { min: 1 }),
  sandbox: sandboxLimits,
  maxOpenMs: seconds("CIRCUIT_MAX_OPEN_SECONDS", 1),
  everyMs: seconds("RELEASE_EVERY_SECONDS", 1),
  restAfterMs: seconds("RELEASE_REST_AFTER_SECONDS", 0),
  maxUnheard: integer("MAX_UNHEARD_RELEASES", { min: 1 }),
  order,
  settledDays,
  debugSamplePercent,
  publishedMetrics,
  campaigns,
  jobsTable: jobs.jobsTable,
  jobPartsQueueUrl: anyText("JOB_PARTS_QUEUE_URL"),
});
