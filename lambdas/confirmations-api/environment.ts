/** Environment of `confirmations-api`, which its construct writes and it reads. Imports nothing of the program. */
import { declareEnvironment } from "../../core/settings/environment.ts";
import {
  debugSamplePercent,
  guardLists,
  maxBodyBytes,
  merchantGatesTable,
  merchantsTable,
  order,
  publishedMetrics,
  queueUrls,
  rowKeys,
  sampling,
  settledDays,
  transactionsTable,
} from "../../core/settings/shared-variables.ts";
import { oneOf } from "../../core/settings/variable-kinds.ts";

export const confirmationsApiEnvironment = declareEnvironment("confirmations-api", {
  transactionsTable,
  merchantsTable,
  merchantGatesTable,
  confirmationsQueueUrl: queueUrls.confirmationsQueueUrl,
  orderedQueueUrl: queueUrls.orderedQueueUrl,
  enqueue: oneOf("ENQUEUE", ["stream", "direct"]),
  ...rowKeys,
  order,
  ...guardLists,
  maxBodyBytes,
  settledDays,
  sampling,
  debugSamplePercent,
  publishedMetrics,
});
