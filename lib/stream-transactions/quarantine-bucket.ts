/**
 * Where Lambda puts stream records, whole, that could not be handled for hours. Normally empty; a transaction in here
 * is still in the table as well, so nothing is lost when the objects expire.
 */
import { Duration, Validations } from "aws-cdk-lib";
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { type StageProps } from "../stack/stage.ts";
import { durable } from "../stack/removal-policy.ts";

const MINIMUM_TLS_VERSION = 1.2;
const UPLOAD_ABANDONED_AFTER = Duration.days(1);

export class QuarantineBucket extends Construct {
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
      lifecycleRules: [
        {
          expiration: Duration.days(settings.retention.settledDays),
          abortIncompleteMultipartUploadAfter: UPLOAD_ABANDONED_AFTER,
        },
      ],
      removalPolicy: durable(settings),
    });
    Validations.of(this.bucket).acknowledge({
      id: "AwsSolutions-S1",
      reason:
        "Only Lambda's event source mapping writes here, and only after hours of failure. Whoever reads " +
        "an object uses the data key, which CloudTrail records.",
    });
  }
}
