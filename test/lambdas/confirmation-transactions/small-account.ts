/**
 * Small-account mode on this machine: DynamoDB Local, the embedded SQS, merchants on loopback, and execution
 * environments of the function, fed as an event source mapping feeds them.
 */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import {
  CreateTableCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import type { SQSRecord } from "aws-lambda";
import { Invocation } from "../../../core/aws/invocation.ts";
import { PathTelemetry } from "../../../core/confirmation/telemetry/path-telemetry.ts";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { encodeMessage } from "../../../core/transaction/message.ts";
import {
  confirmationTransactionsEnvironment,
  type ConfirmationTransactionsEnvironment,
} from "../../../lambdas/confirmation-transactions/environment.ts";
import { Execution } from "../../../lambdas/confirmation-transactions/execution.ts";
import { type Clocks, InvocationClock } from "../../../lambdas/confirmation-transactions/invocation-clock.ts";
import { CREDENTIALS, REGION } from "../../../local/machine.ts";
import { usablePort } from "../../../local/processes/ports.ts";
import { handledOf, queueEvent } from "../../../local/queue/queue-event.ts";
import { startSqs } from "../../../local/sqs/start-sqs.ts";
import { startDynamoDbLocal } from "../../support/dynamodb-local.ts";
import { type Changes, listedRow, merchantRow, text } from "../../support/rows.ts";
import { environmentValues, type QueueName, VISIBILITY_SECONDS } from "./environment-values.ts";
import { temporaryDirectory } from "../../local/temporary-directory.ts";

/** Rows are there before their messages. */
const WRITTEN_AGO_MS = 1000;
const PATIENCE_MS = 30_000;
const MASTER_KEYS = JSON.stringify({ "1": Buffer.alloc(32, 7).toString("base64") });
const REGISTER = { note: () => undefined, forget: () => undefined, stopping: () => undefined, close: () => undefined };
const logs = temporaryDirectory();

export interface Received {
  readonly records: readonly SQSRecord[];
  readonly messages: readonly Message[];
}

export interface SmallAccount {
  readonly dynamodb: DynamoDBClient;
  readonly sqs: SQSClient;
  /** An execution environment of its own. */
  readonly environment: (changes?: EnvironmentChanges) => TestEnvironment;
  readonly register: (merchantId: string, url: string, changes?: Changes) => Promise<void>;
  /** Puts a row, and a message for it in its queue. */
  readonly insert: (id: string, merchantId: string, changes?: Changes, groupId?: string) => Promise<void>;
  readonly send: (queue: QueueName, bodies: readonly { groupId: string; body: string }[]) => Promise<void>;
  /** @param waitSeconds for the first message. @default 0 */
  readonly receive: (queue?: QueueName, most?: number, waitSeconds?: number) => Promise<Received>;
  readonly row: (id: string) => Promise<AttributeMap>;
  readonly health: (id: string) => Promise<AttributeMap | undefined>;
  readonly pauseEveryone: (isPaused: boolean) => Promise<void>;
  readonly urlOf: (queue: QueueName) => string;
  /** Operations of DynamoDB that the function gets no response to but 500, of its own calls alone. */
  readonly refused: Set<string>;
  /** As JSON. */
  readonly masterKeys: string;
  readonly stop: () => Promise<void>;
}

export interface EnvironmentChanges {
  readonly env?: Partial<ConfirmationTransactionsEnvironment>;
  readonly clocks?: Clocks;
  readonly masterKeys?: () => Promise<string>;
}

export interface TestEnvironment {
  readonly telemetry: PathTelemetry;
  readonly clock: InvocationClock;
  /** One invocation, after which what the response does not name is deleted, as Lambda does. */
  readonly invoke: (received: Received, leftMs?: number) => Promise<readonly string[]>;
}

export async function startSmallAccount(): Promise<SmallAccount> {
  const local = await startDynamoDbLocal();
  const dynamodb = local.client;
  for (const TableName of ["Merchants", "MerchantGates"]) await createTable(dynamodb, TableName, "merchantId");
  await createTable(dynamodb, "Jobs", "jobId");
  const server = await startSqs({ port: await usablePort(0, "SQS", ""), logDirectory: logs, register: REGISTER });
  const sqs = new SQSClient({ endpoint: server.endpoint, region: REGION, credentials: CREDENTIALS });
  const queues: readonly QueueName[] = ["confirmations.fifo", "confirmations-ordered.fifo", "confirmations-dl.fifo"];
  for (const QueueName of queues) {
    const Attributes = {
      FifoQueue: "true",
      VisibilityTimeout: String(VISIBILITY_SECONDS),
      DeduplicationScope: "messageGroup",
      FifoThroughputLimit: "perMessageGroupId",
    };
    await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  }
  const VisibilityTimeout = String(VISIBILITY_SECONDS);
  await sqs.send(new CreateQueueCommand({ QueueName: "merchant-calls", Attributes: { VisibilityTimeout } }));
  const urlOf = (queue: QueueName) => server.urlOf(queue);
  const refused = new Set<string>();
  const { protocol, hostname, port } = await dynamodb.config.endpoint!();
  const proxy = await startProxy(`${protocol}//${hostname}:${port}`, refused);
  Object.assign(process.env, {
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: local.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: local.credentials.secretAccessKey,
    AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint,
    AWS_ENDPOINT_URL_SQS: server.endpoint,
    POWERTOOLS_LOG_LEVEL: process.env["POWERTOOLS_LOG_LEVEL"] ?? "SILENT",
    POWERTOOLS_DEV: "false",
  });
  const plain = confirmationTransactionsEnvironment.read(
    confirmationTransactionsEnvironment.write(environmentValues(urlOf)),
  );
  const account: SmallAccount = {
    dynamodb,
    sqs,
    urlOf,
    refused,
    masterKeys: MASTER_KEYS,
    environment: (changes = {}) => testEnvironment({ ...plain, ...changes.env }, account, changes),
    async register(merchantId, url, changes = {}) {
      const Item = merchantRow({ merchantId: text(merchantId), confirmationUrl: text(url), ...changes });
      await dynamodb.send(new PutItemCommand({ TableName: "Merchants", Item: Item as never }));
    },
    async insert(id, merchantId, changes = {}, groupId = id) {
      const keys = { transactionId: text(id), merchantId: text(merchantId) };
      const row = listedRow(Date.now() - WRITTEN_AGO_MS, { ...keys, ...changes });
      await local.put(row);
      const body = encodeMessage({ transactionId: id, version: 1, release: 0 });
      await account.send("orderingKey" in changes ? "confirmations-ordered.fifo" : "confirmations.fifo", [
        { groupId, body },
      ]);
    },
    async send(queue, bodies) {
      const Entries = bodies.map(({ groupId, body }, index) => ({
        Id: String(index),
        MessageBody: body,
        MessageGroupId: groupId,
        MessageDeduplicationId: randomUUID(),
      }));
      await sqs.send(new SendMessageBatchCommand({ QueueUrl: urlOf(queue), Entries }));
    },
    async receive(queue = "confirmations.fifo", most = 10, waitSeconds = 0) {
      const { Messages: messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: urlOf(queue),
          MaxNumberOfMessages: most,
          WaitTimeSeconds: waitSeconds,
          MessageSystemAttributeNames: ["All"],
        }),
      );
      const event = queueEvent(messages, `arn:aws:sqs:${REGION}:000000000000:${queue}`);
      return { messages, records: (event as { Records: SQSRecord[] }).Records };
    },
    row: async (id) => (await local.get(id)) ?? {},
    async health(id) {
      const Key = { merchantId: { S: id } };
      return (await dynamodb.send(new GetItemCommand({ TableName: "MerchantGates", Key, ConsistentRead: true }))).Item;
    },
    async pauseEveryone(isPaused) {
      await dynamodb.send(
        new UpdateItemCommand({
          TableName: "MerchantGates",
          Key: { merchantId: { S: "*" } },
          UpdateExpression: isPaused ? "SET pausedAt = :now" : "REMOVE pausedAt",
          ...(isPaused && { ExpressionAttributeValues: { ":now": { N: "1" } } }),
        }),
      );
    },
    async stop() {
      sqs.destroy();
      proxy.stop();
      await Promise.all([server.stop(), local.stop()]);
    },
  };
  return account;
}

