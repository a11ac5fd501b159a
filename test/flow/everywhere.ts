/**
 * All that a stack of this machine keeps, place by place, as its own users can read it: items of tables and records of
 * their streams, objects, messages that wait, lines of logs, documents of traces, and what a subscriber of events got.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ListTablesCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
} from "@aws-sdk/client-dynamodb-streams";
import { GetObjectCommand, ListBucketsCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
} from "@aws-sdk/client-sqs";
import { readTraceFile } from "../../local/tracing/trace-file.ts";
import type { Pipeline } from "./pipeline.ts";

export interface Place {
  readonly where: string;
  readonly text: string;
}

export class Everywhere {
  readonly #pipeline: Pipeline;
  #eventsQueueUrl: string | undefined;
  readonly #events: string[] = [];

  constructor(pipeline: Pipeline) {
    this.#pipeline = pipeline;
  }

  /** Events from now on. */
  async subscribe(): Promise<void> {
    const { stack, sqs } = this.#pipeline;
    const { region, credentials } = stack;
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "subscribed" }));
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }));
    const sns = new SNSClient({ region, credentials, endpoint: stack.environment["AWS_ENDPOINT_URL_SNS"] ?? "" });
    const subscription = {
      TopicArn: stack.outputs["EventsTopicArn"],
      Protocol: "sqs",
      Endpoint: Attributes?.["QueueArn"],
      Attributes: { RawMessageDelivery: "true" },
    };
    await sns.send(new SubscribeCommand(subscription));
    sns.destroy();
    this.#eventsQueueUrl = QueueUrl;
  }

  /** All that have come so far. */
  async events(): Promise<readonly string[]> {
    const QueueUrl = this.#eventsQueueUrl;
    if (QueueUrl === undefined) return [];
    for (;;) {
      const look = { QueueUrl, MaxNumberOfMessages: 10 };
      const { Messages = [] } = await this.#pipeline.sqs.send(new ReceiveMessageCommand(look));
      if (Messages.length === 0) return this.#events;
      for (const { Body = "", ReceiptHandle } of Messages) {
        this.#events.push(Body);
        await this.#pipeline.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
  }

  async places(): Promise<readonly Place[]> {
    const events = (await this.events()).map((text) => ({ where: "event", text }));
    const parts = [this.#items(), this.#records(), this.#objects(), this.#messages()];
    return [...(await Promise.all(parts)).flat(), ...this.#lines(), ...this.#traces(), ...events];
  }

  async #items(): Promise<readonly Place[]> {
    const { dynamodb } = this.#pipeline;
    const places: Place[] = [];
    const { TableNames = [] } = await dynamodb.send(new ListTablesCommand({}));
    for (const TableName of TableNames) {
      const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName, ConsistentRead: true }));
      for (const item of Items) places.push({ where: `table ${TableName}`, text: JSON.stringify(item) });
    }
    return places;
  }

  async #records(): Promise<readonly Place[]> {
    const { region, credentials, endpoints } = this.#pipeline.stack;
    const client = new DynamoDBStreamsClient({ region, credentials, endpoint: endpoints.dynamodb });
    const places: Place[] = [];
    const { Streams = [] } = await client.send(new ListStreamsCommand({}));
    for (const { StreamArn, TableName } of Streams) {
      const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamArn }));
      for (const { ShardId } of StreamDescription?.Shards ?? []) {
        const begin = { StreamArn, ShardId, ShardIteratorType: "TRIM_HORIZON" } as const;
        let { ShardIterator } = await client.send(new GetShardIteratorCommand(begin));
        while (ShardIterator !== undefined) {
          const { Records = [], NextShardIterator } = await client.send(new GetRecordsCommand({ ShardIterator }));
          for (const record of Records) places.push({ where: `stream of ${TableName}`, text: JSON.stringify(record) });
          ShardIterator = Records.length === 0 ? undefined : NextShardIterator;
        }
      }
    }
    client.destroy();
    return places;
  }

  async #objects(): Promise<readonly Place[]> {
    const { region, credentials, endpoints } = this.#pipeline.stack;
    const client = new S3Client({ region, credentials, endpoint: endpoints.s3, forcePathStyle: true });
    const places: Place[] = [];
    const { Buckets = [] } = await client.send(new ListBucketsCommand({}));
    for (const { Name: Bucket = "" } of Buckets) {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
      for (const { Key = "" } of Contents) {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
        const text = `${Key} ${(await Body?.transformToString()) ?? ""}`;
        places.push({ where: `bucket of ${Key.split("/")[0]}`, text });
      }
    }
    client.destroy();
    return places;
  }

  /** Ten of each queue: none of ours has more that waits. */
  async #messages(): Promise<readonly Place[]> {
    const { sqs } = this.#pipeline;
    const places: Place[] = [];
    const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
    for (const QueueUrl of QueueUrls) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: 10,
          VisibilityTimeout: 0,
          MessageAttributeNames: ["All"],
          MessageSystemAttributeNames: ["All"],
        }),
      );
      for (const message of Messages)
        places.push({ where: `queue ${QueueUrl.split("/").at(-1)}`, text: JSON.stringify(message) });
    }
    return places;
  }

  #lines(): readonly Place[] {
    const logs = join(this.#pipeline.stateDirectory, "logs");
    return readdirSync(logs).flatMap((name) =>
      readFileSync(join(logs, name), "utf8")
        .split("\n")
        .map((text) => ({ where: `log ${name}`, text })),
    );
  }

  #traces(): readonly Place[] {
    return readTraceFile(this.#pipeline.stateDirectory).map((kept) => ({ where: "trace", text: JSON.stringify(kept) }));
  }
}
