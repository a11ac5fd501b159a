/**
 * Variables that several programs have, each declared once: where tables and queues are, and what those agree on who
 * write rows and messages.
 */
import { EVERY_METRIC } from "./published-metrics.ts";
import { anyText, decimal, integer, integerList, oneOf, seconds, text, textList } from "./variable-kinds.ts";

export const transactionsTable = text("TRANSACTIONS_TABLE");
export const merchantsTable = text("MERCHANTS_TABLE");
export const merchantGatesTable = text("MERCHANT_GATES_TABLE");
export const auditLogTable = text("AUDIT_LOG_TABLE");

export const queueUrls = {
  confirmationsQueueUrl: text("CONFIRMATIONS_QUEUE_URL"),
  orderedQueueUrl: text("ORDERED_QUEUE_URL"),
  deadLetterQueueUrl: text("DEAD_LETTER_QUEUE_URL"),
};

/** Where jobs are, and the calls that they ask for; empty where there is no API, which alone asks for some. */
export const jobs = {
  jobsTable: anyText("JOBS_TABLE"),
  merchantCallsQueueUrl: anyText("MERCHANT_CALLS_QUEUE_URL"),
};

export const confirmationUrl = text("CONFIRMATION_URL");
export const masterKeysSecretArn = text("MASTER_KEYS_SECRET_ARN");
export const importedSecretsKeyArn = text("IMPORTED_SECRETS_KEY_ARN");

/** `GuardLists`. */
export const guardLists = {
  allowDestinations: textList("ALLOW_DESTINATIONS"),
  refuseDestinations: textList("REFUSE_DESTINATIONS"),
  allowPorts: integerList("ALLOW_PORTS"),
};
export const maxBodyBytes = integer("MAX_BODY_BYTES", { min: 1 });

/** `RowKeySettings`. */
export const rowKeys = {
  dueShards: integer("DUE_SHARDS", { min: 1 }),
  merchantShards: integer("MERCHANT_SHARDS", { min: 1 }),
  leaseMs: seconds("LEASE_SECONDS", 1),
};

/** The journal of what is confirmed: where, how often, and how its files are locked. */
export const journal = {
  /** Empty where there is none. */
  bucket: anyText("JOURNAL_BUCKET"),
  everyMs: seconds("JOURNAL_EVERY_SECONDS", 1),
  lock: oneOf("JOURNAL_LOCK", ["none", "governance", "compliance"]),
  keptDays: integer("JOURNAL_KEPT_DAYS", { min: 1 }),
};

export interface JournalEnvironment {
  readonly bucket: string;
  readonly everyMs: number;
  readonly lock: "none" | "governance" | "compliance";
  readonly keptDays: number;
}

/** `SandboxLimits`. */
export const sandboxLimits = {
  ratePerSecond: integer("SANDBOX_RATE_PER_SECOND", { min: 1 }),
  concurrency: integer("SANDBOX_CONCURRENCY", { min: 1 }),
};

export const order = oneOf("MESSAGE_ORDER", ["transaction", "merchant"]);
export const settledDays = integer("SETTLED_DAYS", { min: 1 });
export const debugSamplePercent = integer("DEBUG_SAMPLE_PERCENT", { min: 0, max: 100 });

/** Of traces that a program begins. */
export const sampling = {
  share: decimal("TRACE_SHARE", { min: 0, max: 1 }),
  reservoirPerSecond: integer("TRACE_RESERVOIR_PER_SECOND", { min: 0 }),
};

/** Labels that are counted by name; empty where none is looked at. */
export const campaigns = textList("CAMPAIGNS", []);

/** Names of metrics; whoever is not told publishes every one. */
export const publishedMetrics = textList("PUBLISHED_METRICS", [EVERY_METRIC]);
