import { describe, expect, it } from "@jest/globals";
import { Match } from "aws-cdk-lib/assertions";
import type { SettingsInput } from "../../../core/settings/settings.ts";
import { alarmRows } from "../alarms/alarm-rows.ts";
import { synthesize } from "../synthesized-stack.ts";

export const EMAIL: SettingsInput = {
  channels: {
    kinds: ["email"],
    emailFrom: "confirmations@acme.example",
    emailIdentityArns: ["arn:aws:ses:eu-west-1:123456789012:identity/acme.example"],
  },
};
const SMS: SettingsInput = {
  channels: {
    kinds: ["sms"],
    sms: {
      countries: ["MX"],
      originationIdentity: "arn:aws:sms-voice:eu-west-1:123456789012:pool/pool-1",
      maximumMonthlyUsd: 100,
    },
  },
};
const WHATSAPP: SettingsInput = {
  channels: { kinds: ["whatsapp"], whatsapp: { phoneNumberId: `phone-number-id-${"0".repeat(32)}` } },
};

const topic = { Ref: Match.stringLikeRegexp("^ReceiptsTopic") };

describe("receipts", () => {
  it("are not there unless a channel has some: no topic, no queue, no function, no configuration set", () => {
    const queue: SettingsInput = {
      channels: { kinds: ["sqs"], queueArns: ["arn:aws:sqs:eu-west-1:123456789012:orders.fifo"] },
    };
    const small: SettingsInput = { delivery: { mode: "lambda" } };
    for (const settings of [{}, queue, small])
      expect(JSON.stringify(synthesize(settings).template.toJSON())).not.toMatch(
        /receive-receipts|"receipts|ReceiptsTopic|AWS::SES|AWS::SMSVOICE/,
      );
  });

  it.each([
    ["standard", {}],
    ["small-account", { delivery: { mode: "lambda" } }],
  ] as const)("come by a topic and a queue to their function, each for itself, in %s mode", (_, mode) => {
    const { template } = synthesize({ ...EMAIL, ...mode });
    template.hasResourceProperties("AWS::SNS::Topic", {
      TopicName: "confirmation-receipts",
      KmsMasterKeyId: { "Fn::GetAtt": [Match.stringLikeRegexp("^KeysOperations"), "Arn"] },
    });
    template.hasResourceProperties("AWS::SNS::Subscription", {
      Protocol: "sqs",
      TopicArn: topic,
      RawMessageDelivery: true,
      RedrivePolicy: { deadLetterTargetArn: Match.anyValue() },
    });
    template.hasResourceProperties("AWS::SQS::Queue", {
      QueueName: "receipts",
      RedrivePolicy: { maxReceiveCount: 10 },
      KmsMasterKeyId: { "Fn::GetAtt": [Match.stringLikeRegexp("^KeysOperations"), "Arn"] },
    });
    template.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      FunctionName: { Ref: Match.stringLikeRegexp("^ReceiptsFunction") },
      FunctionResponseTypes: ["ReportBatchItemFailures"],
    });
    template.hasOutput("ReceiptsTopicArn", {});
  });

  it.each([
    ["ses", EMAIL, "ses"],
    ["sms-voice", SMS, "sms-voice"],
  ] as const)("of %s may be published in the name of our configuration set alone", (service, settings, ofArn) => {
    synthesize(settings).template.hasResourceProperties("AWS::SNS::TopicPolicy", {
      Topics: [topic],
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: "Allow",
            Action: "sns:Publish",
            Principal: { Service: `${service}.amazonaws.com` },
            Condition: {
              StringEquals: { "aws:SourceAccount": Match.anyValue() },
              ArnLike: {
                "aws:SourceArn": {
                  "Fn::Join": ["", Match.arrayWith([Match.stringLikeRegexp(`:${ofArn}:`)])],
                },
              },
            },
          }),
        ]),
      },
    });
  });

  it("of WhatsApp may be published in the name of our account alone, and no other service may", () => {
    const { template } = synthesize(WHATSAPP);
    const policy = Object.values(template.findResources("AWS::SNS::TopicPolicy")).find(({ Properties }) =>
      JSON.stringify(Properties.Topics).includes("ReceiptsTopic"),
    );
    const allowed = policy?.["Properties"].PolicyDocument.Statement.filter(
      ({ Effect }: { Effect: string }) => Effect === "Allow",
    );
    expect(allowed).toEqual([
      expect.objectContaining({
        Action: "sns:Publish",
        Principal: { Service: "social-messaging.amazonaws.com" },
        Condition: { StringEquals: { "aws:SourceAccount": expect.anything() } },
      }),
    ]);
    template.resourceCountIs("AWS::SES::ConfigurationSet", 0);
    template.resourceCountIs("AWS::SMSVOICE::ConfigurationSet", 0);
  });

  it("of mail are what arrived, bounced, was complained of or rejected", () => {
    const { template } = synthesize({ ...EMAIL, name: "acme" });
    template.hasResourceProperties("AWS::SES::ConfigurationSet", {
      Name: "acme-confirmation-receipts",
      DeliveryOptions: { TlsPolicy: "REQUIRE" },
      SuppressionOptions: { SuppressedReasons: ["BOUNCE", "COMPLAINT"] },
    });
    template.hasResourceProperties("AWS::SES::ConfigurationSetEventDestination", {
      EventDestination: {
        Enabled: true,
        MatchingEventTypes: ["delivery", "bounce", "complaint", "reject"],
        SnsDestination: { TopicARN: topic },
      },
    });
    synthesize(SMS).template.hasResourceProperties("AWS::SMSVOICE::ConfigurationSet", {
      ConfigurationSetName: "confirmation-receipts",
      EventDestinations: [Match.objectLike({ Enabled: true, SnsDestination: { TopicArn: topic } })],
    });
  });

  it.each([
    ["standard", {}],
    ["small-account", { delivery: { mode: "lambda" } }],
  ] as const)("that are not recorded have an alarm that asks somebody to look, in %s mode", (_, mode) => {
    const rows = alarmRows(synthesize({ ...EMAIL, ...mode }).template);
    expect(rows.filter(({ id }) => id === "ReceiptsUnrecorded").map(({ told }) => told)).toEqual(["ticket"]);
  });
});
