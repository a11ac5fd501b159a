import { describe, expect, it } from "@jest/globals";
import { Match } from "aws-cdk-lib/assertions";
import { parseSettings } from "../../../core/settings/settings.ts";
import { visibilitySecondsFor } from "../../../core/retry/visibility.ts";
import { synthesize } from "../synthesized-stack.ts";

const { template } = synthesize();
const visibilityWith = (deadlineMs: number) => visibilitySecondsFor(parseSettings({ delivery: { deadlineMs } }));

describe.each(["confirmations.fifo", "confirmations-ordered.fifo", "confirmations-dl.fifo"])(
  "the queue %s",
  (QueueName) => {
    const queue = (properties: object) =>
      template.hasResourceProperties("AWS::SQS::Queue", { QueueName, ...properties });

    it("is in high-throughput mode", () => {
      queue({ FifoQueue: true, DeduplicationScope: "messageGroup", FifoThroughputLimit: "perMessageGroupId" });
    });

    it("is encrypted with our own key", () => {
      queue({ KmsMasterKeyId: { "Fn::GetAtt": [Match.stringLikeRegexp("^KeysData"), "Arn"] } });
    });

    it("keeps messages for as many days as the settings say", () => {
      queue({ MessageRetentionPeriod: 14 * 86_400 });
      synthesize({ retention: { queueDays: 3 } }).template.hasResourceProperties("AWS::SQS::Queue", {
        QueueName,
        MessageRetentionPeriod: 3 * 86_400,
      });
    });
  },
);

describe("the queues", () => {
  it("refuse calls without TLS, all of them", () => {
    const refusesPlainText = {
      Effect: "Deny",
      Action: "sqs:*",
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    };
    template.allResourcesProperties("AWS::SQS::QueuePolicy", {
      PolicyDocument: { Statement: [Match.objectLike(refusesPlainText)] },
    });
    template.resourceCountIs("AWS::SQS::QueuePolicy", 5);
  });

  it("move a message to the dead letters only after many receives, as giving back counts as one", () => {
    template.hasResourceProperties("AWS::SQS::Queue", {
      QueueName: "confirmations.fifo",
      RedrivePolicy: {
        maxReceiveCount: 100,
        deadLetterTargetArn: { "Fn::GetAtt": [Match.stringLikeRegexp("^QueuesDeadLetters"), "Arn"] },
      },
    });
  });

  it("move an ordered message only after as many receives as SQS allows, as that frees what is behind it", () => {
    template.hasResourceProperties("AWS::SQS::Queue", {
      QueueName: "confirmations-ordered.fifo",
      RedrivePolicy: {
        maxReceiveCount: 1000,
        deadLetterTargetArn: { "Fn::GetAtt": [Match.stringLikeRegexp("^QueuesDeadLetters"), "Arn"] },
      },
    });
  });

  it("let no other queue send its dead letters here", () => {
    const arnOf = (name: string) => ({ "Fn::Join": ["", Match.arrayWith([`:${name}`])] });
    const sourceQueueArns = [arnOf("confirmations.fifo"), arnOf("confirmations-ordered.fifo")];
    template.hasResourceProperties("AWS::SQS::Queue", {
      QueueName: "confirmations-dl.fifo",
      RedriveAllowPolicy: { redrivePermission: "byQueue", sourceQueueArns },
    });
  });

  it("hide a received message for two deadlines and the flush, and for no less than 15 s", () => {
    expect([10_000, 60_000, 10_500, 500].map(visibilityWith)).toStrictEqual([30, 130, 32, 15]);
    for (const QueueName of ["confirmations.fifo", "confirmations-ordered.fifo"])
      template.hasResourceProperties("AWS::SQS::Queue", { QueueName, VisibilityTimeout: 30 });
  });
});
