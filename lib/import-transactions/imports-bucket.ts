/**
 * Files of transactions that were uploaded, and what is made of them on the way. Everything expires: what a file had is
 * in the table by then. Versions are kept for a day, so that a file which is put again while it is imported changes
 * nothing.
 */
import { Duration, Validations } from "aws-cdk-lib";
import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket, ObjectOwnership } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { durable } from "../stack/removal-policy.ts";
import type { StageProps } from "../stack/stage.ts";

const MINIMUM_TLS_VERSION = 1.2;
const A_DAY = Duration.days(1);

export class ImportsBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { settings, keys }: StageProps) {
    super(scope, id);
    this.bucket = new Bucket(this, "Bucket", {
      encryption: BucketEncryption.KMS,
      encryptionKey: keys.data,
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: MINIMUM_TLS_VERSION,
      versioned: true,
      lifecycleRules: [
        {
          expiration: Duration.days(settings.imports.keptDays),
          noncurrentVersionExpiration: A_DAY,
          abortIncompleteMultipartUploadAfter: A_DAY,
        },
      ],
      removalPolicy: durable(settings),
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
