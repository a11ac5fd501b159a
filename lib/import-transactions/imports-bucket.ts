/**
 * Files of transactions that were uploaded, and what is made of them on the way. Everything expires: what a file had is
 * in the table by then. Versions are kept for a day, so that a file which is put again while it is imported changes
 * nothing.
 */
import { Duration, Validations } from "aws-cdk-lib";
import { Bucket, type CfnBucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { privateBucket } from "../stack/private-bucket.ts";
import type { StageProps } from "../stack/stage.ts";

const A_DAY = Duration.days(1);

export class ImportsBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { settings, keys }: StageProps) {
    super(scope, id);
    this.bucket = new Bucket(this, "Bucket", {
      ...privateBucket({ settings, keys }),
      versioned: true,
      lifecycleRules: [
        {
          expiration: Duration.days(settings.imports.keptDays),
          noncurrentVersionExpiration: A_DAY,
          abortIncompleteMultipartUploadAfter: A_DAY,
        },
      ],
    });
    // The bucket's own property: that of the CDK would bring a function along, which may change any bucket.
    (this.bucket.node.defaultChild as CfnBucket).notificationConfiguration = {
      eventBridgeConfiguration: { eventBridgeEnabled: true },
    };
    Validations.of(this.bucket).acknowledge({
      id: "AwsSolutions-S1",
      reason:
        "Uploads are asked for at the API, whose audit log names who did; whoever reads an object uses the data key, " +
        "which CloudTrail records.",
    });
  }
}
