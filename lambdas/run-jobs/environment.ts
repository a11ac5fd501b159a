/** Environment of `run-jobs`, which its construct writes and it reads. Imports nothing of the program. */
import { declareEnvironment } from "../../core/settings/environment.ts";
import {
  guardLists,
  maxBodyBytes,
  merchantsTable,
  order,
  queueUrls,
  rowKeys,
  settledDays,
  transactionsTable,
} from "../../core/settings/shared-variables.ts";
import { anyText, text } from "../../core/settings/variable-kinds.ts";

export const runJobsEnvironment = declareEnvironment("run-jobs", {
  jobsTable: text("JOBS_TABLE"),
  importsBucket: text("IMPORTS_BUCKET"),
  manifestsBucket: text("MANIFESTS_BUCKET"),
  jobPartsQueueUrl: text("JOB_PARTS_QUEUE_URL"),
  transactionsTable,
  merchantsTable,
  confirmationsQueueUrl: queueUrls.confirmationsQueueUrl,
  orderedQueueUrl: queueUrls.orderedQueueUrl,
  ...rowKeys,
  ...guardLists,
  maxBodyBytes,
  order,
  settledDays,
  /** Empty where there are no events. */
  eventsTopicArn: anyText("EVENTS_TOPIC_ARN"),
  eventsSource: text("EVENTS_SOURCE"),
});
