import { describe, expect, it } from "@jest/globals";
import { Match } from "aws-cdk-lib/assertions";
import { HOLD_MS, SLICE_MS, VISIBILITY_SECONDS } from "../../../core/jobs/slice-times.ts";
import { synthesize } from "../synthesized-stack.ts";

const api = { issuer: "https://issuer.example", audience: ["confirmations"] };
const { template } = synthesize({ api });
const smallAccount = synthesize({ api, delivery: { mode: "lambda" } }).template;
const without = synthesize().template;

describe("jobs", () => {
  it("are rows by id, which are gone when their time is over", () => {
    template.hasResourceProperties("AWS::DynamoDB::Table", {
      TableName: "Jobs",
      KeySchema: [{ AttributeName: "jobId", KeyType: "HASH" }],
      BillingMode: "PAY_PER_REQUEST",
      TimeToLiveSpecification: { AttributeName: "purgeAt", Enabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true, SSEType: "KMS" },
    });
  });

  it("ask for calls through a queue that keeps none for longer than an hour, and has no dead letters", () => {
    template.hasResourceProperties("AWS::SQS::Queue", {
      QueueName: "merchant-calls",
      FifoQueue: Match.absent(),
      MessageRetentionPeriod: 3600,
      RedrivePolicy: Match.absent(),
    });
  });

  it("are listed by kind and time from an index that parts and calls are not in", () => {
    template.hasResourceProperties("AWS::DynamoDB::Table", {
      TableName: "Jobs",
      GlobalSecondaryIndexes: [
        {
          IndexName: "jobs",
          KeySchema: [
            { AttributeName: "listedAs", KeyType: "HASH" },
            { AttributeName: "listedAt", KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "KEYS_ONLY" },
        },
      ],
    });
  });

  it.each([
    ["standard", template],
    ["small-account", smallAccount],
  ])(
    "are worked on in parts in %s mode, by a function that a part is given back from before it comes again",
    (_, of) => {
      of.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
        EventSourceArn: { "Fn::GetAtt": [Match.stringLikeRegexp("^JobsParts"), "Arn"] },
        BatchSize: 1,
        ScalingConfig: { MaximumConcurrency: 8 },
      });
      const [runner] = Object.values(
        of.findResources("AWS::Lambda::Function", { Properties: { FunctionName: "run-jobs" } }),
      );
      const timeoutMs = Number(runner?.["Properties"].Timeout) * 1000;
      expect(SLICE_MS).toBeLessThan(timeoutMs);
      expect(HOLD_MS).toBeGreaterThan(timeoutMs);
      expect(VISIBILITY_SECONDS * 1000).toBeGreaterThan(HOLD_MS);
      of.hasResourceProperties("AWS::SQS::Queue", { QueueName: "job-parts", VisibilityTimeout: VISIBILITY_SECONDS });
    },
  );

  it("cost nothing where there is no API to ask for any", () => {
    expect(without.findResources("AWS::SQS::Queue", { Properties: { QueueName: "merchant-calls" } })).toEqual({});
    expect(without.findResources("AWS::DynamoDB::Table", { Properties: { TableName: "Jobs" } })).toEqual({});
    without.hasResourceProperties("AWS::ECS::TaskDefinition", {
      ContainerDefinitions: Match.arrayWith([
        Match.objectLike({
          Environment: Match.arrayWith([
            { Name: "JOBS_TABLE", Value: "" },
            { Name: "MERCHANT_CALLS_QUEUE_URL", Value: "" },
          ]),
        }),
      ]),
    });
  });

  it("trigger the function of small-account mode, which has time for what it receives", () => {
    smallAccount.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      EventSourceArn: { "Fn::GetAtt": [Match.stringLikeRegexp("^JobsMerchantCalls"), "Arn"] },
      BatchSize: 5,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      ScalingConfig: { MaximumConcurrency: 2 },
    });
    const [caller] = Object.values(
      smallAccount.findResources("AWS::Lambda::Function", {
        Properties: { FunctionName: "confirmation-transactions" },
      }),
    );
    smallAccount.hasResourceProperties("AWS::SQS::Queue", {
      QueueName: "merchant-calls",
      VisibilityTimeout: 6 * Number(caller?.["Properties"].Timeout),
    });
  });
});

describe("copies for who listens", () => {
  it.each([
    ["standard", template],
    ["small-account", smallAccount],
  ])(
    "are all that who delivers may put into the table of jobs, and all that the API may read many of, in %s mode",
    (_, of) => {
      const policies = Object.values(of.findResources("AWS::IAM::Policy")).flatMap(
        ({ Properties }) => Properties.PolicyDocument.Statement as { Action: string | string[]; Condition?: object }[],
      );
      const limited = policies.filter(({ Condition }) =>
        JSON.stringify(Condition ?? {}).includes("dynamodb:LeadingKeys"),
      );
      const Condition = { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["copies#*", "copy#*"] } };
      expect(limited.map(({ Action, Condition: given }) => [Action, given])).toEqual(
        expect.arrayContaining([
          ["dynamodb:PutItem", Condition],
          ["dynamodb:BatchGetItem", Condition],
        ]),
      );
      expect(limited).toHaveLength(2);
    },
  );
});
