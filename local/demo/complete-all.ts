/**
 * The body of a run, against a stack and a fleet that are up: register, insert, wait until every transaction is
 * terminal and the queue is empty, then collect the evidence of all sides and take the account.
 */
import { rowKeySettings } from "../../core/settings/row-key-settings.ts";
import { resentDeliveries } from "./resent-deliveries.ts";
import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { boundedClient } from "../../core/aws/bounded-client.ts";
import { LOCAL_LIMITS } from "../../core/aws/call-limits.ts";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { LocalStack } from "../local-stack.ts";
import { takeAccount } from "./account.ts";
import type { Fleet } from "./fleet/fleet.ts";
import { Importer } from "./imports/importer.ts";
import type { ImportReport } from "./imports/import-report.ts";
import { Inserter } from "./insert-transactions.ts";
import { WorkerKiller } from "./kill-worker.ts";
import { type HealthyRate, healthyRate } from "./healthy-rate.ts";
import { isHealthy, MERCHANTS } from "./merchants.ts";
import type { DemoOptions } from "./options.ts";
import { planTransactions } from "./plan.ts";
import type { ProgressBar } from "./progress.ts";
import { messagesIn, readDeadLetters } from "./read-dead-letters.ts";
import { TableReader } from "./read-table.ts";
import { registerMerchants } from "./register-merchants.ts";
import { isClean, unexplained, type KillReport } from "./report.ts";
import { seededRandom } from "./seeded-random.ts";
import { MAX_BODY_BYTES } from "./settings.ts";
import { CompletionWatch } from "./completion-watch.ts";
import { waitUntil } from "./wait-until.ts";
import type { AccountReport } from "./evidence.ts";

export interface DemoResult extends AccountReport {
  readonly killed?: KillReport;
  readonly healthy: HealthyRate;
  readonly isQueueEmpty: boolean;
  readonly isClean: boolean;
  /** Rows of the first transactions that something is wrong with, as JSON. */
  readonly exampleRows: readonly string[];
  /** Requests that the worker sent once more within an attempt. */
  readonly resent: number;
  /** Of a file, where one was imported. */
  readonly imported?: ImportReport;
}

/** Bounds the whole run; a run of 10,000 takes a fraction of it. */
const BASE_TIMEOUT_SECONDS = 150;
/** What was killed with a function comes again when its visibility is over. */
const KILLED_FUNCTION_SECONDS = 200;
/** A function handles ten messages at a time, and reads and records for those alone. */
const EXTRA_SECONDS_EACH_TRANSACTION = { fargate: 0.02, lambda: 0.1 } as const;
const LOOK_EVERY_MS = 250;
const EXAMPLE_ROWS = 5;

export interface Running {
  readonly options: DemoOptions;
  readonly progress: Pick<ProgressBar, "note" | "show">;
  readonly interruption: AbortSignal;
  readonly fleet: Fleet;
  readonly stack: LocalStack;
  readonly confirmationUrls: Readonly<Record<string, string>>;
  readonly stateDirectory: string;
}

export async function completeAll({
  options,
  progress,
  interruption,
  fleet,
  stack,
  confirmationUrls,
  stateDirectory,
}: Running): Promise<DemoResult> {
  const { seed, importRows } = options;
  const transactions = importRows ?? options.transactions;
  const connection = { region: stack.region, credentials: stack.credentials };
  const client = boundedClient(DynamoDBClient, LOCAL_LIMITS, { ...connection, endpoint: stack.endpoints.dynamodb });
  const sqs = boundedClient(SQSClient, LOCAL_LIMITS, {
    ...connection,
    endpoint: stack.endpoints.sqs,
    useQueueUrlAsEndpoint: true,
  });
  const table = new TableReader(client, stack.transactionsTable);
  await fleet.trust(
    await registerMerchants({
      client,
      stack,
      merchants: MERCHANTS,
      confirmationUrls,
    }),
    stack.outputs["AcknowledgementUrl"],
  );

  const startMs = Date.now();
  const isFunctionKilled = options.killWorker && options.delivery === "lambda";
  const baseSeconds = BASE_TIMEOUT_SECONDS + (isFunctionKilled ? KILLED_FUNCTION_SECONDS : 0);
  const untilMs = startMs + (baseSeconds + transactions * EXTRA_SECONDS_EACH_TRANSACTION[options.delivery]) * 1000;
  const isStopped = () => interruption.aborted;
  const inserter = new Inserter({
    client,
    tableName: stack.transactionsTable,
    settings: rowKeySettings(stack.settings),
    maxBodyBytes: MAX_BODY_BYTES,
    confirmationUrls,
    random: seededRandom(seed),
    nowMs: Date.now,
    sleep,
    isStopped,
  });
  const killer = options.killWorker
    ? new WorkerKiller({ worker: stack.worker, fleet, table, transactions, untilMs, isStopped })
    : undefined;

  let isInserted = false;
  const importer =
    importRows === undefined
      ? undefined
      : new Importer({ stack, stateDirectory, rows: importRows, seed, sleep, isStopped });
  const begun = importer?.run() ?? inserter.insert(planTransactions(transactions, seed));
  const inserting = begun.then(() => (isInserted = true));
  const inserted = () => importer?.counts.accepted ?? inserter.accepted.size;
  const counters = () => stack.counters();
  const watch = new CompletionWatch({ table, counters, inserted, isInserted: () => isInserted, nowMs: Date.now });
  const isTerminal = async (): Promise<boolean> => {
    const { deliveries } = await fleet.counts();
    const kills = killer?.kills ?? 0;
    progress.show({ inserted: inserted(), terminal: watch.terminal, total: transactions, deliveries, kills });
    return watch.isTerminal();
  };
  const settling = waitUntil(isTerminal, { everyMs: LOOK_EVERY_MS, untilMs, isStopped });
  await Promise.all([inserting, killer?.run(), settling]);
  const seconds = (Date.now() - startMs) / 1000;

  const queues = [stack.confirmationsQueueUrl, stack.orderedQueueUrl];
  const areEmpty = async () =>
    (await Promise.all(queues.map((url) => messagesIn(sqs, url)))).every((left) => left === 0);
  const isQueueEmpty = await waitUntil(areEmpty, { everyMs: LOOK_EVERY_MS, untilMs, isStopped });
  const deliveries = await fleet.ledger();
  const rows = await table.rows();
  const deadLetters = await readDeadLetters(sqs, stack.deadLetterQueueUrl);
  const { account, findings } = takeAccount({
    inserted: (importer ?? inserter).inserted,
    deliveries,
    rows,
    deadLetters,
    seconds,
  });
  const resent = resentDeliveries(rows, deliveries);
  const wrong = unexplained(findings, [...(killer?.inFlight ?? []), ...resent]);
  const suspects = [...new Set(wrong.map(({ transactionId }) => transactionId))].slice(0, EXAMPLE_ROWS);
  const exampleRows = await Promise.all(suspects.map((transactionId) => table.rowText(transactionId)));
  const killed = killer && { kills: killer.kills, duplicatesAllowed: killer.inFlight.length + resent.length };
  return {
    account,
    healthy: healthyRate(deliveries, isHealthy, startMs),
    findings: wrong,
    isQueueEmpty,
    isClean: isQueueEmpty && isClean(account, wrong, killed, resent.length),
    resent: resent.length,
    exampleRows,
    ...(killed !== undefined && { killed }),
    ...(importer !== undefined && { imported: { ...importer.counts, importerPeakMb: await importer.peakMb() } }),
  };
}
