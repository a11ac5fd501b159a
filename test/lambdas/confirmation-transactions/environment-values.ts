/** The function's environment as tests write it. */
export type QueueName =
  | "confirmations.fifo"
  | "confirmations-ordered.fifo"
  | "confirmations-dl.fifo"
  | "merchant-calls";

export const VISIBILITY_SECONDS = 60;
export const DEADLINE_MS = 10_000;

export function environmentValues(urlOf: (queue: QueueName) => string) {
  return {
    transactionsTable: "Transactions",
    merchantsTable: "Merchants",
    merchantGatesTable: "MerchantGates",
    confirmationsQueueUrl: urlOf("confirmations.fifo"),
    orderedQueueUrl: urlOf("confirmations-ordered.fifo"),
    deadLetterQueueUrl: urlOf("confirmations-dl.fifo"),
    jobsTable: "Jobs",
    merchantCallsQueueUrl: urlOf("merchant-calls"),
    journal: { bucket: "", everyMs: 60_000, lock: "none", keptDays: 36 },
    importedSecretsKeyArn: "arn:aws:kms:eu-central-1:000000000000:key/none",
    visibilitySeconds: VISIBILITY_SECONDS,
    dueShards: 1,
    merchantShards: 1,
    leaseMs: 900_000,
    settledDays: 90,
    retry: { scheduleSeconds: [5, 60, 600], inQueueMaxSeconds: 60, maxRetryAfterSeconds: 86_400 },
    inQueueFailingMax: 100,
    deliverWithinMs: 86_400_000,
    deadlineMs: DEADLINE_MS,
    circuit: { openMs: 15_000, maxOpenMs: 300_000 },
    sandbox: { ratePerSecond: 10, concurrency: 5 },
    maxBodyBytes: 262_144,
    resendOnClosedConnection: true,
    allowDestinations: ["127.0.0.1:1-65535"],
    refuseDestinations: [],
    allowPorts: [],
    nameServers: [],
    transport: "http1",
    proxyUrl: "",
    debugSamplePercent: 0,
    masterKeysSecretArn: "arn:aws:secretsmanager:eu-central-1:000000000000:secret:keys",
    executions: 5,
    publishedMetrics: ["*"],
    campaigns: [],
  } as const;
}
