/**
 * The whole pipeline, read from top to bottom as a transaction takes its way: table, intake, queues, release and audit,
 * worker, merchant; then what watches it. Any stack may hold it; under the id `Default` its resources are named as if
 * they were the stack's own.
 */
import { Annotations } from "aws-cdk-lib";
import { CfnScalableTarget } from "aws-cdk-lib/aws-applicationautoscaling";
import { Metric, type MetricOptions } from "aws-cdk-lib/aws-cloudwatch";
import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import type { Grant, IGrantable } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct, type IConstruct } from "constructs";
import { hasApi } from "../core/settings/groups/api.ts";
import { receiptedKinds } from "../core/settings/groups/channels.ts";
import { callerOf } from "../core/settings/mode-programs.ts";
import { type METRICS, METRICS_NAMESPACE } from "../core/settings/names.ts";
import { physicalName } from "../core/settings/physical-names.ts";
import {
  grantReadOnly,
  grantWrite,
  READS_ROWS,
  READS_STREAM,
  TAKES_MESSAGES,
  WRITES_ROWS,
} from "./stack/pipeline-access.ts";
import { type RowKeySettings, rowKeySettings } from "../core/settings/row-key-settings.ts";
import { parseSettings, type Settings, type SettingsInput } from "../core/settings/settings.ts";
import { Alarms } from "./alarms/alarms.ts";
import { AuditLogTable } from "./audit-log/audit-log-table.ts";
import { AuditLogChain } from "./audit-log-chain/audit-log-chain.ts";
import { AuditTransactions } from "./audit-transactions/audit-transactions.ts";
import type { Bundles } from "./program/programs.ts";
import { shippedPrograms } from "./program/shipped-programs.ts";
import { Canary } from "./canary/canary.ts";
import { CANARY_ROUTE_LIMITS } from "./canary/canary-path.ts";
import { Console } from "./console/console.ts";
import { shippedConsole } from "./console/shipped-console.ts";
import { ConfirmationsApi } from "./confirmations-api/confirmations-api.ts";
import { apiRouteLimits } from "./confirmations-api/api-routes.ts";
import { ConfirmationEvents } from "./publish-events/confirmation-events.ts";
import { ConfirmationTransactions } from "./confirmation-transactions/confirmation-transactions.ts";
import { ConfirmationQueues } from "./confirmation-queues/confirmation-queues.ts";
import { PipelineDashboard } from "./dashboard/dashboard.ts";
import { DeploymentGuard } from "./deployment-guard/deployment-guard.ts";
import { EmptiedBuckets } from "./empty-buckets/emptied-buckets.ts";
import { InsertFakeTransactions } from "./insert-fake-transactions/insert-fake-transactions.ts";
import { ImportTransactions } from "./import-transactions/import-transactions.ts";
import { Jobs } from "./jobs/jobs.ts";
import { JournalAccess } from "./journal/journal-access.ts";
import { RunJobs } from "./run-jobs/run-jobs.ts";
import { PipelineKeys } from "./stack/keys.ts";
import { keepLogsOfOtherMode } from "./logs/logs-of-other-mode.ts";
import { LogQueries } from "./logs/log-queries.ts";
import { MerchantGates } from "./merchants/merchant-gates.ts";
import { MerchantsTable } from "./merchants/merchants-table.ts";
import { PublicApi } from "./public-api/public-api.ts";
import { KEY_ROUTE_LIMITS, PublishedKeys } from "./signing-keys/published-keys.ts";
import {
  acknowledgementRouteLimits,
  ReceiveAcknowledgements,
} from "./receive-acknowledgements/receive-acknowledgements.ts";
import { ReceiveReceipts } from "./receive-receipts/receive-receipts.ts";
import { ReferenceMerchant } from "./confirmation-webhook/reference-merchant.ts";
import { ReleaseDue } from "./release-due/release-due.ts";
import { SamplingRules } from "./program/sampling-rules.ts";
import { SigningKeys } from "./signing-keys/signing-keys.ts";
import { checkTaskSize, sizingWarnings } from "./confirmation-worker/sizing.ts";
import { type StandardDelivery, standardDelivery } from "./confirmation-worker/standard-delivery.ts";
import { StreamTransactions } from "./stream-transactions/stream-transactions.ts";
import { TransactionsTable } from "./transactions/transactions-table.ts";

