/** Environment of `confirmations-api`, which its construct writes and it reads. Imports nothing of the program. */
import { declareEnvironment } from "../../core/settings/environment.ts";
import {
  auditLogTable,
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
import { integer, oneOf } from "../../core/settings/variable-kinds.ts";

export const confirmationsApiEnvironment = declareEnvironment("confirmations-api", {
  transactionsTable,
  merchantsTable,
  merchantGatesTable,
  auditLogTable,
  confirmationsQueueUrl: queueUrls.confirmationsQueueUrl,
  orderedQueueUrl: queueUrls.orderedQueueUrl,
  enqueue: oneOf("ENQUEUE", ["stream", "direct"]),
  ...rowKeys,
  order,
  ...guardLists,
  maxBodyBytes,
  settledDays,
  manifestDays: integer("MANIFEST_DAYS", { min: 1 }),
  sampling,
  debugSamplePercent,
  publishedMetrics,
});
