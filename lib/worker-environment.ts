/** The worker's environment: settings and resource names as the variables that its program reads. */
import { inQueueFailingMax } from "../core/retry/in-queue-share.ts";
import { ENV } from "../core/settings/names.ts";
import type { Settings } from "../core/settings/settings.ts";
import type { ConfirmationQueues } from "./confirmation-queues.ts";
import type { PipelineKeys } from "./keys.ts";
import type { MerchantGates } from "./merchant-gates.ts";
import type { MerchantsTable } from "./merchants-table.ts";
import type { TransactionsTable } from "./transactions-table.ts";

export const HEALTH_PORT = 8080;

/** Part of a task's window that is kept for ordered groups: neither they nor the others can take it all. */
const ORDERED_SHARE = 1 / 8;
/** What one receive may bring. */
const LEAST_WINDOW = 10;

export interface WorkerEnvironmentProps {
  readonly settings: Settings;
  readonly region: string;
  readonly keys: PipelineKeys;
  readonly transactions: TransactionsTable;
  readonly merchants: MerchantsTable;
  readonly gates: MerchantGates;
  readonly queues: ConfirmationQueues;
}

export function workerEnvironment({
  settings,
  region,
  keys,
  transactions,
  merchants,
  gates,
  queues,
}: WorkerEnvironmentProps): Record<string, string> {
  const { worker, delivery, retry, circuit } = settings;
  const orderedWindow = Math.max(LEAST_WINDOW, Math.floor(worker.window * ORDERED_SHARE));
  return {
    AWS_REGION: region,
    [ENV.transactionsTable]: transactions.table.tableName,
    [ENV.merchantsTable]: merchants.table.tableName,
    [ENV.merchantGatesTable]: gates.table.tableName,
    [ENV.confirmationsQueueUrl]: queues.confirmations.queueUrl,
    [ENV.orderedQueueUrl]: queues.ordered.queueUrl,
    [ENV.deadLetterQueueUrl]: queues.deadLetters.queueUrl,
    [ENV.importedSecretsKeyArn]: keys.importedSecrets.keyArn,
    [ENV.visibilitySeconds]: String(queues.visibilitySeconds),
    [ENV.dueShards]: String(settings.dueShards),
    [ENV.merchantShards]: String(settings.merchantShards),
    [ENV.leaseSeconds]: String(settings.release.leaseSeconds),
    [ENV.settledDays]: String(settings.retention.settledDays),
    [ENV.retryScheduleSeconds]: retry.scheduleSeconds.join(","),
    [ENV.inQueueMaxSeconds]: String(retry.inQueueMaxSeconds),
    [ENV.inQueueFailingMax]: String(inQueueFailingMax(settings)),
    [ENV.maxRetryAfterSeconds]: String(retry.maxRetryAfterSeconds),
    [ENV.deliverWithinSeconds]: String(retry.deliverWithinSeconds),
    [ENV.deadlineMs]: String(delivery.deadlineMs),
    [ENV.circuitOpenSeconds]: String(circuit.openSeconds),
    [ENV.circuitMaxOpenSeconds]: String(circuit.maxOpenSeconds),
    [ENV.maxBodyBytes]: String(delivery.maxBodyBytes),
    [ENV.resendOnClosedConnection]: String(delivery.resendOnClosedConnection),
    [ENV.allowDestinations]: delivery.allowDestinations.join(","),
    [ENV.refuseDestinations]: delivery.refuseDestinations.join(","),
    [ENV.nameServers]: delivery.nameServers.join(","),
    [ENV.window]: String(Math.max(LEAST_WINDOW, worker.window - orderedWindow)),
    [ENV.orderedWindow]: String(orderedWindow),
    [ENV.stopTimeoutSeconds]: String(worker.stopTimeoutSeconds),
    [ENV.healthPort]: String(HEALTH_PORT),
    [ENV.debugSamplePercent]: String(settings.logs.debugSamplePercent),
  };
}
