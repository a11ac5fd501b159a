/**
 * `confirmations-api`: the HTTP API, with its authorizer and with `merchant-secrets`, which has the routes of
 * merchants' secrets. What it answers comes from outside, so it may open no secret: it has no grant on the master keys
 * and none on the key of imported secrets, and the data key only as far as DynamoDB, SQS and S3 use it in its name.
 */
import { type CfnElement, Duration, Stack, Validations } from "aws-cdk-lib";
import type { Table } from "aws-cdk-lib/aws-dynamodb";
import type { FargateService } from "aws-cdk-lib/aws-ecs";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { countedCampaigns, countedChannels } from "../../core/settings/campaign-metrics.ts";
import { FUNCTION_NAMES, RESTORED_TABLE_SUFFIX } from "../../core/settings/names.ts";
import { publishedMetrics } from "../../core/settings/published-metrics.ts";
import { rowKeySettings } from "../../core/settings/row-key-settings.ts";
import { confirmationsApiEnvironment } from "../../lambdas/confirmations-api/environment.ts";
import type { AuditLogTable } from "../audit-log/audit-log-table.ts";
import { ApiAuthorizer } from "../api-authorizer/api-authorizer.ts";
import type { ConfirmationQueues } from "../confirmation-queues/confirmation-queues.ts";
import type { ImportTransactions } from "../import-transactions/import-transactions.ts";
import type { Jobs } from "../jobs/jobs.ts";
import type { JournalAccess } from "../journal/journal-access.ts";
import { copiesPolicy } from "../jobs/copies-policy.ts";
import { MerchantSecrets } from "../merchant-secrets/merchant-secrets.ts";
import type { MerchantGates } from "../merchants/merchant-gates.ts";
import type { MerchantsTable } from "../merchants/merchants-table.ts";
import { channelBoundVariables } from "../program/channels-environment.ts";
import { PipelineFunction } from "../program/pipeline-function.ts";
import type { PublicApi } from "../public-api/public-api.ts";
import type { SigningKeys } from "../signing-keys/signing-keys.ts";
import type { StageProps } from "../stack/stage.ts";
import type { TransactionsTable } from "../transactions/transactions-table.ts";
import { TokenIssuer } from "../api-authorizer/token-issuer.ts";
import { allowLiveNumbers, liveVariables } from "./live-numbers.ts";
import { addProblemResponses } from "./problem-responses.ts";
import { addApiRoutes } from "./api-routes.ts";

/** API Gateway waits for 29 seconds. */
const TIMEOUT = Duration.seconds(25);
/** A vCPU and a bit, as a batch of transactions is checked and written in one run. */
const MEMORY_MIB = 1024;
const BYTES_A_MEGABYTE = 1_000_000;

export interface ConfirmationsApiProps extends StageProps {
  readonly publicApi: PublicApi;
  readonly transactions: TransactionsTable;
  readonly merchants: MerchantsTable;
  readonly gates: MerchantGates;
  readonly queues: ConfirmationQueues;
  readonly signingKeys: SigningKeys;
  readonly auditLog: AuditLogTable;
  readonly manifests: Bucket;
  readonly jobs: Jobs;
  readonly imports: ImportTransactions;
  readonly journal: JournalAccess;
  /** Undefined in small-account mode. */
  readonly service: FargateService | undefined;
}

export class ConfirmationsApi extends Construct {
  readonly function: PipelineFunction;
  readonly secrets: PipelineFunction;
  /** Where `/v1` is, without a slash at the end. */
  readonly url: string;
  /** Of access tokens. */
  readonly issuer: string;
  /** Undefined where the issuer is not ours. */
  readonly tokenIssuer: TokenIssuer | undefined;
  /** Of the console at the issuer. Undefined where there is none. */
  readonly consoleClientId: string | undefined;

  constructor(scope: Construct, id: string, props: ConfirmationsApiProps) {
    super(scope, id);
    const { publicApi } = props;
    this.function = this.#application(props);
    this.secrets = new MerchantSecrets(this, "Secrets", props).function;
    this.tokenIssuer = props.settings.api.cognito ? new TokenIssuer(this, "TokenIssuer", props) : undefined;
    this.issuer = this.tokenIssuer?.issuer ?? props.settings.api.issuer ?? "";
    this.consoleClientId = props.settings.console.clientId ?? this.tokenIssuer?.consoleClientId;
    const { issuer, consoleClientId } = this;
    const { authorizer } = new ApiAuthorizer(this, "Authorizer", { ...props, issuer, consoleClientId });
    addApiRoutes(publicApi, { api: this.function, secrets: this.secrets }, authorizer);
    addProblemResponses(publicApi.api);
    this.url = publicApi.api.urlForPath("/v1");
  }

