/**
 * Where manifests lie, locked for as long as they are kept: what was once said about a merchant's day can be added to
 * and never be changed. Beside them lie the chain of the audit log and the journal, whose files have locks of their
 * own. A disposable stack locks nothing, or its bucket could not be removed with it.
 */
import { Duration, Validations } from "aws-cdk-lib";
import { Bucket, ObjectLockRetention } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { JOURNAL_FOLDER } from "../../core/journal/journal-key.ts";
import type { Settings } from "../../core/settings/settings.ts";
import type { StageProps } from "../stack/stage.ts";
import { privateBucket } from "../stack/private-bucket.ts";

const UPLOAD_ABANDONED_AFTER = Duration.days(1);

export class ManifestsBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { settings, keys }: StageProps) {
    super(scope, id);
    const kept = Duration.days(settings.retention.manifestDays);
    this.bucket = new Bucket(this, "Bucket", {
      ...privateBucket({ settings, keys }),
      ...(!settings.disposable && { versioned: true, objectLockDefaultRetention: lock(settings, kept) }),
      lifecycleRules: [
        {
          expiration: kept,
          noncurrentVersionExpiration: Duration.days(1),
          abortIncompleteMultipartUploadAfter: UPLOAD_ABANDONED_AFTER,
        },
        // Of two times the shorter one holds.
        { prefix: JOURNAL_FOLDER, expiration: Duration.days(settings.journal.keptDays) },
      ],
    });
    Validations.of(this.bucket).acknowledge({
      id: "AwsSolutions-S1",
      reason:
        "Nobody overwrites and few read. What is signed, chained or journaled is locked, and whoever reads it uses " +
        "the data key, which CloudTrail records.",
    });
  }
}

function lock({ audit }: Settings, duration: Duration): ObjectLockRetention {
  return audit.manifestLock === "compliance"
    ? ObjectLockRetention.compliance(duration)
    : ObjectLockRetention.governance(duration);
}
