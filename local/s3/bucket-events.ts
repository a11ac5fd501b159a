/**
 * Events of buckets, as S3 sends them to EventBridge: rules of the template that ask for them run their targets; and as
 * it sends them to functions and queues itself, where a bucket has notifications. A run
 * that fails is repeated as Lambda repeats it, twice, sooner than there; the file it is about stays.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { isObject, listOf, objectOf, type ResolvedResource, textOf } from "../assembly/template.ts";
import { LocalError } from "../local-error.ts";
import { ACCOUNT_ID, LOOPBACK, PARTITION, REGION } from "../machine.ts";
import { type BucketNotification, notificationEvent } from "./bucket-notifications.ts";
import type { PutObject } from "./serve-uploads.ts";

export interface BucketEvents {
  /** An object was put. */
  tell(object: PutObject): void;
  stop(): void;
}

export interface BucketEventsOptions {
  readonly rules: readonly ResolvedResource[];
  /** @default none */
  readonly notifications?: readonly BucketNotification[];
  /** Sends a text to the queue that has the ARN. @default to none */
  readonly send?: (queueArn: string, body: string) => Promise<unknown>;
  readonly invoke: (functionArn: string, event: unknown) => Promise<unknown>;
  readonly onError: (error: unknown) => void;
}

interface Listening {
  readonly buckets: readonly string[];
  readonly prefixes: readonly string[];
  readonly targets: readonly string[];
}

const QUEUE_ARN = /^arn:[^:]+:sqs:/;
const RUNS = 3;
const AGAIN_MS = 1000;

export function startBucketEvents({
  rules,
  notifications = [],
  invoke,
  send = async () => undefined,
  onError,
}: BucketEventsOptions): BucketEvents {
  const listening = rules.filter((rule) => rule.properties["EventPattern"] !== undefined).map(listeningOf);
  const stopping = new AbortController();
  const run = async (target: string, event: object): Promise<void> => {
    for (let runs = 1; !stopping.signal.aborted; runs += 1) {
      try {
        await (QUEUE_ARN.test(target) ? send(target, JSON.stringify(event)) : invoke(target, event));
        return;
      } catch (error) {
        // One that is ended with the stack has not failed.
        if (!stopping.signal.aborted) onError(error);
        if (runs === RUNS) return;
        await sleep(AGAIN_MS, undefined, { ref: false });
      }
    }
  };
  return {
    tell(object) {
      for (const { buckets, prefixes, targets } of listening)
        if (buckets.includes(object.bucket) && prefixes.some((prefix) => object.key.startsWith(prefix)))
          for (const target of targets) void run(target, eventOf(object));
      for (const { target, isFor } of notifications) if (isFor(object)) void run(target, notificationEvent(object));
    },
    stop: () => stopping.abort(),
  };
}

/** @throws LocalError for a pattern that this machine does not know */
function listeningOf(rule: ResolvedResource): Listening {
  const pattern = objectOf(rule, "EventPattern");
  const detail = isObject(pattern["detail"]) ? pattern["detail"] : {};
  const buckets = valuesAt(detail, "bucket", "name");
  const prefixes = valuesAt(detail, "object", "key").map((one) => (isObject(one) ? one["prefix"] : undefined));
  const isKnown =
    JSON.stringify(pattern["source"]) === '["aws.s3"]' &&
    JSON.stringify(pattern["detail-type"]) === '["Object Created"]' &&
    buckets.length > 0 &&
    buckets.every((name) => typeof name === "string") &&
    prefixes.length > 0 &&
    prefixes.every((prefix) => typeof prefix === "string");
  if (!isKnown)
    throw new LocalError(
      "LOCAL_TEMPLATE_UNSUPPORTED",
      `${rule.logicalId}: this machine knows patterns of objects that are put into a bucket, by prefixes of their key.`,
    );
  const targets = listOf(rule, "Targets").map((target) =>
    textOf({ ...rule, properties: target as Record<string, unknown> }, "Arn"),
  );
  return { buckets, prefixes, targets };
}

function valuesAt(detail: Readonly<Record<string, unknown>>, part: string, name: string): readonly unknown[] {
  const at = isObject(detail[part]) ? detail[part][name] : undefined;
  return Array.isArray(at) ? at : [];
}

/** Amazon S3 User Guide, "EventBridge event message structure". Buckets keep no versions here. */
function eventOf({ bucket, key, size, etag, reason }: PutObject): object {
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": "Object Created",
    source: "aws.s3",
    account: ACCOUNT_ID,
    time: new Date().toISOString(),
    region: REGION,
    resources: [`arn:${PARTITION}:s3:::${bucket}`],
    detail: {
      version: "0",
      bucket: { name: bucket },
      object: { key, size, etag, sequencer: Date.now().toString(16).toUpperCase() },
      "request-id": randomUUID(),
      requester: ACCOUNT_ID,
      "source-ip-address": LOOPBACK,
      reason,
    },
  };
}