  #application(props: ConfirmationsApiProps): PipelineFunction {
    const { settings, keys, transactions, merchants, gates, queues, auditLog, manifests, jobs, imports, journal } =
      props;
    const { api, delivery } = settings;
    const application = new PipelineFunction(this, "Function", {
      ...props,
      program: "confirmationsApi",
      description: "The HTTP API: takes transactions, tells what became of them, keeps merchants",
      timeout: TIMEOUT,
      memoryMiB: MEMORY_MIB,
      reservedConcurrency: api.reservedConcurrency || undefined,
      environment: {
        ...channelBoundVariables(settings),
        ...confirmationsApiEnvironment.write({
          transactionsTable: transactions.table.tableName,
          merchantsTable: merchants.table.tableName,
          merchantGatesTable: gates.table.tableName,
          auditLogTable: auditLog.table.tableName,
          manifestsBucket: manifests.bucketName,
          importsBucket: imports.bucket.bucketName,
          maxImportBytes: settings.imports.maxMegabytes * BYTES_A_MEGABYTE,
          importsKeptDays: settings.imports.keptDays,
          jobsTable: jobs.table.tableName,
          journal: journal.values,
          merchantCallsQueueUrl: jobs.calls.queueUrl,
          jobPartsQueueUrl: jobs.parts.queueUrl,
          confirmationsQueueUrl: queues.confirmations.queueUrl,
          enqueue: api.enqueue,
          ...rowKeySettings(settings),
          order: settings.order,
          allowDestinations: delivery.allowDestinations,
          refuseDestinations: delivery.refuseDestinations,
          allowPorts: delivery.allowPorts,
          maxBodyBytes: delivery.maxBodyBytes,
          sandbox: settings.sandbox,
          settledDays: settings.retention.settledDays,
          manifestDays: settings.retention.manifestDays,
          acknowledgeWithinSeconds: delivery.acknowledgeWithinSeconds,
          maxAcknowledgeWithinSeconds: delivery.maxAcknowledgeWithinSeconds,
          switchAheadSeconds: settings.cutOver.aheadSeconds,
          publishedMetrics: publishedMetrics(settings.delivery.mode, FUNCTION_NAMES.confirmationsApi),
          campaigns: countedCampaigns(settings),
          campaignChannels: countedChannels(settings),
          hasEvents: settings.events.enabled,
          live: liveVariables(this.node.scope ?? this, props),
        }),
      },
    });
    application.allow(
      [
        "dynamodb:BatchGetItem",
        "dynamodb:GetItem",
        "dynamodb:PartiQLInsert",
        "dynamodb:PartiQLUpdate",
        "dynamodb:UpdateItem",
      ],
      [transactions.table.tableArn],
    );
    application.allow(
      ["dynamodb:Query"],
      [transactions.merchantIndexArn, transactions.failedIndexArn, transactions.dueIndexArn],
    );
    application.allow(
      ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Scan", "dynamodb:UpdateItem"],
      [merchants.table.tableArn],
    );
    application.allow(["dynamodb:Query"], [merchants.idsIndexArn]);
    // Whether a backup that is to be restored is there, and of which time it is.
    const { tableArn } = transactions.table;
    application.allow(["dynamodb:DescribeTable"], [tableArn, `${tableArn}${RESTORED_TABLE_SUFFIX}*`]);
    this.#acknowledgeRestored(transactions.table);
    application.allow(["dynamodb:GetItem", "dynamodb:UpdateItem"], [gates.table.tableArn]);
    application.allow(["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"], [jobs.table.tableArn]);
    application.addToRolePolicy(copiesPolicy(jobs.table.tableArn, "dynamodb:BatchGetItem"));
    application.allow(["dynamodb:Query"], [jobs.indexArn]);
    application.allow(["s3:ListBucket"], [manifests.bucketArn]);
    application.allow(["s3:GetObject"], [manifests.arnForObjects("*")]);
    this.#acknowledgeManifests(manifests);
    for (const statement of journal.policies(this)) application.addToRolePolicy(statement);
    imports.grantUpload(application, this);
    application.allow(["dynamodb:PutItem", "dynamodb:Query"], [auditLog.table.tableArn]);
    application.allow(["dynamodb:Query"], [auditLog.resourceIndexArn]);
    application.allow(["sqs:SendMessage"], [queues.confirmations.queueArn, jobs.calls.queueArn, jobs.parts.queueArn]);
    // X-Ray knows no resources.
    application.allow(["xray:BatchGetTraces", "xray:GetTraceSummaries"], ["*"]);
    allowLiveNumbers(application, settings);
    keys.grantUseThrough(application, ["dynamodb", "sqs", "s3"]);
    return application;
  }

  #acknowledgeRestored(table: Table): void {
    const logicalId = Stack.of(this).getLogicalId(table.node.defaultChild as CfnElement);
    Validations.of(this).acknowledge({
      id: `AwsSolutions-IAM5[Resource::<${logicalId}.Arn>${RESTORED_TABLE_SUFFIX}*]`,
      reason: "A backup is restored to a table that whoever restores it names, with this beginning.",
    });
  }

  #acknowledgeManifests(manifests: Bucket): void {
    const logicalId = Stack.of(this).getLogicalId(manifests.node.defaultChild as CfnElement);
    Validations.of(this).acknowledge({
      id: `AwsSolutions-IAM5[Resource::<${logicalId}.Arn>/*]`,
      reason: "Manifests are named by merchant, day and revision; it signs URLs that read one of them, for minutes.",
    });
  }
}
