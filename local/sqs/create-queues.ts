/**
 * Creates the template's queues and buckets. Attributes are named alike in templates and in the API; keys are of no use
 * here. What is there from an earlier start is kept and gets the attributes that may change.
 */
import { CreateBucketCommand, HeadBucketCommand, type S3Client } from "@aws-sdk/client-s3";
import {
  CreateQueueCommand,
  GetQueueUrlCommand,
  type QueueAttributeName,
  QueueDoesNotExist,
  SetQueueAttributesCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { ResolvedResource } from "../assembly/template.ts";

type Attributes = Partial<Record<QueueAttributeName, string>>;

const NOT_ATTRIBUTES = new Set([
  "QueueName",
  "Tags",
  "KmsMasterKeyId",
  "KmsDataKeyReusePeriodSeconds",
  "SqsManagedSseEnabled",
]);
/** Given when a queue is made, never after. */
const FIXED = new Set(["FifoQueue", "DeduplicationScope", "FifoThroughputLimit"]);

export async function createQueues(
  sqs: SQSClient,
  queues: readonly (ResolvedResource & { readonly name: string })[],
): Promise<void> {
  for (const queue of queues) {
    const attributes = attributesOf(queue);
    const url = await urlOf(sqs, queue.name);
    if (url === undefined) {
      await sqs.send(new CreateQueueCommand({ QueueName: queue.name, Attributes: attributes }));
      continue;
    }
    const changeable = Object.fromEntries(Object.entries(attributes).filter(([name]) => !FIXED.has(name)));
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: changeable }));
  }
}

export function attributesOf(queue: ResolvedResource): Attributes {
  const entries = Object.entries(queue.properties).filter(([name]) => !NOT_ATTRIBUTES.has(name));
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}

export async function createBuckets(s3: S3Client, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const there = await s3.send(new HeadBucketCommand({ Bucket: name })).then(
      () => true,
      () => false,
    );
    if (!there) await s3.send(new CreateBucketCommand({ Bucket: name }));
  }
}

async function urlOf(sqs: SQSClient, name: string): Promise<string | undefined> {
  try {
    return (await sqs.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl;
  } catch (error) {
    if (error instanceof QueueDoesNotExist) return undefined;
    throw error;
  }
}
