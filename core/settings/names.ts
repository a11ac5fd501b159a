/**
 * Names that infrastructure and code share, each written once: resources and metrics. What resources are called in AWS
 * follows from these in `physical-names.ts`. Names of environment variables are in each program's `environment.ts`.
 */

export const TRANSACTIONS_TABLE_NAME = "Transactions";
/** What the name of a table begins with that is restored from a backup, behind that of its table. */
export const RESTORED_TABLE_SUFFIX = "-restored";
export const MERCHANTS_TABLE_NAME = "Merchants";
/** Attribute of items that DynamoDB deletes when their time is over, epoch seconds; in each table that has such. */
export const TIME_TO_LIVE = "purgeAt";
export const DUE_INDEX = "due";
export const MERCHANT_INDEX = "merchant";
export const FAILED_INDEX = "failed";
export const MERCHANT_GATES_TABLE_NAME = "MerchantGates";
export const WAITING_INDEX = "waiting";
/** Of merchants, by how their ids begin. */
export const MERCHANT_IDS_INDEX = "ids";
export const CONFIRMATIONS_QUEUE_NAME = "confirmations.fifo";
export const ORDERED_QUEUE_NAME = "confirmations-ordered.fifo";
export const DEAD_LETTER_QUEUE_NAME = "confirmations-dl.fifo";
export const AUDITS_TABLE_NAME = "Audits";
export const AUDIT_LOG_TABLE_NAME = "AuditLog";
export const RESOURCE_INDEX = "resource";
export const JOBS_TABLE_NAME = "Jobs";
/** Of jobs, by kind and time; other rows of the table are not in it. */
export const JOBS_INDEX = "jobs";
export const JOB_PARTS_QUEUE_NAME = "job-parts";
export const MERCHANT_CALLS_QUEUE_NAME = "merchant-calls";
export const EVENTS_TOPIC_NAME = "confirmation-events";
/** Where SES, SMS and WhatsApp publish what became of messages, and the queue that is subscribed to it. */
export const RECEIPTS_TOPIC_NAME = "confirmation-receipts";
export const RECEIPTS_QUEUE_NAME = "receipts";
export const RECEIPTS_DEAD_LETTER_QUEUE_NAME = "receipts-dl";
export const RECEIVED_CONFIRMATIONS_TABLE_NAME = "ReceivedConfirmations";
/** Of SES and of SMS: how receipts come. */
export const RECEIPTS_CONFIGURATION_SET = "confirmation-receipts";
/** The REST API. */
export const API_NAME = "confirmation";
export const AUDIT_PARTS_QUEUE_NAME = "audit-parts";
export const AUDIT_PARTS_DEAD_LETTER_QUEUE_NAME = "audit-parts-dl";

export const FUNCTION_NAMES = {
  streamTransactions: "stream-transactions",
  confirmationTransactions: "confirmation-transactions",
  releaseDue: "release-due",
  confirmationWebhook: "confirmation-webhook",
  insertFakeTransactions: "insert-fake-transactions",
  signingKeys: "signing-keys",
  receiveAcknowledgements: "receive-acknowledgements",
  receiveReceipts: "receive-receipts",
  auditTransactions: "audit-transactions",
  canary: "canary",
  confirmationsApi: "confirmations-api",
  merchantSecrets: "merchant-secrets",
  apiAuthorizer: "api-authorizer",
  auditLogChain: "audit-log-chain",
  runJobs: "run-jobs",
  importTransactions: "import-transactions",
  publishEvents: "publish-events",
} as const;

/** Functions that see to the deployment itself, and have no part in what the pipeline does. */
export const DEPLOYMENT_FUNCTION_NAMES = {
  deploymentGuard: "deployment-guard",
  emptyBuckets: "empty-buckets",
} as const;

/** Types of the custom resources behind these. */
export const DELETION_PROTECTION = "Custom::DeletionProtection";
export const SERVICE_LINKED_ROLES = "Custom::ServiceLinkedRoles";
export const EMPTIED_BUCKETS = "Custom::EmptiedBuckets";

/** Name under which the worker logs and counts; that of a function is its own. */
export const WORKER_SERVICE = "confirmation-worker";

