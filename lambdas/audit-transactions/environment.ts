/**
 * Environment of `audit-transactions`, which its construct writes and it reads. Imports nothing of the program.
 */
import { declareEnvironment, type ValuesOf } from "../../core/settings/environment.ts";
import {
  masterKeysSecretArn,
  merchantGatesTable,
  merchantsTable,
  publishedMetrics,
  rowKeys,
  transactionsTable,
} from "../../core/settings/shared-variables.ts";
import { days, hours, integer, seconds, text } from "../../core/settings/variable-kinds.ts";

const variables = {
  transactionsTable,
  merchantsTable,
  merchantGatesTable,
  auditsTable: text("AUDITS_TABLE"),
  queueUrl: text("AUDIT_QUEUE_URL"),
  /** Whose metrics say how far behind they are. */
  confirmationsQueue: text("CONFIRMATIONS_QUEUE"),
  streamTransactionsFunction: text("STREAM_TRANSACTIONS_FUNCTION"),
  manifestsBucket: text("MANIFESTS_BUCKET"),
  masterKeysSecretArn,
  ...rowKeys,
  everyMs: hours("AUDIT_EVERY_HOURS", 1),
  tableEveryMs: hours("AUDIT_TABLE_EVERY_HOURS", 1),
  segments: integer("AUDIT_SEGMENTS", { min: 1 }),
  settleMs: seconds("AUDIT_SETTLE_SECONDS", 1),
  manifestAfterMs: hours("MANIFEST_AFTER_HOURS", 1),
  manifestAgainAfterMs: days("MANIFEST_AGAIN_AFTER_DAYS", 1),
  publishedMetrics,
};

export const auditTransactionsEnvironment = declareEnvironment("audit-transactions", variables);

export type AuditEnvironment = ValuesOf<typeof variables>;
