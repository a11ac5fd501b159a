/**
 * `audit-transactions`: proves that nothing is lost, and says so. Its schedule starts what is due; parts go through a
 * queue back to the same function, many side by side, each from where it was left, since no single run could read the
 * whole table. What it says about a merchant's day is signed and locked in a bucket.
 */
import { type CfnElement, Duration, Stack, Validations } from "aws-cdk-lib";
import { Rule, RuleTargetInput, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { RecursiveLoop } from "aws-cdk-lib/aws-lambda";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import type { Table } from "aws-cdk-lib/aws-dynamodb";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { CONFIRMATIONS_QUEUE_NAME, FUNCTION_NAMES } from "../../core/settings/names.ts";
import { physicalName } from "../../core/settings/physical-names.ts";
import { rowKeySettings } from "../../core/settings/row-key-settings.ts";
import { publishedMetrics } from "../../core/settings/published-metrics.ts";
import { auditTransactionsEnvironment } from "../../lambdas/audit-transactions/environment.ts";
import { AuditPartsQueue } from "./audit-parts-queue.ts";
import { AuditsTable } from "./audits-table.ts";
import { ManifestsBucket } from "./manifests-bucket.ts";
import { listingPolicy } from "../merchants/listing-policy.ts";
import type { MerchantGates } from "../merchants/merchant-gates.ts";
import type { MerchantsTable } from "../merchants/merchants-table.ts";
import { PipelineFunction } from "../program/pipeline-function.ts";
import type { SigningKeys } from "../signing-keys/signing-keys.ts";
import type { StageProps } from "../stack/stage.ts";
import type { TransactionsTable } from "../transactions/transactions-table.ts";

const HOUR_MS = 3_600_000;
const TIMEOUT = Duration.minutes(5);
/** The least that a mapping may be held to. */
const LEAST_CONCURRENCY = 2;

export interface AuditTransactionsProps extends StageProps {
  readonly transactions: TransactionsTable;
  readonly merchants: MerchantsTable;
  readonly gates: MerchantGates;
  readonly signingKeys: SigningKeys;
}

export class AuditTransactions extends Construct {
  readonly function: PipelineFunction;
  readonly audits: Table;
  readonly manifests: Bucket;

  constructor(scope: Construct, id: string, props: AuditTransactionsProps) {
    super(scope, id);
    const { settings } = props;
    const { queue } = new AuditPartsQueue(this, "PartsQueue", { ...props, timeout: TIMEOUT });
    this.audits = new AuditsTable(this, "Audits", props).table;
    this.manifests = new ManifestsBucket(this, "Manifests", props).bucket;
    this.function = new PipelineFunction(this, "Function", {
      ...props,
      program: "auditTransactions",
      description: "Finds transactions that are lost, and writes signed manifests",
      timeout: TIMEOUT,
      memoryMiB: 1024,
      // A part that is not done sends itself on; it ends, as each turn saves how far it came.
      recursiveLoop: RecursiveLoop.ALLOW,
      environment: auditTransactionsEnvironment.write({
        transactionsTable: props.transactions.table.tableName,
        merchantsTable: props.merchants.table.tableName,
        merchantGatesTable: props.gates.table.tableName,
        auditsTable: this.audits.tableName,
        queueUrl: queue.queueUrl,
        confirmationsQueue: physicalName(settings, CONFIRMATIONS_QUEUE_NAME),
        streamTransactionsFunction: physicalName(settings, FUNCTION_NAMES.streamTransactions),
        manifestsBucket: this.manifests.bucketName,
        masterKeysSecretArn: props.signingKeys.masterKeys.secretArn,
        ...rowKeySettings(settings),
        everyMs: settings.audit.everyHours * HOUR_MS,
        tableEveryMs: settings.audit.tableEveryHours * HOUR_MS,
        segments: settings.audit.segments,
        settleMs: settings.audit.settleSeconds * 1000,
        manifestAfterMs: settings.audit.manifestAfterHours * HOUR_MS,
        manifestAgainAfterMs: settings.audit.manifestAgainAfterDays * 24 * HOUR_MS,
        publishedMetrics: publishedMetrics(settings.delivery.mode, FUNCTION_NAMES.auditTransactions),
      }),
    });
    this.function.allow(["dynamodb:GetItem", "dynamodb:PutItem"], [this.audits.tableArn]);
    this.function.allow(["dynamodb:UpdateItem"], [props.gates.table.tableArn]);
    this.function.allow(["sqs:SendMessage"], [queue.queueArn]);
    this.#allowReads(props);
    this.#allowManifests();
    props.keys.grantUse(this.function);

    this.function.addEventSource(
      new SqsEventSource(queue, {
        batchSize: 1,
        maxConcurrency: Math.max(LEAST_CONCURRENCY, settings.audit.segments),
      }),
    );
    new Rule(this, "Schedule", {
      description: "Runs the audits that are due",
      schedule: Schedule.rate(Duration.hours(settings.audit.everyHours)),
      targets: [new LambdaFunction(this.function, { event: RuleTargetInput.fromObject({ audit: "due" }) })],
    });
  }

  #allowReads({ transactions, merchants, signingKeys }: AuditTransactionsProps): void {
    const { tableArn } = transactions.table;
    this.function.allow(
      ["dynamodb:BatchGetItem", "dynamodb:DescribeTable", "dynamodb:PartiQLUpdate", "dynamodb:Scan"],
      [tableArn],
    );
    this.function.allow(["dynamodb:Scan"], [transactions.dueIndexArn]);
    this.function.allow(["dynamodb:Query"], [transactions.merchantIndexArn]);
    this.function.allow(
      ["dynamodb:BatchGetItem", "dynamodb:DescribeTable", "dynamodb:GetItem", "dynamodb:Scan"],
      [merchants.table.tableArn],
    );
    this.function.addToRolePolicy(listingPolicy(merchants.table.tableArn));
    this.function.allow(["secretsmanager:GetSecretValue"], [signingKeys.masterKeys.secretArn]);
    this.function.allow(["cloudwatch:GetMetricData"], ["*"]);
  }

  #allowManifests(): void {
    this.function.allow(["s3:PutObject"], [this.manifests.arnForObjects("*")]);
    const logicalId = Stack.of(this).getLogicalId(this.manifests.node.defaultChild as CfnElement);
    Validations.of(this).acknowledge({
      id: `AwsSolutions-IAM5[Resource::<${logicalId}.Arn>/*]`,
      reason:
        "Objects are named by merchant, day and revision; the bucket holds nothing else, and what is there is locked.",
    });
  }
}