/** CloudWatch namespace of every metric that the pipeline publishes itself. */
export const METRICS_NAMESPACE = "ConfirmationPipeline";

/** Rules of Contributor Insights: who is at the top of what, from lines of the log. */
export const INSIGHT_RULES = {
  failedByMerchant: "ConfirmationPipeline-FailedByMerchant",
  parkedByMerchant: "ConfirmationPipeline-ParkedByMerchant",
  deadLettersByMerchant: "ConfirmationPipeline-DeadLettersByMerchant",
} as const;

/** Message of the log line that sums up what went wrong with one merchant; merchants are ranked from these lines. */
export const MERCHANT_LINE = "merchant in trouble";

/** Message of the log line with what was counted and is not published as metrics. */
export const COUNTED_LINE = "counted";

/** Name of the dashboard. */
export const DASHBOARD_NAME = "ConfirmationPipeline";

/** Metrics that the pipeline publishes itself; counts unless the name says otherwise. */
export const METRICS = {
  received: "Received",
  delivered: "Delivered",
  attemptFailed: "AttemptFailed",
  confirmed: "Confirmed",
  parked: "Parked",
  waiting: "WaitingForMerchant",
  stayedInOrder: "StayedInOrder",
  heldBackInOrder: "HeldBackInOrder",
  movedToOrdered: "MovedToOrdered",
  broughtForward: "BroughtForwardInOrder",
  circuitOpened: "CircuitOpened",
  circuitClosed: "CircuitClosed",
  urlDisabled: "UrlDisabled",
  /** Reasons for which a task receives nothing just now; 0 when it receives. */
  receivingHeld: "ReceivingHeld",
  /** 1 while a table that every message needs cannot be read, else 0. */
  dependencyUnavailable: "DependencyUnavailable",
  /** Milliseconds, ahead or behind, by which SQS and DynamoDB agree at least that a task's clock is wrong. */
  clockSkew: "ClockSkew",
  /** 1 while the egress of a task is at fault, else 0. */
  egressFault: "EgressFault",
  spared: "SparedByEgressFault",
  /** Every message deleted as stale; the next three say why. */
  discarded: "Discarded",
  /** Versions replaced by a newer one before they were delivered. */
  superseded: "Superseded",
  /** Messages whose version became terminal already: not called again. */
  duplicatesSuppressed: "DuplicatesSuppressed",
  /** Messages of a generation before the row's, or of a row that is parked. */
  staleReleases: "StaleReleases",
  deadLetteredMerchant: "DeadLetteredMerchant",
  deadLetteredPipeline: "DeadLetteredPipeline",
  deadLetteredProducer: "DeadLetteredProducer",
  reopened: "Reopened",
  /** Of merchants of the sandbox, which count nowhere else. */
  sandboxConfirmed: "SandboxConfirmed",
  sandboxAttemptFailed: "SandboxAttemptFailed",
  sandboxGivenUp: "SandboxGivenUp",
  /** Confirmed transactions that a job sent again: delivered, not delivered, and not called. */
  redelivered: "Redelivered",
  redeliveryFailed: "RedeliveryFailed",
  redeliveryTurnedAway: "RedeliveryTurnedAway",
  /** Versions that were left to an old system, by the switches of their merchants. */
  shadowed: "LeftToOldSystem",
  /** What went to mirrors: delivered, not delivered, and not called. */
  mirrored: "Mirrored",
  mirrorFailed: "MirrorFailed",
  mirrorTurnedAway: "MirrorTurnedAway",
  /** Attempts that were answered with 202 and not acknowledged in time. */
  unacknowledged: "Unacknowledged",
  /** Acknowledgements of merchants that confirmed a transaction, and those that were refused. */
  acknowledged: "Acknowledged",
  acknowledgementsRefused: "AcknowledgementsRefused",
  /** Of transactions with a label, by label and kind of channel: dimensions in the place of the program. */
  campaignSent: "CampaignSent",
  campaignDelivered: "CampaignDelivered",
  campaignFailed: "CampaignFailed",
  campaignAcknowledged: "CampaignAcknowledged",
  /** Receipts of messages that were sent by a channel: recorded, refused, and those that are complaints. */
  receiptsRecorded: "ReceiptsRecorded",
  receiptsRefused: "ReceiptsRefused",
  complaints: "Complaints",
  /** Messages that a service took and that did not arrive, as their receipts say. */
  undelivered: "Undelivered",
  /** Messages that a service took, by kind of channel. */
  emailSent: "EmailSent",
  smsSent: "SmsSent",
  whatsappSent: "WhatsAppSent",
  queueMessagesSent: "QueueMessagesSent",
  topicMessagesSent: "TopicMessagesSent",
  eventsPut: "EventsPut",
  /** Messages of channels that were not taken, those that waited for our own account or settings, and the unclear. */
  channelFailed: "ChannelFailed",
  channelHeldBack: "ChannelHeldBack",
  channelUncertain: "ChannelUncertain",
  /** SMS that would have cost more than the month may. */
  smsOverCap: "SmsOverCap",
  unrecordable: "Unrecordable",
  leftInQueue: "LeftInQueue",
  leftToSdk: "LeftToSdk",
  /** Copies for who listens to a merchant of the sandbox, for which there was no room or no table. */
  copiesDropped: "CopiesDropped",
  /** Files of the journal that its bucket did not take, and entries that were lost for it. */
  journalFilesFailed: "JournalFilesFailed",
  journalEntriesLost: "JournalEntriesLost",
  enqueued: "Enqueued",
  repaired: "Repaired",
  setAside: "SetAside",
  released: "Released",
  eventsPublished: "EventsPublished",
  /** Events that SNS takes in no form. */
  eventsRefused: "EventsRefused",
  repeatedInOrder: "RepeatedInOrder",
  releasePostponed: "ReleasePostponed",
  fakeInserted: "FakeTransactionsInserted",
  /** Unsettled rows that an audit had put back or must have seen before; 0 says that nothing is lost. */
  lost: "Lost",
  found: "Found",
  auditRepaired: "AuditRepaired",
  auditPostponed: "AuditPostponed",
  manifestsWritten: "ManifestsWritten",
  manifestsUnsigned: "ManifestsUnsigned",
  /** 1 when the canary of a minute was confirmed in time, else 0. */
  canaryConfirmed: "CanaryConfirmed",
  /** Milliseconds that it took. */
  canaryLatency: "CanaryLatency",
  referenceReceived: "ConfirmationsReceived",
  referenceDuplicate: "DuplicateConfirmationsReceived",
  /** Those that it had before and that say that a job sends them again. */
  referenceRedelivered: "RedeliveredConfirmationsReceived",
  referenceRejected: "ConfirmationsRejected",
  referenceFailedOnRequest: "ConfirmationsFailedOnRequest",
  /** Requests whose access token does not hold. */
  tokensRefused: "TokensRefused",
  /** Requests that nobody could say of whose they are, as the issuer of tokens gave no keys. */
  issuerUnavailable: "IssuerUnavailable",
  /** Milliseconds from the write of a version to its record as CONFIRMED. */
  commitToConfirmed: "CommitToConfirmed",
  /** Milliseconds of one call, whatever its outcome. */
  webhookLatency: "WebhookLatency",
  /** Milliseconds from sent to received; first receives only. */
  queueAge: "QueueAge",
  /** Messages in a receive, or in a batch that is sent. */
  batchFill: "BatchFill",
  /** Percent. */
  windowInUse: "WindowInUse",
  connectionsOpened: "ConnectionsOpened",
  callsOnReusedConnection: "CallsOnReusedConnection",
  /** Requests sent once more within their attempt. */
  requestsResent: "RequestsResent",
  /** Circuits that a task sees open. */
  circuitsOpen: "CircuitsOpen",
  /** 1 at each start, so that a crash loop shows. */
  workerStarted: "WorkerStarted",
} as const;

/** Units, as CloudWatch spells them, of the metrics that are no counts. */
export const METRIC_UNITS: Readonly<Record<string, string>> = {
  [METRICS.commitToConfirmed]: "Milliseconds",
  [METRICS.webhookLatency]: "Milliseconds",
  [METRICS.queueAge]: "Milliseconds",
  [METRICS.canaryLatency]: "Milliseconds",
  [METRICS.clockSkew]: "Milliseconds",
  [METRICS.windowInUse]: "Percent",
};
