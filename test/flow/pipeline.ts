/**
 * The stack on this machine for flow tests, with plain AWS clients of the tests' own: what a user has, and nothing of
 * the pipeline's code.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type AttributeValue,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import type { SettingsInput } from "../../core/settings/settings.ts";
import { CHECKOUT } from "../../local/checkout.ts";
import type { Interposition, LocalStack } from "../../local/local-stack.ts";
import { startLocalStack } from "../../local/stack.ts";
import { askRun } from "../support/run-services.ts";
import { sharedDynamoDb } from "../support/shared-dynamodb.ts";
import { MerchantServer } from "./merchant-server.ts";
import { waitFor } from "./wait-for.ts";

export type Row = Record<string, AttributeValue>;

/**
 * A stack mostly waits, and what it takes of the machine meanwhile are its looks at the streams: 0.1 to 0.25 s of CPU a
 * second with a look every 100 ms, in flows that take half a minute, and minutes where the machine is busy.
 */
const STREAM_POLL_MS = 250;
const SETTLED = new Set(["CONFIRMED", "FAILED"]);

export class Pipeline {
  readonly stack: LocalStack;
  readonly merchant: MerchantServer;
  readonly dynamodb: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly stateDirectory: string;
  readonly #endStack: () => Promise<void>;

  private constructor(
    stack: LocalStack,
    merchant: MerchantServer,
    stateDirectory: string,
    endStack: () => Promise<void>,
  ) {
    this.#endStack = endStack;
    this.stack = stack;
    this.merchant = merchant;
    this.stateDirectory = stateDirectory;
    const { region, credentials, endpoints } = stack;
    this.dynamodb = new DynamoDBClient({ region, credentials, endpoint: endpoints.dynamodb });
    this.sqs = new SQSClient({ region, credentials, endpoint: endpoints.sqs });
  }

  /**
   * @param interposition @default nothing
   * @param persistent whether the issuer's key and the queues outlive it. @default false
   */
  static async start(
    settings: SettingsInput,
    interposition: Interposition = {},
    persistent = false,
  ): Promise<Pipeline> {
    const merchant = await MerchantServer.start();
    const stateDirectory = await mkdtemp(join(tmpdir(), "confirmation-pipeline-"));
    const shared = await sharedDynamoDb();
    const stack = await startLocalStack({
      dynamodb: shared,
      ...CHECKOUT,
      app: async ({ settings: given }) => (await askRun("/synthesis", { stateDirectory, settings: given })).directory,
      stateDirectory,
      fresh: true,
      persistent,
      interposition,
      streamPollMs: STREAM_POLL_MS,
      settings: {
        // Whoever wants it says so: rows and calls are counted.
        canary: { enabled: false },
        // As few as show that there are several: each is looked at all the time.
        dueShards: 2,
        merchantShards: 2,
        ...settings,
        // Its last poll is waited for when it is stopped: two seconds then, and not twenty.
        worker: { stopTimeoutSeconds: 10, ...settings.worker },
        // One execution of `release-due` is enough for it.
        release: { ratePerSecond: 1000, ...settings.release },
        delivery: {
          ...settings.delivery,
          allowDestinations: [`127.0.0.1:${merchant.port}`, ...(settings.delivery?.allowDestinations ?? [])],
        },
      },
    });
    return new Pipeline(stack, merchant, stateDirectory, async () => {
      await stack.stop();
      await shared.leave();
      await rm(stateDirectory, { recursive: true, force: true });
    });
  }

  /** The same stack with a merchant's server of its own, which must be among the destinations of its settings. */
  async beside(): Promise<Pipeline> {
    return new Pipeline(this.stack, await MerchantServer.start(), this.stateDirectory, async () => undefined);
  }

  /** Waits until no message of a confirmation waits or is in flight. */
  async queueIsEmpty(): Promise<void> {
    const AttributeNames = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"] as const;
    await waitFor("the queue is empty", async () => {
      const asked = { QueueUrl: this.stack.confirmationsQueueUrl, AttributeNames: [...AttributeNames] };
      const { Attributes = {} } = await this.sqs.send(new GetQueueAttributesCommand(asked));
      return AttributeNames.every((name) => Number(Attributes[name]) === 0) ? true : undefined;
    });
  }

  /** Of one that is beside another, what it has of its own. */
  async stop(): Promise<void> {
    this.dynamodb.destroy();
    this.sqs.destroy();
    await this.#endStack();
    await this.merchant.stop();
  }

