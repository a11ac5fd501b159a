/** What every bucket of the stack has in common: encrypted with the data key, over TLS, and nobody's in public. */
import { BlockPublicAccess, BucketEncryption, type BucketProps, ObjectOwnership } from "aws-cdk-lib/aws-s3";
import { durable } from "./removal-policy.ts";
import type { StageProps } from "./stage.ts";

const MINIMUM_TLS_VERSION = 1.2;

export function privateBucket({ settings, keys }: Pick<StageProps, "settings" | "keys">) {
  return {
    encryption: BucketEncryption.KMS,
    encryptionKey: keys.data,
    bucketKeyEnabled: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    minimumTLSVersion: MINIMUM_TLS_VERSION,
    removalPolicy: durable(settings),
  } as const satisfies BucketProps;
}
