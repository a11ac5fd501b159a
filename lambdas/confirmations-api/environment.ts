/** Environment of `confirmations-api`, which its construct writes and it reads. Imports nothing of the program. */
import { declareEnvironment } from "../../core/settings/environment.ts";
import {
  auditLogTable,
  campaigns,
  guardLists,
  jobs,
  journal,
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
import { flag, integer, oneOf, seconds, text, textList } from "../../core/settings/variable-kinds.ts";

export const confirmationsApiEnvironment = declareEnvironment("confirmations-api", {
  transactionsTable,
  merchantsTable,
  merchantGatesTable,
  auditLogTable,
  manifestsBucket: text("MANIFESTS_BUCKET"),
  ...jobs,
  journal,
  importsBucket: text("IMPORTS_BUCKET"),
  maxImportBytes: integer("MAX_IMPORT_BYTES", { min: 1 }),
  importsKeptDays: integer("IMPORTS_KEPT_DAYS", { min: 1 }),
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
  switchAheadSeconds: integer("SWITCH_AHEAD_SECONDS", { min: 1 }),
  publishedMetrics,
  campaigns,
  campaignChannels: textList("CAMPAIGN_CHANNELS", []),
  hasEvents: flag("HAS_EVENTS"),
  /** Of the Live page. */
  live: {
    /** `placeText` of the stack. */
    place: text("LIVE_PLACE"),
    /** Names of some alarms of the stack, by commas. */
    alarms: text("LIVE_ALARMS"),
    periodSeconds: integer("LIVE_PERIOD_SECONDS", { min: 1 }),
    periods: integer("LIVE_PERIODS", { min: 1 }),
    keptMs: seconds("LIVE_KEPT_SECONDS", 1),
  },
});
