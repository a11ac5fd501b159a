/** What the program that calls merchants is told, be it the worker's tasks or the function of small-account mode. */
import { inQueueFailingMax } from "../../core/retry/in-queue-share.ts";
import { countedCampaigns } from "../../core/settings/campaign-metrics.ts";
import { rowKeySettings } from "../../core/settings/row-key-settings.ts";
import type { Settings } from "../../core/settings/settings.ts";
import type { ConfirmationQueues } from "../confirmation-queues/confirmation-queues.ts";
import type { Jobs } from "../jobs/jobs.ts";
import type { JournalAccess } from "../journal/journal-access.ts";
import type { MerchantGates } from "../merchants/merchant-gates.ts";
import type { MerchantsTable } from "../merchants/merchants-table.ts";
import type { PipelineKeys } from "../stack/keys.ts";
import type { TransactionsTable } from "../transactions/transactions-table.ts";

export interface DeliveryValuesProps {
  readonly settings: Settings;
  readonly keys: PipelineKeys;
  readonly transactions: TransactionsTable;
  readonly merchants: MerchantsTable;
  readonly gates: MerchantGates;
  readonly queues: ConfirmationQueues;
  /** Undefined where there is no API, which alone asks for jobs. */
  readonly jobs: Jobs | undefined;
  readonly journal: JournalAccess;
}

/** Values of `deliveryVariables`. */
export function deliveryValues(props: DeliveryValuesProps) {
  const { settings, keys, transactions, merchants, gates, queues, jobs, journal } = props;
  const { delivery, retry, circuit, sandbox } = settings;
  return {
    transactionsTable: transactions.table.tableName,
    merchantsTable: merchants.table.tableName,
    merchantGatesTable: gates.table.tableName,
    ...queues.urls,
    jobsTable: jobs?.table.tableName ?? "",
    merchantCallsQueueUrl: jobs?.calls.queueUrl ?? "",
    journal: journal.values,
    importedSecretsKeyArn: keys.importedSecrets.keyArn,
    visibilitySeconds: queues.visibilitySeconds,
    ...rowKeySettings(settings),
    settledDays: settings.retention.settledDays,
    retry,
    inQueueFailingMax: inQueueFailingMax(settings),
    deliverWithinMs: retry.deliverWithinSeconds * 1000,
    deadlineMs: delivery.deadlineMs,
    circuit: { openMs: circuit.openSeconds * 1000, maxOpenMs: circuit.maxOpenSeconds * 1000 },
    sandbox,
    maxBodyBytes: delivery.maxBodyBytes,
    resendOnClosedConnection: delivery.resendOnClosedConnection,
    allowDestinations: delivery.allowDestinations,
    refuseDestinations: delivery.refuseDestinations,
    allowPorts: delivery.allowPorts,
    nameServers: delivery.nameServers,
    transport: delivery.transport,
    proxyUrl: delivery.proxyUrl ?? "",
    debugSamplePercent: settings.logs.debugSamplePercent,
    campaigns: countedCampaigns(settings),
  };
}
