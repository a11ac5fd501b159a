/**
 * What `cdk deploy` prints: what an operator or a producer needs to know of the pipeline, and merchants for their
 * allow-lists.
 */
import { CfnOutput, type Stack } from "aws-cdk-lib";
import type { ConfirmationPipeline } from "../confirmation-pipeline.ts";

interface Output {
  readonly value: string;
  readonly description: string;
}

export function addOutputs(stack: Stack, pipeline: ConfirmationPipeline): void {
  const outputs = { ...outputsOf(pipeline), ...apiOutputs(pipeline), ...egressAddresses(pipeline) };
  for (const [name, output] of Object.entries(outputs)) new CfnOutput(stack, name, output);
}

function outputsOf(pipeline: ConfirmationPipeline): Readonly<Record<string, Output>> {
  const { transactions, merchants, gates, queues, referenceMerchant, signingKeys, keys, alarms, events, receipts } =
    pipeline;
  return {
    TransactionsTableName: { value: transactions.table.tableName, description: "Write transactions here" },
    MerchantsTableName: { value: merchants.table.tableName, description: "Register merchants here" },
    MerchantGatesTableName: { value: gates.table.tableName, description: "Pause merchants, see their circuits here" },
    ConfirmationsQueueUrl: { value: queues.confirmations.queueUrl, description: "Confirmations on their way" },
    OrderedQueueUrl: { value: queues.ordered.queueUrl, description: "Confirmations on their way in order" },
    DeadLetterQueueUrl: { value: queues.deadLetters.queueUrl, description: "Confirmations that were given up" },
    ConfirmationUrl: { value: referenceMerchant.confirmationUrl, description: "Webhook of the reference merchant" },
    InsertFakeTransactionsFunction: {
      value: pipeline.fakeTransactions.function.functionName,
      description: "Invoke to insert test transactions",
    },
    KeySetUrl: { value: pipeline.publishedKeys.keySetUrl, description: "Public signing keys of a merchant, as JWKS" },
    AcknowledgementUrl: {
      value: pipeline.acknowledgements.url,
      description: "Where merchants acknowledge what they answered with 202",
    },
    ManifestsBucketName: {
      value: pipeline.audit.manifests.bucketName,
      description: "Signed manifests of merchants' days",
    },
    MasterKeysSecretArn: { value: signingKeys.masterKeys.secretArn, description: "Master keys of the signatures" },
    ImportedSecretsKeyArn: {
      value: keys.importedSecrets.keyArn,
      description: "Encrypts secrets that merchants bring along",
    },
    AlarmTopicArn: { value: alarms.topic.topicArn, description: "Subscribe to be woken by alarms" },
    TicketTopicArn: { value: alarms.tickets.topicArn, description: "Subscribe to be told of what can wait" },
    ...(receipts !== undefined && {
      ReceiptsTopicArn: { value: receipts.topic.topicArn, description: "Event destination of a WhatsApp account" },
    }),
    ...(events !== undefined && {
      EventsTopicArn: { value: events.topic.topicArn, description: "Subscribe to what is recorded" },
    }),
  };
}

function apiOutputs({ api, console }: ConfirmationPipeline): Readonly<Record<string, Output>> {
  if (api === undefined) return {};
  return {
    ...(console !== undefined && {
      ConsoleUrl: {
        value: console.url,
        description: "The console; its client at the issuer returns to /signed-in there",
      },
    }),
    ApiUrl: { value: api.url, description: "The HTTP API" },
    ApiIssuer: { value: api.issuer, description: "Whose access tokens the API takes" },
    ...(api.tokenIssuer !== undefined && {
      ApiTokenEndpoint: { value: api.tokenIssuer.tokenEndpoint, description: "Gives access tokens to programs" },
      ApiClientId: { value: api.tokenIssuer.clientId, description: "Client that may submit transactions" },
    }),
  };
}

function egressAddresses({ standard }: ConfirmationPipeline): Readonly<Record<string, Output>> {
  return Object.fromEntries(
    (standard?.network.egress ?? []).map((value, index) => [
      `EgressAddress${index + 1}`,
      { value, description: "Merchants see calls from here" },
    ]),
  );
}