  async registerMerchant(row: {
    merchantId: string;
    confirmationUrl?: string;
    secret?: string;
    environment?: string;
  }): Promise<void> {
    const Item = Object.fromEntries(Object.entries(row).map(([name, value]) => [name, { S: value }]));
    await this.dynamodb.send(new PutItemCommand({ TableName: this.stack.merchantsTable, Item }));
  }

  /** The merchant's health row as it is in the table. */
  async merchantHealth(merchantId: string): Promise<Row> {
    const TableName = this.stack.outputs["MerchantGatesTableName"];
    const Key = { merchantId: { S: merchantId } };
    const { Item } = await this.dynamodb.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
    return Item ?? {};
  }

  /** Whether a program of the stack has written this into its log. */
  async hasLogged(program: string, text: string): Promise<boolean> {
    return (await this.logOf(program)).includes(text);
  }

  /** All that a program of the stack has written so far. */
  logOf(program: string): Promise<string> {
    return readFile(join(this.stateDirectory, "logs", `${program}.log`), "utf8");
  }

  /** Puts a row as a producer that knows nothing of the pipeline's own attributes. */
  async put(row: Row): Promise<void> {
    await this.dynamodb.send(new PutItemCommand({ TableName: this.stack.transactionsTable, Item: row }));
  }

  async update(transactionId: string, expression: string, values: Row): Promise<void> {
    await this.dynamodb.send(
      new UpdateItemCommand({
        TableName: this.stack.transactionsTable,
        Key: { transactionId: { S: transactionId } },
        UpdateExpression: expression,
        ExpressionAttributeValues: values,
      }),
    );
  }

  async row(transactionId: string): Promise<Row> {
    const Key = { transactionId: { S: transactionId } };
    const { Item } = await this.dynamodb.send(
      new GetItemCommand({ TableName: this.stack.transactionsTable, Key, ConsistentRead: true }),
    );
    return Item ?? {};
  }

  async rows(): Promise<Row[]> {
    const { Items = [] } = await this.dynamodb.send(
      new ScanCommand({ TableName: this.stack.transactionsTable, ConsistentRead: true }),
    );
    return Items;
  }

  /** The row once it is terminal for the version that it has. */
  async terminalRow(transactionId: string, patienceMs?: number): Promise<Row> {
    const look = async () => {
      const row = await this.row(transactionId);
      const isCurrent = row["stateVersion"]?.N === row["version"]?.N;
      return isCurrent && SETTLED.has(row["confirmationState"]?.S ?? "") ? row : undefined;
    };
    return waitFor(`${transactionId} is settled`, look, patienceMs);
  }

  /** The row once it has failed, whatever its version is. */
  async terminalBad(transactionId: string): Promise<Row> {
    return waitFor(`${transactionId} has failed`, async () => {
      const row = await this.row(transactionId);
      return row["confirmationState"]?.S === "FAILED" ? row : undefined;
    });
  }

  /** Takes the dead letter of a transaction from the queue; leaves the others. */
  async deadLetter(transactionId: string): Promise<Record<string, unknown>> {
    return this.#takeDeadLetter(
      `${transactionId} has a dead letter`,
      (body) => body["transactionId"] === transactionId,
    );
  }

  async deadLetterWhere(
    what: string,
    isWanted: (body: Record<string, unknown>) => boolean,
  ): Promise<Record<string, unknown>> {
    return this.#takeDeadLetter(what, isWanted);
  }

  async send(body: string, groupId: string, deduplicationId: string): Promise<void> {
    await this.sqs.send(
      new SendMessageCommand({
        QueueUrl: this.stack.confirmationsQueueUrl,
        MessageBody: body,
        MessageGroupId: groupId,
        MessageDeduplicationId: deduplicationId,
      }),
    );
  }

  async #takeDeadLetter(what: string, isWanted: (body: Record<string, unknown>) => boolean) {
    const QueueUrl = this.stack.deadLetterQueueUrl;
    return waitFor(what, async () => {
      const { Messages = [] } = await this.sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 1, WaitTimeSeconds: 1 }),
      );
      for (const { Body = "", ReceiptHandle } of Messages) {
        const body = JSON.parse(Body) as Record<string, unknown>;
        if (!isWanted(body)) continue;
        await this.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        return body;
      }
      return undefined;
    });
  }
}

/** A row as a producer writes it, without anything of the pipeline's. */
export function transactionRow(transactionId: string, merchantId: string, more: Row = {}): Row {
  return {
    transactionId: { S: transactionId },
    version: { N: "1" },
    merchantId: { S: merchantId },
    outcome: { S: "APPROVED" },
    amount: { S: "12.50" },
    currency: { S: "EUR" },
    occurredAt: { S: "2026-11-22T10:00:00Z" },
    ...more,
  };
}
