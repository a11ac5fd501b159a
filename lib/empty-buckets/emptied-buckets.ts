/**
 * A disposable stack's buckets, emptied when it is deleted: after all that writes to them is gone, and before they go
 * themselves. The CDK's own way leaves a log group behind, which nothing deletes.
 */
import { type CfnElement, CustomResource, Duration, Stack, Validations } from "aws-cdk-lib";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import { Construct, type IConstruct } from "constructs";
import { EMPTIED_BUCKETS } from "../../core/settings/names.ts";
import { emptyBucketsEnvironment } from "../../lambdas/empty-buckets/environment.ts";
import { PipelineFunction } from "../program/pipeline-function.ts";
import type { StageProps } from "../stack/stage.ts";

const TIMEOUT = Duration.minutes(15);

export interface EmptiedBucketsProps extends StageProps {
  readonly manifests: Bucket;
  readonly setAside: Bucket;
  /** Undefined without an API. */
  readonly imports: Bucket | undefined;
  readonly writers: readonly IConstruct[];
}

export class EmptiedBuckets extends Construct {
  constructor(scope: Construct, id: string, props: EmptiedBucketsProps) {
    super(scope, id);
    const { manifests, setAside, imports, writers } = props;
    const emptier = new PipelineFunction(this, "Function", {
      ...props,
      program: "emptyBuckets",
      description: "Empties the buckets of a disposable stack when it is deleted",
      timeout: TIMEOUT,
      environment: emptyBucketsEnvironment.write({
        manifestsBucket: manifests.bucketName,
        quarantineBucket: setAside.bucketName,
        importsBucket: imports?.bucketName ?? "",
      }),
    });
    for (const bucket of [manifests, setAside, ...(imports === undefined ? [] : [imports])]) {
      emptier.allow(["s3:ListBucketVersions"], [bucket.bucketArn]);
      emptier.allow(["s3:DeleteObject", "s3:DeleteObjectVersion"], [bucket.arnForObjects("*")]);
      const logicalId = Stack.of(this).getLogicalId(bucket.node.defaultChild as CfnElement);
      Validations.of(this).acknowledge({
        id: `AwsSolutions-IAM5[Resource::<${logicalId}.Arn>/*]`,
        reason:
          "It deletes all that the bucket of a disposable stack holds, when that stack is deleted, and at no " +
          "other time.",
      });
    }
    const emptied = new CustomResource(this, "Emptied", {
      serviceToken: emptier.functionArn,
      serviceTimeout: TIMEOUT,
      resourceType: EMPTIED_BUCKETS,
    });
    for (const writer of writers) writer.node.addDependency(emptied);
  }
}
