/**
 * `run-jobs`: works on the parts of jobs, such as redeliveries. A part that is not done sends itself on through its
 * queue; at rest it does nothing. It writes and marks rows and sends messages, and dials nobody.
 */
import { type CfnElement, Duration, Stack, Validations } from "aws-cdk-lib";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import { RecursiveLoop } from "aws-cdk-lib/aws-lambda";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { Construct } from "constructs";
import { rowKeySettings } from "../../core/settings/row-key-settings.ts";
import { runJobsEnvironment } from "../../lambdas/run-jobs/environment.ts";
import { eventsSource } from "../../core/settings/events-source.ts";
import { RESTORED_TABLE_SUFFIX } from "../../core/settings/names.ts";
import { TIMEOUT_SECONDS } from "../../core/jobs/slice-times.ts";
import type { ConfirmationQueues } from "../confirmation-queues/confirmation-queues.ts";
import type { ImportTransactions } from "../import-transactions/import-transactions.ts";
import type { Jobs } from "../jobs/jobs.ts";
import type { ConfirmationEvents } from "../publish-events/confirmation-events.ts";
import type { MerchantsTable } from "../merchants/merchants-table.ts";
import { PipelineFunction } from "../program/pipeline-function.ts";
import type { StageProps } from "../stack/stage.ts";
import type { TransactionsTable } from "../transactions/transactions-table.ts";

/** Parts that are worked on at once, those of all jobs together. */
const MOST_PARTS = 8;

export interface RunJobsProps extends StageProps {
  readonly jobs: Jobs;
  readonly transactions: TransactionsTable;
  readonly merchants: MerchantsTable;
  readonly queues: ConfirmationQueues;
  readonly imports: ImportTransactions;
  /** Of the journal, too. */
  readonly manifests: Bucket;
  /** Undefined where there are none. */
  readonly events: ConfirmationEvents | undefined;
}

export class RunJobs extends Construct {
  readonly function: PipelineFunction;

  constructor(scope: Construct, id: string, props: RunJobsProps) {
    super(scope, id);
    const { settings, keys, jobs, transactions, merchants, queues, events, imports, manifests } = props;
    this.function = new PipelineFunction(this, "Function", {
      ...props,
      program: "runJobs",
      description: "Works on jobs in parts: sends again, imports and exports files, restores",
      timeout: Duration.seconds(TIMEOUT_SECONDS),
      // A part that is not done sends itself on; it ends, as each turn writes how far it came.
      recursiveLoop: RecursiveLoop.ALLOW,
      environment: runJobsEnvironment.write({
        jobsTable: jobs.table.tableName,
        jobPartsQueueUrl: jobs.parts.queueUrl,
        transactionsTable: transactions.table.tableName,
        merchantsTable: merchants.table.tableName,
        confirmationsQueueUrl: queues.confirmations.queueUrl,
        orderedQueueUrl: queues.ordered.queueUrl,
        importsBucket: imports.bucket.bucketName,
        manifestsBucket: manifests.bucketName,
        ...rowKeySettings(settings),
        allowDestinations: settings.delivery.allowDestinations,
        refuseDestinations: settings.delivery.refuseDestinations,
        allowPorts: settings.delivery.allowPorts,
        maxBodyBytes: settings.delivery.maxBodyBytes,
        order: settings.order,
        settledDays: settings.retention.settledDays,
        eventsTopicArn: events?.topic.topicArn ?? "",
        eventsSource: eventsSource(settings),
      }),
    });
    this.function.allow(["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"], [jobs.table.tableArn]);
    this.function.allow(
      ["dynamodb:BatchGetItem", "dynamodb:PartiQLInsert", "dynamodb:PartiQLUpdate"],
      [transactions.table.tableArn],
    );
    this.function.allow(["dynamodb:Query"], [transactions.failedIndexArn, transactions.merchantIndexArn]);
    this.function.allow(["dynamodb:BatchGetItem", "dynamodb:Scan"], [merchants.table.tableArn]);
    if (events !== undefined) this.function.allow(["sns:Publish"], [events.topic.topicArn]);
    // To publish snapshots of what is in the table, and to compare it with a backup that was restored in its place.
    this.function.allow(["dynamodb:Scan"], [transactions.table.tableArn]);
    this.#allowRestore(props);
    this.function.allow(["sqs:SendMessage"], [jobs.parts.queueArn, queues.ordered.queueArn]);
    this.function.allow(["sqs:GetQueueAttributes", "sqs:SendMessage"], [queues.confirmations.queueArn]);
    imports.grantWork(this.function, this);
    keys.grantUse(this.function);
    this.function.addEventSource(new SqsEventSource(jobs.parts, { batchSize: 1, maxConcurrency: MOST_PARTS }));
  }

  /** To read tables that were restored from this one's backup, its stream, journal and manifests; to put rows back. */
  #allowRestore({ transactions, jobs, manifests }: RunJobsProps): void {
    const { tableArn } = transactions.table;
    const restored = `${tableArn}${RESTORED_TABLE_SUFFIX}*`;
    this.function.allow(["dynamodb:BatchGetItem", "dynamodb:Scan"], [restored]);
    this.function.allow(
      ["dynamodb:DescribeTable", "dynamodb:DescribeTimeToLive", "dynamodb:PutItem", "dynamodb:UpdateTimeToLive"],
      [tableArn],
    );
    const stream = `${tableArn}/stream/*`;
    this.function.allow(["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"], [stream]);
    this.function.allow(["dynamodb:BatchGetItem"], [jobs.table.tableArn]);
    this.function.allow(["dynamodb:Query"], [jobs.indexArn]);
    this.function.allow(["s3:ListBucket"], [manifests.bucketArn]);
    this.function.allow(["s3:GetObject"], [manifests.arnForObjects("*")]);
    const logicalId = (resource: { readonly node: { readonly defaultChild?: unknown } }) =>
      Stack.of(this).getLogicalId(resource.node.defaultChild as CfnElement);
    const table = logicalId(transactions.table);
    Validations.of(this).acknowledge(
      {
        id: `AwsSolutions-IAM5[Resource::<${table}.Arn>${RESTORED_TABLE_SUFFIX}*]`,
        reason: "A backup is restored to a table that whoever restores it names, with this beginning.",
      },
      {
        id: `AwsSolutions-IAM5[Resource::<${table}.Arn>/stream/*]`,
        reason: "The table's own stream, whose name is the time at which it was turned on.",
      },
      {
        id: `AwsSolutions-IAM5[Resource::<${logicalId(manifests)}.Arn>/*]`,
        reason: "It reads files of the journal, and manifests, which are named by merchant and day.",
      },
    );
  }
}
