/** Makes what the template's programs work on: tables, queues, buckets, secrets, keys; references then lead to them. */
import { join } from "node:path";
import type { ApiBase } from "./api/served-apis.ts";
import type { Assembly } from "./assembly/read-assembly.ts";
import { type Resources, resourcesOf } from "./assembly/resources.ts";
import type { LocalClients } from "./aws-clients.ts";
import { keepKmsKeys, type KmsKey } from "./control/kms.ts";
import { keepSecrets, type Secrets } from "./control/secrets.ts";
import { createTables, type LocalTable, type NamedResource } from "./dynamodb/create-tables.ts";
import { LocalError } from "./local-error.ts";
import { arnOf } from "./machine.ts";
import { createBuckets, createQueues } from "./sqs/create-queues.ts";
import { createSubscriptions } from "./sqs/create-subscriptions.ts";
import { createTopics } from "./sqs/create-topics.ts";
import { type FunctionSubscription, functionSubscriptionsOf, ofQueuesAlone } from "./sqs/function-subscriptions.ts";

export interface CreatedResources {
  readonly resources: Resources;
  readonly tables: readonly LocalTable[];
  readonly functionSubscriptions: readonly FunctionSubscription[];
  readonly secrets: Secrets;
  readonly kmsKeys: readonly KmsKey[];
}

export interface CreateOptions {
  readonly assembly: Assembly;
  readonly clients: LocalClients;
  readonly queueUrl: (queueName: string) => string;
  readonly apiOrigin: string;
  readonly apiBase?: ApiBase;
  readonly stateDirectory: string;
}

export async function createResources({
  assembly,
  clients,
  queueUrl,
  apiOrigin,
  apiBase,
  stateDirectory,
}: CreateOptions): Promise<CreatedResources> {
  let tables: readonly LocalTable[] = [];
  const streamArn = (tableName: string): string => {
    const arn = tables.find(({ name }) => name === tableName)?.streamArn;
    if (arn === undefined)
      throw new LocalError(
        "LOCAL_TEMPLATE_UNSUPPORTED",
        `The table ${tableName} has no stream, and the template names it.`,
      );
    return arn;
  };
  const resources = resourcesOf(assembly.template, assembly.stackName, {
    queueUrl,
    apiOrigin,
    streamArn,
    ...(apiBase !== undefined && { apiBase }),
  });
  const named = (type: string): NamedResource[] =>
    resources.ofType(type).map((resource) => ({ ...resource, name: resources.refOf(resource.logicalId) }));
  const queues = named("AWS::SQS::Queue").map((queue) => ({
    ...queue,
    name: queue.name.slice(queue.name.lastIndexOf("/") + 1),
  }));

  tables = await createTables(clients.dynamodb, named("AWS::DynamoDB::Table"));
  const subscriptions = resources.ofType("AWS::SNS::Subscription");
  const functionSubscriptions = functionSubscriptionsOf(
    subscriptions,
    resources.ofType("AWS::Lambda::Function"),
    (logicalId) => arnOf("lambda", `function:${resources.refOf(logicalId)}`),
  );
  await createQueues(clients.sqs, [...queues, ...functionSubscriptions.map(({ queue }) => queue)]);
  await createTopics(
    clients.sns,
    named("AWS::SNS::Topic").map((topic) => ({ ...topic, name: topic.name.slice(topic.name.lastIndexOf(":") + 1) })),
  );
  await createSubscriptions(clients.sns, ofQueuesAlone(subscriptions, functionSubscriptions));
  await createBuckets(
    clients.s3,
    named("AWS::S3::Bucket").map(({ name }) => name),
  );
  const secrets = keepSecrets(
    join(stateDirectory, "secrets.json"),
    named("AWS::SecretsManager::Secret").map((secret) => ({ ...secret, arn: secret.name })),
  );
  return { resources, tables, functionSubscriptions, secrets, kmsKeys: kmsKeysOf(resources, stateDirectory) };
}

function kmsKeysOf(resources: Resources, stateDirectory: string): readonly KmsKey[] {
  const aliases = resources.ofType("AWS::KMS::Alias").map(({ properties }) => properties);
  const keys = resources
    .ofType("AWS::KMS::Key")
    .map(({ logicalId }) => arnOf("kms", `key/${resources.refOf(logicalId)}`));
  return keepKmsKeys(
    join(stateDirectory, "kms.json"),
    keys.map((arn) => ({
      arn,
      aliases: aliases.flatMap(({ AliasName, TargetKeyId }) => (TargetKeyId === arn ? [String(AliasName)] : [])),
    })),
  );
}
