/** The worker's environment: settings and resource names as the variables that its program reads. */
import { inQueueFailingMax } from "../../core/retry/in-queue-share.ts";
import { rowKeySettings } from "../../core/settings/row-key-settings.ts";
import type { Settings } from "../../core/settings/settings.ts";
import { confirmationWorkerEnvironment } from "../../containers/confirmation-worker/src/environment.ts";
import type { ConfirmationQueues } from "../confirmation-queues/confirmation-queues.ts";
import type { PipelineKeys } from "../stack/keys.ts";
import type { MerchantGates } from "../merchants/merchant-gates.ts";
import type { MerchantsTable } from "../merchants/merchants-table.ts";
import type { TransactionsTable } from "../transactions/transactions-table.ts";

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
  return confirmationWorkerEnvironment.write({
    region,
    transactionsTable: transactions.table.tableName,
    merchantsTable: merchants.table.tableName,
    merchantGatesTable: gates.table.tableName,
    ...queues.urls,
    importedSecretsKeyArn: keys.importedSecrets.keyArn,
    visibilitySeconds: queues.visibilitySeconds,
    ...rowKeySettings(settings),
    settledDays: settings.retention.settledDays,
    retry,
    inQueueFailingMax: inQueueFailingMax(settings),
    deliverWithinMs: retry.deliverWithinSeconds * 1000,
    deadlineMs: delivery.deadlineMs,
    circuit: { openMs: circuit.openSeconds * 1000, maxOpenMs: circuit.maxOpenSeconds * 1000 },
    maxBodyBytes: delivery.maxBodyBytes,
    resendOnClosedConnection: delivery.resendOnClosedConnection,
    allowDestinations: delivery.allowDestinations,
    refuseDestinations: delivery.refuseDestinations,
    allowPorts: delivery.allowPorts,
    nameServers: delivery.nameServers,
    window: Math.max(LEAST_WINDOW, worker.window - orderedWindow),
    orderedWindow,
    stopTimeoutMs: worker.stopTimeoutSeconds * 1000,
    healthPort: HEALTH_PORT,
    debugSamplePercent: settings.logs.debugSamplePercent,
  });
}