export interface ConfirmationPipelineProps {
  /**
   * As in `-c settings=`; docs/operating/settings.md has all. Give each pipeline of an account and region another
   * `name`.
   * @default every setting's own
   */
  readonly settings?: SettingsInput | Settings;
  /**
   * Folders of the bundled programs.
   * @default those that the installed package brings along
   */
  readonly bundles?: Bundles;
  /**
   * Folder of the console's built files, where the settings have the console.
   * @default those that the installed package brings along
   */
  readonly consoleFiles?: string | undefined;
}

export class ConfirmationPipeline extends Construct {
  /** Filled with their defaults. */
  readonly settings: Settings;
  readonly keys: PipelineKeys;
  readonly transactions: TransactionsTable;
  readonly merchants: MerchantsTable;
  readonly gates: MerchantGates;
  readonly signingKeys: SigningKeys;
  readonly queues: ConfirmationQueues;
  readonly audit: AuditTransactions;
  /** Undefined in small-account mode. */
  readonly standard: StandardDelivery | undefined;
  readonly publishedKeys: PublishedKeys;
  readonly acknowledgements: ReceiveAcknowledgements;
  readonly referenceMerchant: ReferenceMerchant;
  readonly fakeTransactions: InsertFakeTransactions;
  /** Undefined without an issuer, as the API alone asks for jobs. */
  readonly jobs: Jobs | undefined;
  /** Undefined without an issuer, as files are uploaded through the API alone. */
  readonly imports: ImportTransactions | undefined;
  readonly events: ConfirmationEvents | undefined;
  /** Undefined unless the settings have a channel of which receipts come. */
  readonly receipts: ReceiveReceipts | undefined;
  /** Undefined without an issuer. */
  readonly api: ConfirmationsApi | undefined;
  /** Undefined unless the settings name its client, or have `console.enabled` with the stack's user pool. */
  readonly console: Console | undefined;
  readonly alarms: Alarms;

