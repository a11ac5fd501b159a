/**
 * Where Lambda puts stream records, whole, that could not be handled for hours. Normally empty; a transaction in here
 * is still in the table as well, so nothing is lost when the objects expire. No erasure reaches them, so they expire
 * within a month.
 */
import { Duration, Validations } from "aws-cdk-lib";
import { Bucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import type { StageProps } from "../stack/stage.ts";
import { privateBucket } from "../stack/private-bucket.ts";

const MOST_DAYS = 30;
const UPLOAD_ABANDONED_AFTER = Duration.days(1);

export class QuarantineBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { settings, keys }: StageProps) {
    super(scope, id);
    this.bucket = new Bucket(this, "Bucket", {
      ...privateBucket({ settings, keys }),
      lifecycleRules: [
        {
          expiration: Duration.days(Math.min(MOST_DAYS, settings.retention.settledDays)),
          abortIncompleteMultipartUploadAfter: UPLOAD_ABANDONED_AFTER,
        },
      ],
    });
    Validations.of(this.bucket).acknowledge({
      id: "AwsSolutions-S1",
      reason:
        "Only Lambda's event source mapping writes here, and only after hours of failure. Whoever reads " +
        "an object uses the data key, which CloudTrail records.",
    });
  }
}
