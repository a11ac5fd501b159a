/** Environment of `confirmations-api`, which its construct writes and it reads. Imports nothing of the program. */
import { declareEnvironment } from "../../core/settings/environment.ts";
import {
  auditLogTable,
  campaigns,
  guardLists,
  jobs,
  maxBodyBytes,
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
import { flag, integer, oneOf, text, textList } from "../../core/settings/variable-kinds.ts";

export const confirmationsApiEnvironment = declareEnvironment("confirmations-api", {
  transactionsTable,
  merchantsTable,
  merchantGatesTable,
  auditLogTable,
  manifestsBucket: text("MANIFESTS_BUCKET"),
  ...jobs,
  jobPartsQueueUrl: text("JOB_PARTS_QUEUE_URL"),
  confirmationsQueueUrl: queueUrls.confirmationsQueueUrl,
  enqueue: oneOf("ENQUEUE", ["stream", "direct"]),
  ...rowKeys,
  order,
  ...guardLists,
  maxBodyBytes,
  sandbox: sandboxLimits,
  settledDays,
  manifestDays: integer("MANIFEST_DAYS", { min: 1 }),
  acknowledgeWithinSeconds: integer("ACKNOWLEDGE_WITHIN_SECONDS", { min: 1 }),
  maxAcknowledgeWithinSeconds: integer("MAX_ACKNOWLEDGE_WITHIN_SECONDS", { min: 1 }),
  publishedMetrics,
  campaigns,
  campaignChannels: textList("CAMPAIGN_CHANNELS", []),
  hasEvents: flag("HAS_EVENTS"),
});
