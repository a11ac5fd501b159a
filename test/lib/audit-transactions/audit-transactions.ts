import { describe, expect, it } from "@jest/globals";
import { Match } from "aws-cdk-lib/assertions";
import { synthesize } from "../synthesized-stack.ts";

const { template } = synthesize();
const manifests = { Ref: Match.stringLikeRegexp("^AuditManifestsBucket") };
const partsArn = { "Fn::GetAtt": [Match.stringLikeRegexp("^AuditPartsQueueParts"), "Arn"] };

/** Properties of the bucket of manifests. */
function bucketOf({ template: of }: ReturnType<typeof synthesize>) {
  const found = Object.entries(of.findResources("AWS::S3::Bucket")).find(([id]) => id.startsWith("AuditManifests"));
  return found?.[1]["Properties"] as Record<string, unknown>;
}

describe("audit-transactions", () => {
  it("starts each hour, or as often as the settings say, with what is due", () => {
    const rule = (ScheduleExpression: string) => ({
      ScheduleExpression,
      State: "ENABLED",
      Targets: [Match.objectLike({ Input: JSON.stringify({ audit: "due" }) })],
    });
    template.hasResourceProperties("AWS::Events::Rule", rule("rate(1 hour)"));
    synthesize({ audit: { everyHours: 6 } }).template.hasResourceProperties("AWS::Events::Rule", rule("rate(6 hours)"));
  });

  it("takes its parts one by one, as many side by side as a table has segments", () => {
    template.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      EventSourceArn: partsArn,
      BatchSize: 1,
      ScalingConfig: { MaximumConcurrency: 32 },
    });
  });

  it("may send parts on to itself, which Lambda would end after 16 turns", () => {
    template.hasResourceProperties("AWS::Lambda::Function", {
      FunctionName: "audit-transactions",
      RecursiveLoop: "Allow",
      Timeout: 300,
      Environment: { Variables: Match.objectLike({ MANIFESTS_BUCKET: manifests }) },
    });
  });
});

describe("the queue of parts", () => {
  it("hides a part for six times as long as the function may take, and quarantines it after five", () => {
    template.hasResourceProperties("AWS::SQS::Queue", {
      QueueName: "audit-parts",
      VisibilityTimeout: 1800,
      RedrivePolicy: {
        maxReceiveCount: 5,
        deadLetterTargetArn: { "Fn::GetAtt": [Match.stringLikeRegexp("^AuditPartsQueueDeadLetters"), "Arn"] },
      },
    });
  });

  it.each(["audit-parts", "audit-parts-dl"])("is encrypted with our own key: %s", (QueueName) => {
    template.hasResourceProperties("AWS::SQS::Queue", {
      QueueName,
      KmsMasterKeyId: { "Fn::GetAtt": [Match.stringLikeRegexp("^KeysData"), "Arn"] },
    });
  });
});

describe("the bucket of manifests", () => {
  const lockOf = (stack: ReturnType<typeof synthesize>): unknown => bucketOf(stack)["ObjectLockConfiguration"];

  it("locks what is put, for as long as it is kept", () => {
    expect(bucketOf(synthesize())).toMatchObject({
      ObjectLockEnabled: true,
      VersioningConfiguration: { Status: "Enabled" },
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: "GOVERNANCE", Days: 400 } } },
      LifecycleConfiguration: {
        Rules: [
          { ExpirationInDays: 400, Status: "Enabled" },
          // Each has a lock of its own, which is no longer than that.
          { ExpirationInDays: 36, Prefix: "journal/", Status: "Enabled" },
        ],
      },
    });
  });

  it("locks it against everyone when the settings say so", () => {
    const settings = { audit: { manifestLock: "compliance" }, retention: { manifestDays: 1000 } } as const;
    expect(lockOf(synthesize(settings))).toMatchObject({
      Rule: { DefaultRetention: { Mode: "COMPLIANCE", Days: 1000 } },
    });
  });

  it("locks nothing in a disposable stack, whose bucket goes with it", () => {
    expect(lockOf(synthesize({ disposable: true }))).toBeUndefined();
  });

  it("is encrypted with our own key and open to nobody", () => {
    expect(bucketOf(synthesize())).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
  });

  it("refuses calls without TLS", () => {
    template.hasResourceProperties("AWS::S3::BucketPolicy", {
      Bucket: manifests,
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
        ]),
      },
    });
  });
});
