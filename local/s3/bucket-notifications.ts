/**
 * Notifications of buckets that S3 sends by itself, as the CDK's custom resource asks for them: which objects they are
 * for, which function or queue hears of them, and the event. What this machine cannot honour is an error at start.
 */
import { isObject, objectOf, type ResolvedResource, textOf } from "../assembly/template.ts";
import { LocalError } from "../local-error.ts";
import { LOOPBACK, PARTITION, REGION } from "../machine.ts";
import type { PutObject } from "./serve-uploads.ts";

export interface BucketNotification {
  /** ARN of a function or of a queue. */
  readonly target: string;
  readonly isFor: (object: PutObject) => boolean;
}

/** Members of the configuration, each with the one that has its destination. */
const DESTINATIONS = { LambdaFunctionConfigurations: "LambdaFunctionArn", QueueConfigurations: "QueueArn" } as const;
const EVENTS: Readonly<Record<string, readonly PutObject["reason"][]>> = {
  "s3:ObjectCreated:*": ["PutObject", "POST Object", "CompleteMultipartUpload"],
  "s3:ObjectCreated:Put": ["PutObject"],
  "s3:ObjectCreated:Post": ["POST Object"],
  "s3:ObjectCreated:CompleteMultipartUpload": ["CompleteMultipartUpload"],
};
const EVENT_NAMES: Readonly<Record<PutObject["reason"], string>> = {
  PutObject: "ObjectCreated:Put",
  "POST Object": "ObjectCreated:Post",
  CompleteMultipartUpload: "ObjectCreated:CompleteMultipartUpload",
};

/** @throws LocalError for an event, a filter or a destination that this machine does not know */
export function bucketNotificationsOf(resources: readonly ResolvedResource[]): BucketNotification[] {
  return resources.flatMap((resource) => {
    const bucket = textOf(resource, "BucketName");
    const { EventBridgeConfiguration: _, ...configuration } = objectOf(resource, "NotificationConfiguration");
    return Object.entries(configuration).flatMap(([member, entries]) => {
      const destination = DESTINATIONS[member as keyof typeof DESTINATIONS] as string | undefined;
      if (destination === undefined || !Array.isArray(entries))
        throw unsupported(resource, `${member}; expected ${Object.keys(DESTINATIONS).join(", ")}`);
      return entries.filter(isObject).map((entry): BucketNotification => {
        const reasons = reasonsOf(resource, entry["Events"]);
        const { prefix, suffix } = filterOf(resource, entry["Filter"]);
        return {
          target: String(entry[destination]),
          isFor: (object) =>
            object.bucket === bucket &&
            reasons.includes(object.reason) &&
            object.key.startsWith(prefix) &&
            object.key.endsWith(suffix),
        };
      });
    });
  });
}

/** Amazon S3 User Guide, "Event message structure". Keys are encoded as in a query. */
export function notificationEvent({ bucket, key, size, etag, reason }: PutObject): object {
  const record = {
    eventVersion: "2.1",
    eventSource: "aws:s3",
    awsRegion: REGION,
    eventTime: new Date().toISOString(),
    eventName: EVENT_NAMES[reason],
    userIdentity: { principalId: "local" },
    requestParameters: { sourceIPAddress: LOOPBACK },
    s3: {
      s3SchemaVersion: "1.0",
      bucket: { name: bucket, arn: `arn:${PARTITION}:s3:::${bucket}`, ownerIdentity: { principalId: "local" } },
      object: {
        key: encodeURIComponent(key).replaceAll("%20", "+").replaceAll("%2F", "/"),
        size,
        eTag: etag,
        sequencer: Date.now().toString(16).toUpperCase(),
      },
    },
  };
  return { Records: [record] };
}

function reasonsOf(resource: ResolvedResource, events: unknown): PutObject["reason"][] {
  return (Array.isArray(events) ? events : [events]).flatMap((event) => {
    const reasons = EVENTS[String(event)];
    if (reasons === undefined)
      throw unsupported(resource, `the event ${String(event)}; expected ${Object.keys(EVENTS).join(", ")}`);
    return reasons;
  });
}

function filterOf(resource: ResolvedResource, filter: unknown): { readonly prefix: string; readonly suffix: string } {
  const key = isObject(filter) && isObject(filter["Key"]) ? filter["Key"]["FilterRules"] : undefined;
  const found = { prefix: "", suffix: "" };
  for (const rule of Array.isArray(key) ? key.filter(isObject) : []) {
    const name = String(rule["Name"]).toLowerCase();
    if (name !== "prefix" && name !== "suffix")
      throw unsupported(resource, `the filter rule ${name}; expected prefix, suffix`);
    found[name] = String(rule["Value"]);
  }
  return found;
}

function unsupported({ logicalId, type }: ResolvedResource, what: string): LocalError {
  return new LocalError(
    "LOCAL_TEMPLATE_UNSUPPORTED",
    `${logicalId} (${type}): this machine does not know ${what}. Leave it out of the stack that runs here.`,
  );
}
