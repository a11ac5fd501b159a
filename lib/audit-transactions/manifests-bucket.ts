/**
 * Where manifests lie, locked for as long as they are kept: what was once said about a merchant's day can be added to
 * and never be changed. A disposable stack locks nothing, or its bucket could not be removed with it.
 */
import { Duration, Validations } from "aws-cdk-lib";
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectLockRetention, ObjectOwnership } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import type { Settings } from "../../core/settings/settings.ts";
import { type StageProps } from "../stack/stage.ts";
import { durable } from "../stack/removal-policy.ts";

const MINIMUM_TLS_VERSION = 1.2;
const UPLOAD_ABANDONED_AFTER = Duration.days(1);

export class ManifestsBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { settings, keys }: StageProps) {
    super(scope, id);
    const kept = Duration.days(settings.retention.manifestDays);
    this.bucket = new Bucket(this, "Bucket", {
      encryption: BucketEncryption.KMS,
      encryptionKey: keys.data,
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: MINIMUM_TLS_VERSION,
      ...(!settings.disposable && { versioned: true, objectLockDefaultRetention: lock(settings, kept) }),
      lifecycleRules: [
        {
          expiration: kept,
          noncurrentVersionExpiration: Duration.days(1),
          abortIncompleteMultipartUploadAfter: UPLOAD_ABANDONED_AFTER,
        },
      ],
      removalPolicy: durable(settings),
    });
    Validations.of(this.bucket).acknowledge({
      id: "AwsSolutions-S1",
      reason:
        "One function writes here and none reads. Every object is signed or named by one that is, and " +
        "locked; whoever reads one uses the data key, which CloudTrail records.",
    });
  }
}

function lock({ audit }: Settings, duration: Duration): ObjectLockRetention {
  return audit.manifestLock === "compliance"
    ? ObjectLockRetention.compliance(duration)
    : ObjectLockRetention.governance(duration);
}
