/**
 * `empty-buckets`: empties the buckets of a disposable stack when it is deleted, as CloudFormation deletes none that
 * holds anything. Only such a stack has this function. Wires only.
 */
import { S3Client } from "@aws-sdk/client-s3";
import type { Context } from "aws-lambda";
import { boundedClient } from "../../core/aws/bounded-client.ts";
import { FILE_LIMITS } from "../../core/aws/call-limits.ts";
import { type CustomResourceEvent, respondTo } from "../../core/aws/custom-resource.ts";
import { emptyBucket } from "../../core/aws/empty-bucket.ts";
import { Invocation } from "../../core/aws/invocation.ts";
import { pipelineLogger } from "../../core/aws/logger.ts";
import { emptyBucketsEnvironment } from "./environment.ts";

const { manifestsBucket, quarantineBucket, importsBucket } = emptyBucketsEnvironment.read();
const logger = pipelineLogger();
const invocation = new Invocation();
const s3 = boundedClient(S3Client, { ...FILE_LIMITS, leftMs: invocation.leftMs });

export async function handler(event: CustomResourceEvent, context: Context): Promise<void> {
  logger.addContext(context);
  invocation.begin(context);
  const empty = async () => {
    if (event.RequestType !== "Delete") return undefined;
    const buckets = [manifestsBucket, quarantineBucket, importsBucket].filter((bucket) => bucket !== "");
    for (const bucket of buckets) await emptyBucket(s3, bucket);
    return undefined;
  };
  await respondTo(event, empty, (text, details) => logger.warn(text, details));
}