function testEnvironment(
  env: ConfirmationTransactionsEnvironment,
  account: SmallAccount,
  { clocks, masterKeys = async () => MASTER_KEYS }: EnvironmentChanges,
): TestEnvironment {
  const clock = new InvocationClock(clocks);
  const telemetry = new PathTelemetry(clock, "confirmation-transactions");
  const invocation = new Invocation();
  const execution = new Execution({ env, clock, telemetry, invocation, loadMasterKeys: masterKeys });
  return {
    telemetry,
    clock,
    async invoke({ records, messages }, leftMs = 60_000) {
      const endsAt = performance.now() + leftMs;
      invocation.begin({ getRemainingTimeInMillis: () => Math.max(0, endsAt - performance.now()) });
      clock.thaw();
      const left = await execution.handle(records);
      const response = { batchItemFailures: left.map((itemIdentifier) => ({ itemIdentifier })) };
      const Entries = handledOf(messages, response, true).map(({ ReceiptHandle }, index) => ({
        Id: String(index),
        ReceiptHandle,
      }));
      const queue = records[0]?.eventSourceARN.split(":").at(-1) as QueueName;
      if (Entries.length > 0)
        await account.sqs.send(new DeleteMessageBatchCommand({ QueueUrl: account.urlOf(queue), Entries }));
      return left;
    },
  };
}

/** What stands between the function and DynamoDB. */
async function startProxy(target: string, refused: ReadonlySet<string>) {
  const server = createServer((request, response) => {
    const operation = String(request.headers["x-amz-target"]).split(".").at(-1) ?? "";
    if (refused.has(operation)) {
      request.resume();
      response.writeHead(500, { "content-type": "application/x-amz-json-1.0" });
      return response.end(JSON.stringify({ __type: "InternalServerError" }));
    }
    const forwarded = httpRequest(target, { method: "POST", headers: request.headers }, (answered) => {
      response.writeHead(answered.statusCode ?? 500, answered.headers);
      answered.pipe(response);
    });
    forwarded.on("error", () => response.destroy());
    return request.pipe(forwarded);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function createTable(client: DynamoDBClient, TableName: string, key: string): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: key, AttributeType: "S" }],
      KeySchema: [{ AttributeName: key, KeyType: "HASH" }],
    }),
  );
}

/** What comes again, once it does. */
export async function untilReceived(account: SmallAccount, queue?: QueueName): Promise<Received> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const received = await account.receive(queue, undefined, 1);
    if (received.messages.length > 0) return received;
    if (performance.now() > end) throw new Error(`nothing came again within ${PATIENCE_MS} ms`);
  }
}
