/**
 * DynamoDB Local and SQS as the stack of this machine starts them, with the tables and queues of the template, and none
 * of its programs.
 */
import type { SettingsInput } from "../../../core/settings/settings.ts";
import { CONFIRMATIONS_QUEUE_NAME, TRANSACTIONS_TABLE_NAME } from "../../../core/settings/names.ts";
import { clientsFor } from "../../../local/aws-clients.ts";
import type { Assembly } from "../../../local/assembly/read-assembly.ts";
import type { Resources } from "../../../local/assembly/resources.ts";
import { createResources } from "../../../local/create-resources.ts";
import { CHECKOUT } from "../../../local/checkout.ts";
import { startServers } from "../../../local/start-servers.ts";
import { type PlainAws, plainAws } from "./plain-aws.ts";

export interface Emulators {
  readonly aws: PlainAws;
  readonly transactionsTable: string;
  readonly streamArn: string;
  readonly confirmationsQueueUrl: string;
  /** For who runs one of the programs after all. */
  readonly stack: {
    readonly assembly: Assembly;
    readonly resources: Resources;
    readonly endpoints: { readonly dynamodb: string; readonly sqs: string };
  };
}

/** Nothing is invoked here that would look for it. */
const NO_API = "http://127.0.0.1:1";

/** @param started takes what has to be ended again */
export async function startEmulators(
  stateDirectory: string,
  settings: SettingsInput,
  started: AsyncDisposableStack,
): Promise<Emulators> {
  const { assembly, dynamodb, sqs } = await startServers(
    {
      app: CHECKOUT.app,
      stateDirectory,
      settings,
      fresh: true,
      persistent: false,
      load: "sustained",
      ports: {},
      starter: undefined,
      log: () => undefined,
    },
    started,
  );
  const endpoints = { dynamodb: dynamodb.endpoint, sqs: sqs.endpoint };
  const clients = clientsFor({ ...endpoints, sqsOfWorker: sqs.endpoint, s3: sqs.endpoint });
  started.defer(() => clients.destroy());
  const { tables, resources } = await createResources({
    assembly,
    clients,
    queueUrl: sqs.urlOf,
    apiOrigin: NO_API,
    stateDirectory,
  });
  const table = tables.find(({ name }) => name === TRANSACTIONS_TABLE_NAME);
  if (table?.streamArn === undefined)
    throw new Error(`the template has no table ${TRANSACTIONS_TABLE_NAME} with a stream`);
  const aws = plainAws(endpoints);
  started.defer(() => aws.close());
  return {
    aws,
    transactionsTable: table.name,
    streamArn: table.streamArn,
    confirmationsQueueUrl: sqs.urlOf(CONFIRMATIONS_QUEUE_NAME),
    stack: { assembly, resources, endpoints },
  };
}
