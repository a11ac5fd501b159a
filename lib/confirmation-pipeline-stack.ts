/**
 * The whole pipeline, in the order in which a transaction takes its way: table, intake, queues, release and audit,
 * worker, merchant. Needs neither an account nor a region to synthesize.
 */
import { Annotations, Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { Settings } from "../core/settings/settings.ts";
import { Alarms } from "./alarms.ts";
import { Audit } from "./audit.ts";
import type { Bundles } from "./bundle.ts";
import { Canary } from "./canary.ts";
import { CANARY_ROUTE_LIMITS } from "./canary-path.ts";
import { ConfirmationQueues } from "./confirmation-queues.ts";
import { ConfirmationWorker } from "./confirmation-worker.ts";
import { PipelineDashboard } from "./dashboard/dashboard.ts";
import { FakeTransactions } from "./fake-transactions.ts";
import { PipelineKeys } from "./keys.ts";
import { LogQueries } from "./log-queries.ts";
import { MerchantGates } from "./merchant-gates.ts";
import { MerchantInsights } from "./merchant-insights.ts";
import { MerchantsTable } from "./merchants-table.ts";
import { Network } from "./network.ts";
import { addOutputs } from "./outputs.ts";
import { PublicApi } from "./public-api.ts";
import { KEY_ROUTE_LIMITS, PublishedKeys } from "./published-keys.ts";
import { ReferenceMerchant } from "./reference-merchant.ts";
import { ReleaseDue } from "./release-due.ts";
import { SamplingRules } from "./sampling-rules.ts";
import { SigningKeys } from "./signing-keys.ts";
import { checkTaskSize, sizingWarnings } from "./sizing.ts";
import { StreamTransactions } from "./stream-transactions.ts";
import { TransactionsTable } from "./transactions-table.ts";
import { WorkerScaling } from "./worker-scaling.ts";

export interface ConfirmationPipelineStackProps extends StackProps {
  readonly settings: Settings;
  /** Folders of the bundled programs, from `bundlePrograms()`. */
  readonly bundles: Bundles;
}

export class ConfirmationPipelineStack extends Stack {
  constructor(scope: Construct, id: string, { settings, bundles, ...props }: ConfirmationPipelineStackProps) {
    super(scope, id, {
      description: "Confirms every transaction at its merchant's webhook",
      terminationProtection: !settings.disposable,
      analyticsReporting: false,
      ...props,
    });
    checkTaskSize(settings);
    for (const { id: warning, message } of sizingWarnings(settings))
      Annotations.of(this).addWarningV2(`confirmation-pipeline:${warning}`, message);

    const keys = new PipelineKeys(this, "Keys", { settings });
    const stage = { settings, keys, bundles };

    const transactions = new TransactionsTable(this, "Transactions", stage);
    const merchants = new MerchantsTable(this, "Merchants", stage);
    const gates = new MerchantGates(this, "MerchantGates", stage);
    const signingKeys = new SigningKeys(this, "SigningKeys", stage);
    const queues = new ConfirmationQueues(this, "Queues", stage);

    new StreamTransactions(this, "StreamTransactions", { ...stage, transactions, queues });
    new ReleaseDue(this, "ReleaseDue", { ...stage, transactions, merchants, gates, queues });

    const audit = new Audit(this, "Audit", { ...stage, transactions, merchants, gates, signingKeys });

    const network = new Network(this, "Network", stage);
    const worker = new ConfirmationWorker(this, "ConfirmationWorker", {
      ...stage,
      network,
      transactions,
      merchants,
      gates,
      queues,
      signingKeys,
    });
    new MerchantInsights(this, "MerchantInsights");
    new WorkerScaling(this, "WorkerScaling", { settings, service: worker.service, queues });

    const publicApi = new PublicApi(this, "PublicApi", {
      ...stage,
      methodOptions: { ...KEY_ROUTE_LIMITS, ...(settings.canary.enabled && CANARY_ROUTE_LIMITS) },
    });
    const publishedKeys = new PublishedKeys(this, "PublishedKeys", { ...stage, publicApi, merchants, signingKeys });
    const referenceMerchant = new ReferenceMerchant(this, "ReferenceMerchant", {
      ...stage,
      publicApi,
      merchants,
      signingKeys,
    });
    const fakes = new FakeTransactions(this, "FakeTransactions", {
      ...stage,
      transactions,
      merchants,
      referenceMerchant,
    });

    if (settings.canary.enabled) new Canary(this, "Canary", { ...stage, transactions, merchants, referenceMerchant });

    new SamplingRules(this, "SamplingRules", settings);
    const alarms = new Alarms(this, "Alarms", { settings, keys, queues, network, service: worker.service });
    new LogQueries(this, "LogQueries");
    new PipelineDashboard(this, "Dashboard", { settings, service: worker.service, alarms });

    addOutputs(this, {
      TransactionsTableName: { value: transactions.table.tableName, description: "Write transactions here" },
      MerchantsTableName: { value: merchants.table.tableName, description: "Register merchants here" },
      MerchantGatesTableName: { value: gates.table.tableName, description: "Pause merchants, see their circuits here" },
      ConfirmationsQueueUrl: { value: queues.confirmations.queueUrl, description: "Confirmations on their way" },
      OrderedQueueUrl: { value: queues.ordered.queueUrl, description: "Confirmations on their way in order" },
      DeadLetterQueueUrl: { value: queues.deadLetters.queueUrl, description: "Confirmations that were given up" },
      ConfirmationUrl: { value: referenceMerchant.confirmationUrl, description: "Webhook of the reference merchant" },
      InsertFakeTransactionsFunction: {
        value: fakes.function.functionName,
        description: "Invoke to insert test transactions",
      },
      KeySetUrl: { value: publishedKeys.keySetUrl, description: "Public signing keys of a merchant, as JWKS" },
      ManifestsBucketName: { value: audit.manifests.bucketName, description: "Signed manifests of merchants' days" },
      MasterKeysSecretArn: { value: signingKeys.masterKeys.secretArn, description: "Master keys of the signatures" },
      ImportedSecretsKeyArn: {
        value: keys.importedSecrets.keyArn,
        description: "Encrypts secrets that merchants bring along",
      },
      AlarmTopicArn: { value: alarms.topic.topicArn, description: "Subscribe to be woken by alarms" },
      TicketTopicArn: { value: alarms.tickets.topicArn, description: "Subscribe to be told of what can wait" },
      ...Object.fromEntries(
        network.egress.map((value, index) => [
          `EgressAddress${index + 1}`,
          { value, description: "Merchants see calls from here" },
        ]),
      ),
    });
  }
}
