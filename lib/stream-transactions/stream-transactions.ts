/**
 * Intake: the table's stream triggers `stream-transactions`, which puts every new pending version on the queue at once.
 * The filter lets inserts and modifications through and nothing finer, since no constant filter can see that a version
 * was raised. No record is dropped: a batch is retried without limit of count until it is hours old, and what is too
 * old by then lands whole in the set-aside bucket.
 */
import { Duration } from "aws-cdk-lib";
import { FilterCriteria, FilterRule } from "aws-cdk-lib/aws-lambda";
import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import { DynamoEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { Construct } from "constructs";
import { rowKeySettings } from "../../core/settings/row-key-settings.ts";
import { countedCampaigns } from "../../core/settings/campaign-metrics.ts";
import { FUNCTION_NAMES } from "../../core/settings/names.ts";
import { publishedMetrics } from "../../core/settings/published-metrics.ts";
import { streamTransactionsEnvironment } from "../../lambdas/stream-transactions/environment.ts";
import { STREAM_MEMORY_MIB } from "../../core/settings/stream-mapping.ts";
import type { MerchantsTable } from "../merchants/merchants-table.ts";
import type { ConfirmationQueues } from "../confirmation-queues/confirmation-queues.ts";
import { PipelineFunction } from "../program/pipeline-function.ts";
import { retriedStream } from "../program/retried-stream.ts";
import { QuarantineBucket } from "./quarantine-bucket.ts";
import type { StageProps } from "../stack/stage.ts";
import type { TransactionsTable } from "../transactions/transactions-table.ts";

const TIMEOUT = Duration.seconds(60);

export interface StreamTransactionsProps extends StageProps {
  readonly transactions: TransactionsTable;
  readonly merchants: MerchantsTable;
  readonly queues: ConfirmationQueues;
}

export class StreamTransactions extends Construct {
  readonly function: PipelineFunction;
  readonly setAside: Bucket;

  constructor(scope: Construct, id: string, props: StreamTransactionsProps) {
    super(scope, id);
    const { transactions, merchants, queues, settings, keys } = props;
    this.setAside = new QuarantineBucket(this, "SetAside", props).bucket;
    this.function = new PipelineFunction(this, "Function", {
      ...props,
      program: "streamTransactions",
      description: "Puts every newly owed transaction version on the confirmations queue",
      timeout: TIMEOUT,
      memoryMiB: STREAM_MEMORY_MIB,
      environment: streamTransactionsEnvironment.write({
        transactionsTable: transactions.table.tableName,
        merchantsTable: merchants.table.tableName,
        ...queues.urls,
        ...rowKeySettings(settings),
        order: settings.order,
        settledDays: settings.retention.settledDays,
        sampling: settings.tracing,
        debugSamplePercent: settings.logs.debugSamplePercent,
        publishedMetrics: publishedMetrics(settings.delivery.mode, FUNCTION_NAMES.streamTransactions),
        campaigns: countedCampaigns(settings),
      }),
    });
    this.function.allow(["dynamodb:PartiQLUpdate", "dynamodb:BatchGetItem"], [transactions.table.tableArn]);
    this.function.allow(["dynamodb:BatchGetItem"], [merchants.table.tableArn]);
    this.function.allow(
      ["sqs:SendMessage"],
      [queues.confirmations.queueArn, queues.ordered.queueArn, queues.deadLetters.queueArn],
    );
    keys.grantUse(this.function);

    this.function.addEventSource(
      new DynamoEventSource(transactions.table as ITable, {
        ...retriedStream(this.function, this.setAside),
        filters: [FilterCriteria.filter({ eventName: FilterRule.or("INSERT", "MODIFY") })],
        // None by default: a lone transaction goes at once, and under load batches fill by themselves.
        maxBatchingWindow: Duration.seconds(settings.stream.batchingWindowSeconds),
        // Records of one transaction stay in one lane, in order.
        parallelizationFactor: settings.stream.lanesPerShard,
      }),
    );
  }
}
