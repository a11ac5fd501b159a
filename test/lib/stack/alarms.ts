import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { Match } from "aws-cdk-lib/assertions";
import { parseSettings } from "../../../core/settings.ts";
import { longestStayInQueueSeconds } from "../../../lib/alarms.ts";
import { runbookAddress } from "../../../lib/runbook.ts";
import { synthesize } from "../synthesized-stack.ts";

const { template } = synthesize();
const alarm = (properties: object) => template.hasResourceProperties("AWS::CloudWatch::Alarm", properties);
const alarms = Object.values(template.findResources("AWS::CloudWatch::Alarm")).map(({ Properties }) => Properties);
const topic = { Ref: Match.stringLikeRegexp("^AlarmsTopic") };

describe("the alarms", () => {
  it("are raised by one dead letter", () => {
    alarm({
      MetricName: "ApproximateNumberOfMessagesVisible",
      Dimensions: [
        { Name: "QueueName", Value: { "Fn::GetAtt": [Match.stringLikeRegexp("^QueuesDeadLetters"), "QueueName"] } },
      ],
      Threshold: 0,
      ComparisonOperator: "GreaterThanThreshold",
      EvaluationPeriods: 1,
    });
  });

  it("are raised by a message that waits five minutes longer than tries and waits in the queue explain", () => {
    const inQueueSeconds = 3 * 30 + 4 * 10;
    expect(longestStayInQueueSeconds(parseSettings({}))).toBe(inQueueSeconds);
    alarm({
      MetricName: "ApproximateAgeOfOldestMessage",
      Dimensions: [
        { Name: "QueueName", Value: { "Fn::GetAtt": [Match.stringLikeRegexp("^QueuesConfirmations"), "QueueName"] } },
      ],
      Threshold: inQueueSeconds + 300,
    });
  });

  const ofOrdered = [
    { Name: "QueueName", Value: { "Fn::GetAtt": [Match.stringLikeRegexp("^QueuesOrdered"), "QueueName"] } },
  ];

  it("are raised by an ordered message that is older than the time to give it up", () => {
    alarm({ MetricName: "ApproximateAgeOfOldestMessage", Dimensions: ofOrdered, Threshold: 345_600 + 7200 });
  });

  it("are raised when half as many ordered messages are held back as SQS looks through", () => {
    alarm({ MetricName: "ApproximateNumberOfMessagesVisible", Dimensions: ofOrdered, Threshold: 60_000 });
  });

  it("are raised when ordered messages wait and nobody asks for any, full or empty", () => {
    const metric = (MetricName: string) =>
      Match.objectLike({ MetricStat: Match.objectLike({ Metric: Match.objectLike({ MetricName }) }) });
    alarm({
      Metrics: Match.arrayWith([
        Match.objectLike({ Expression: "IF(waiting > 0 AND (FILL(received, 0) + FILL(empty, 0)) < 1, 1, 0)" }),
        metric("ApproximateNumberOfMessagesVisible"),
        metric("NumberOfMessagesReceived"),
        metric("NumberOfEmptyReceives"),
      ]),
      Threshold: 0,
      EvaluationPeriods: 5,
    });
  });

  it("tell the topic when they are raised and when all is well again", () => {
    template.allResourcesProperties("AWS::CloudWatch::Alarm", { AlarmActions: [topic], OKActions: [topic] });
  });

  it("have each a heading in the runbook, and the runbook has no other", () => {
    const headings = [
      ...readFileSync(new URL("../../../docs/runbook.md", import.meta.url), "utf8").matchAll(/^## (.+)$/gm),
    ].map(([, heading = ""]) => heading);
    const named: string[] = alarms.map(({ AlarmDescription }) => /Runbook: (\S+)$/.exec(AlarmDescription)?.[1] ?? "");
    expect(named.toSorted()).toStrictEqual(headings.map(runbookAddress).toSorted());
  });
});

describe("the alarm topic", () => {
  it("is encrypted with a key that CloudWatch may use without condition, or alarms would be dropped in silence", () => {
    template.hasResourceProperties("AWS::SNS::Topic", {
      KmsMasterKeyId: { "Fn::GetAtt": [Match.stringLikeRegexp("^KeysOperations"), "Arn"] },
    });
    const admitted = {
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Resource: "*",
      Condition: Match.absent(),
    };
    template.hasResourceProperties("AWS::KMS::Key", {
      KeyPolicy: { Statement: Match.arrayWith([Match.objectLike(admitted)]) },
    });
  });

  it("lets alarms of this account publish, and only with TLS", () => {
    const admitted = {
      Effect: "Allow",
      Action: "sns:Publish",
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Condition: { ArnLike: { "aws:SourceArn": Match.anyValue() } },
    };
    const refused = { Effect: "Deny", Action: "sns:Publish", Condition: { Bool: { "aws:SecureTransport": "false" } } };
    template.hasResourceProperties("AWS::SNS::TopicPolicy", {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike(refused), Match.objectLike(admitted)]) },
    });
  });
});