  /** @throws SettingsError that lists every fault of the settings */
  constructor(scope: Construct, id: string, props: ConfirmationPipelineProps = {}) {
    super(scope, id);
    const settings = (this.settings = parseSettings(props.settings));
    const { bundles = shippedPrograms() } = props;
    if (settings.delivery.mode === "fargate") checkTaskSize(settings);
    for (const { id: warning, message } of sizingWarnings(settings))
      Annotations.of(this).addWarningV2(`confirmation-pipeline:${warning}`, message);

    this.keys = new PipelineKeys(this, "Keys", { settings });
    const stage = { settings, keys: this.keys, bundles };

    // What is owed, to whom, with which signature, and whether a merchant may be called now.
    const transactions = (this.transactions = new TransactionsTable(this, "Transactions", stage));
    const merchants = (this.merchants = new MerchantsTable(this, "Merchants", stage));
    const gates = (this.gates = new MerchantGates(this, "MerchantGates", stage));
    const signingKeys = (this.signingKeys = new SigningKeys(this, "SigningKeys", stage));
    const queues = (this.queues = new ConfirmationQueues(this, "Queues", stage));
    const { visibilitySeconds } = queues;
    const jobs = (this.jobs = hasApi(settings) ? new Jobs(this, "Jobs", { ...stage, visibilitySeconds }) : undefined);

    // Onto the queue: what is new at once, what is due and has no outcome later, and what all of that missed.
    const stream = new StreamTransactions(this, "StreamTransactions", { ...stage, transactions, merchants, queues });
    new ReleaseDue(this, "ReleaseDue", { ...stage, transactions, merchants, gates, queues, jobs });
    this.audit = new AuditTransactions(this, "Audit", { ...stage, transactions, merchants, gates, signingKeys });
    const { setAside } = stream;
    const journal = new JournalAccess(settings, this.audit.manifests);
    this.events = settings.events.enabled
      ? new ConfirmationEvents(this, "Events", { ...stage, transactions, gates, setAside })
      : undefined;

    // From the queue to merchants: tasks in a network of their own, or a function.
    const caller = { ...stage, transactions, merchants, gates, queues, signingKeys, jobs, journal };
    const isSmallAccount = settings.delivery.mode === "lambda";
    this.standard = isSmallAccount ? undefined : standardDelivery(this, caller);
    const invoked = isSmallAccount ? new ConfirmationTransactions(this, "ConfirmationTransactions", caller) : undefined;
    const imports = (this.imports = jobs && new ImportTransactions(this, "Imports", { ...stage, jobs }));
    const { events } = this;
    const { audits, manifests, function: auditor } = this.audit;
    const runJobs =
      jobs &&
      imports &&
      new RunJobs(this, "RunJobs", { ...stage, jobs, transactions, merchants, queues, events, imports, manifests });
    keepLogsOfOtherMode(this, stage);

    // What merchants ask for, a merchant of our own, and what writes its transactions.
    const publicApi = new PublicApi(this, "PublicApi", {
      ...stage,
      methodOptions: {
        ...KEY_ROUTE_LIMITS,
        ...acknowledgementRouteLimits(settings),
        ...(settings.canary.enabled && CANARY_ROUTE_LIMITS),
        ...(hasApi(settings) && apiRouteLimits(settings)),
      },
    });
    this.publishedKeys = new PublishedKeys(this, "PublishedKeys", { ...stage, publicApi, merchants, signingKeys });
    const ofMerchants = { ...stage, publicApi, transactions, merchants, signingKeys, journal };
    this.acknowledgements = new ReceiveAcknowledgements(this, "Acknowledgements", ofMerchants);
    const kinds = receiptedKinds(settings);
    this.receipts =
      kinds.length > 0
        ? new ReceiveReceipts(this, "Receipts", { ...stage, transactions, merchants, journal, kinds })
        : undefined;
    const referenceMerchant = new ReferenceMerchant(this, "ReferenceMerchant", {
      ...stage,
      publicApi,
      merchants,
      signingKeys,
    });
    this.referenceMerchant = referenceMerchant;
    const ofApi = { ...stage, publicApi, transactions, merchants, gates, queues, signingKeys, journal };
    const auditLog = hasApi(settings) ? new AuditLogTable(this, "AuditLog", stage) : undefined;
    this.api =
      auditLog &&
      jobs &&
      imports &&
      new ConfirmationsApi(this, "Api", {
        ...ofApi,
        auditLog,
        manifests,
        jobs,
        imports,
        service: this.standard?.service,
      });
    const clientId = this.api?.consoleClientId;
    this.console =
      this.api !== undefined && clientId !== undefined
        ? new Console(this, "Console", {
            ...stage,
            publicApi,
            api: this.api,
            files: props.consoleFiles ?? shippedConsole(),
            clientId,
          })
        : undefined;
    const chain = auditLog && new AuditLogChain(this, "AuditLogChain", { ...stage, auditLog, manifests });
    const producer = { ...stage, transactions, merchants, referenceMerchant };
    this.fakeTransactions = new InsertFakeTransactions(this, "FakeTransactions", producer);
    if (settings.canary.enabled) new Canary(this, "Canary", producer);

    // What sees to the deployment, before the first cluster and after everything.
    if (settings.disposable)
      new EmptiedBuckets(this, "EmptiedBuckets", {
        ...stage,
        manifests,
        setAside,
        imports: imports?.bucket,
        writers: [
          auditor,
          ...(this.standard === undefined ? [] : [this.standard.service]),
          ...[stream, events, chain, imports, runJobs, this.api, invoked].flatMap((writer) => writer?.function ?? []),
        ],
      });
    const tables = {
      transactions: transactions.table,
      merchants: merchants.table,
      gates: gates.table,
      audits,
      received: referenceMerchant.received.table,
    };
    const apiTables = [auditLog, jobs].flatMap((part) => (part === undefined ? [] : [part.table]));
    const guard = new DeploymentGuard(this, "Deployment", { ...stage, tables, apiTables });
    const clusters = this.standard === undefined ? [] : [this.standard.service.cluster];
    guard.createRolesBefore({
      "ecs.amazonaws.com": clusters,
      "ecs.application-autoscaling.amazonaws.com": clusters,
      "dynamodb.application-autoscaling.amazonaws.com": this.#scaledCapacity(),
    });

    // What is seen of it.
    new SamplingRules(this, "SamplingRules", settings);
    const { standard, receipts } = this;
    this.alarms = new Alarms(this, "Alarms", { settings, keys: this.keys, queues, standard, receipts });
    new LogQueries(this, "LogQueries", settings);
    if (standard !== undefined)
      new PipelineDashboard(this, "Dashboard", { settings, service: standard.service, alarms: this.alarms });
    guard.protectAfter(this);
  }

