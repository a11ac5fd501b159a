import { describe, it } from "@jest/globals";
import { Match } from "aws-cdk-lib/assertions";
import { synthesize } from "../synthesized-stack.ts";

const { template } = synthesize();
const bucket = (properties: object) => template.hasResourceProperties("AWS::S3::Bucket", properties);
const mapping = (properties: object) => template.hasResourceProperties("AWS::Lambda::EventSourceMapping", properties);

describe("the mapping from the stream to stream-transactions", () => {
  it("reads the stream of the Transactions table from its start", () => {
    mapping({
      EventSourceArn: { "Fn::GetAtt": [Match.stringLikeRegexp("^TransactionsTable"), "StreamArn"] },
      StartingPosition: "TRIM_HORIZON",
    });
  });

  it("passes inserts and modifications only", () => {
    mapping({ FilterCriteria: { Filters: [{ Pattern: JSON.stringify({ eventName: ["INSERT", "MODIFY"] }) }] } });
  });

  it("hands over records at once, in batches, on ten lanes a shard", () => {
    mapping({ BatchSize: 100, MaximumBatchingWindowInSeconds: 0, ParallelizationFactor: 10 });
  });

  it("takes failures record by record and splits a failing batch", () => {
    mapping({ FunctionResponseTypes: ["ReportBatchItemFailures"], BisectBatchOnFunctionError: true });
  });

  it("retries without limit of count, up to hours of age that are fewer than the stream keeps", () => {
    mapping({ MaximumRetryAttempts: -1, MaximumRecordAgeInSeconds: 22 * 3600 });
  });

  it("sets aside what it gives up on, whole, in a bucket", () => {
    mapping({
      DestinationConfig: {
        OnFailure: { Destination: { "Fn::GetAtt": [Match.stringLikeRegexp("SetAsideBucket"), "Arn"] } },
      },
    });
  });
});

describe("the set-aside bucket", () => {
  it("is encrypted with our own key", () => {
    const byDefault = {
      SSEAlgorithm: "aws:kms",
      KMSMasterKeyID: { "Fn::GetAtt": [Match.stringLikeRegexp("^KeysData"), "Arn"] },
    };
    bucket({ BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: byDefault }] } });
  });

  it("is open to nobody", () => {
    bucket({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
  });

  it("refuses calls without TLS", () => {
    const refusesPlainText = Match.objectLike({
      Effect: "Deny",
      Action: "s3:*",
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    });
    template.hasResourceProperties("AWS::S3::BucketPolicy", {
      PolicyDocument: { Statement: Match.arrayWith([refusesPlainText]) },
    });
  });

  it("forgets its objects within a month, as no erasure reaches them", () => {
    bucket({ LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: 30, Status: "Enabled" })] } });
  });
});
