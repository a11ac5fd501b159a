/**
 * How a function reads a stream of DynamoDB without losing a record: a batch that fails is halved and tried again
 * without limit of count until it is hours old, and what is too old by then lands whole in the set-aside bucket.
 */
import { type CfnElement, Duration, Stack, Validations } from "aws-cdk-lib";
import { type IEventSourceDlq, StartingPosition } from "aws-cdk-lib/aws-lambda";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import { STREAM_BATCH_SIZE } from "../../core/settings/stream-mapping.ts";
import type { PipelineFunction } from "./pipeline-function.ts";

const WITHOUT_LIMIT = -1;
/** The stream itself forgets after 24 hours; before that the records go to the bucket. */
const MAX_RECORD_AGE = Duration.hours(22);
/** Where Lambda puts what it sets aside (Lambda Developer Guide, "Retaining discarded batches"). */
const LAMBDA_OBJECTS = "aws/lambda/*";

/** Of an event source mapping. The reader gets the permissions that it takes. */
export function retriedStream(reader: PipelineFunction, setAside: Bucket) {
  return {
    startingPosition: StartingPosition.TRIM_HORIZON,
    batchSize: STREAM_BATCH_SIZE,
    reportBatchItemFailures: true,
    bisectBatchOnError: true,
    retryAttempts: WITHOUT_LIMIT,
    maxRecordAge: MAX_RECORD_AGE,
    onFailure: toBucket(reader, setAside),
  };
}

function toBucket(reader: PipelineFunction, bucket: Bucket): IEventSourceDlq {
  reader.allow(["s3:PutObject"], [bucket.arnForObjects(LAMBDA_OBJECTS)]);
  reader.allow(["s3:ListBucket"], [bucket.bucketArn]);
  const logicalId = Stack.of(bucket).getLogicalId(bucket.node.defaultChild as CfnElement);
  Validations.of(reader.node.scope ?? reader).acknowledge({
    id: `AwsSolutions-IAM5[Resource::<${logicalId}.Arn>/${LAMBDA_OBJECTS}]`,
    reason: "Lambda names the objects that it sets aside by mapping, shard and time; the bucket holds nothing else.",
  });
  return { bind: () => ({ destination: bucket.bucketArn }) };
}