  /** Of the table, where its capacity is provisioned. */
  #scaledCapacity(): readonly IConstruct[] {
    return this.transactions.table.node.findAll().filter((part) => part instanceof CfnScalableTarget);
  }

  /** What a producer writes, and whoever waits for an outcome reads. Its stream has both images. */
  get transactionsTable(): ITable {
    return this.transactions.table as ITable;
  }

  get merchantsTable(): ITable {
    return this.merchants.table as ITable;
  }

  get confirmationsQueue(): IQueue {
    return this.queues.confirmations;
  }

  /** Of rows with an `orderingKey`. */
  get orderedQueue(): IQueue {
    return this.queues.ordered;
  }

  /** What was given up, with the reason. */
  get deadLetterQueue(): IQueue {
    return this.queues.deadLetters;
  }

  /** Wakes somebody. */
  get alarmTopic(): ITopic {
    return this.alarms.topic;
  }

  /** Can wait for the morning. */
  get ticketTopic(): ITopic {
    return this.alarms.tickets;
  }

  /** Of what is recorded, for other services: docs/using/events.md. None unless the settings ask for events. */
  get eventsTopic(): ITopic | undefined {
    return this.events?.topic;
  }

  /** To which receipts are published; to be set for a WhatsApp Business Account. None without such channels. */
  get receiptsTopic(): ITopic | undefined {
    return this.receipts?.topic;
  }

  /** Signed manifests of merchants' days. */
  get manifestsBucket(): IBucket {
    return this.audit.manifests as IBucket;
  }

  /** Encrypts tables, queues and buckets. */
  get dataKey(): IKey {
    return this.keys.data;
  }

  /** Addresses, or allocation ids, that merchants see as the caller. None in small-account mode. */
  get egressAddresses(): readonly string[] {
    return this.standard?.network.egress ?? [];
  }

  /** What a producer that writes the index keys itself must know (docs/using/transactions.md). */
  get rowKeys(): RowKeySettings {
    return rowKeySettings(this.settings);
  }

  /**
   * A metric that the pipeline counts itself (docs/operating/metrics.md), such as `Confirmed`.
   * @param service program that counts it. @default the one that calls merchants
   */
  metric(metricName: (typeof METRICS)[keyof typeof METRICS], props: MetricOptions & { service?: string } = {}): Metric {
    const { service = callerOf(this.settings.delivery.mode), ...options } = props;
    const namespace = physicalName(this.settings, METRICS_NAMESPACE);
    return new Metric({ namespace, metricName, dimensionsMap: { service }, ...options });
  }

  /** To write transactions, on a condition too, alone or in a batch of single puts. */
  grantSubmit(grantee: IGrantable): Grant {
    const resourceArns = [this.transactionsTable.tableArn];
    return grantWrite(grantee, this.dataKey, { resourceArns, actions: WRITES_ROWS });
  }

  /** To read transactions and their outcome: one by one, a merchant's by time, and its failed ones by reason. */
  grantRead(grantee: IGrantable): Grant {
    const { merchantIndexArn, failedIndexArn } = this.transactions;
    const resourceArns = [this.transactionsTable.tableArn, merchantIndexArn, failedIndexArn];
    return grantReadOnly(grantee, this.dataKey, { resourceArns, actions: READS_ROWS });
  }

  /** To follow outcomes as they are recorded. DynamoDB lets two read a stream, of which the pipeline is one. */
  grantReadStream(grantee: IGrantable): Grant {
    const resourceArns = [this.transactionsTable.tableStreamArn ?? ""];
    return grantReadOnly(grantee, this.dataKey, { resourceArns, actions: READS_STREAM });
  }

  /**
   * To subscribe to events, where there are some. Whoever is subscribed needs no key: SNS decrypts what it delivers.
   */
  grantSubscribeToEvents(grantee: IGrantable): Grant | undefined {
    return this.events?.topic.grantSubscribe(grantee);
  }

  /** To register and change merchants. */
  grantRegisterMerchants(grantee: IGrantable): Grant {
    const resourceArns = [this.merchantsTable.tableArn];
    return grantWrite(grantee, this.dataKey, { resourceArns, actions: [...WRITES_ROWS, "dynamodb:GetItem"] });
  }

  /** To take dead letters off their queue. */
  grantConsumeDeadLetters(grantee: IGrantable): Grant {
    const resourceArns = [this.deadLetterQueue.queueArn];
    return grantReadOnly(grantee, this.dataKey, { resourceArns, actions: TAKES_MESSAGES });
  }
}
