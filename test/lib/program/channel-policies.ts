import { describe, expect, it } from "@jest/globals";
import { Template } from "aws-cdk-lib/assertions";
import type { SettingsInput } from "../../../core/settings/settings.ts";
import { EVERY_KIND } from "../../core/settings/every-kind.ts";
import { synthesize } from "../synthesized-stack.ts";

const CHANNEL_ACTIONS = new Set([
  "ses:SendEmail",
  "sms-voice:SendTextMessage",
  "social-messaging:SendWhatsAppMessage",
  "sns:Publish",
  "events:PutEvents",
]);

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

/** Resources by action, of whatever calls merchants in that mode. */
function allowed(settings: SettingsInput): Readonly<Record<string, readonly string[]>> {
  const { template } = synthesize(settings);
  const found: Record<string, string[]> = {};
  for (const { Properties } of Object.values(template.findResources("AWS::IAM::Policy")))
    for (const { Action, Resource } of Properties.PolicyDocument.Statement as Statement[])
      for (const action of [Action].flat())
        if (CHANNEL_ACTIONS.has(action) || JSON.stringify(Resource).includes(EVERY_KIND.queueArns[0]))
          (found[action] ??= []).push(...[Resource].flat().map((one) => JSON.stringify(one)));
  return found;
}

describe.each(["fargate", "lambda"] as const)("what sends by channels, with delivery.mode %s,", (mode) => {
  it("may send to what the settings list, and to nothing else", () => {
    const { kinds, ...listed } = EVERY_KIND;
    const found = allowed({ delivery: { mode }, channels: { ...listed, kinds: [...kinds] } as never });
    // In one statement with the pipeline's own queues, as the CDK puts them together.
    const ofOthers = found["sqs:SendMessage"]?.filter((resource) => !resource.includes('"Queues'));
    expect(ofOthers).toStrictEqual([JSON.stringify(EVERY_KIND.queueArns[0])]);
    expect(found["sns:Publish"]).toContain(JSON.stringify(EVERY_KIND.topicArns[0]));
    expect(found["events:PutEvents"]).toStrictEqual([JSON.stringify(EVERY_KIND.eventBusArns[0])]);
    expect(found["ses:SendEmail"]).toStrictEqual([
      JSON.stringify(EVERY_KIND.emailIdentityArns[0]),
      expect.stringContaining(":configuration-set/confirmation-receipts"),
    ]);
    expect(found["sms-voice:SendTextMessage"]).toStrictEqual([
      JSON.stringify(EVERY_KIND.sms.originationIdentity),
      expect.stringContaining(":configuration-set/confirmation-receipts"),
    ]);
    expect(found["social-messaging:SendWhatsAppMessage"]).toStrictEqual([
      expect.stringContaining(`:phone-number-id/${"0".repeat(32)}`),
    ]);
    expect(JSON.stringify(found)).not.toContain('"*"');
  });

  it("may send nothing of it without channels", () => {
    expect(allowed({ delivery: { mode } })).toStrictEqual({});
  });
});

describe("what sends to a hundred queues of long names", () => {
  it("has policies that IAM takes, with each of them", () => {
    const queueArns = Array.from(
      { length: 100 },
      (_, index) => `arn:aws:sqs:eu-west-1:123456789012:${"orders-of-a-company-".repeat(3)}${index}.fifo`,
    );
    const { template } = synthesize({ channels: { kinds: ["sqs"], queueArns } });
    const documentsOf = (type: string) =>
      Object.values(template.findResources(type))
        .map(({ Properties }) => JSON.stringify(Properties.PolicyDocument))
        .filter((document) => document.includes("orders-of-a-company-"));
    const [managed, inline] = [documentsOf("AWS::IAM::ManagedPolicy"), documentsOf("AWS::IAM::Policy")];
    const has = (arn: string) => [...managed, ...inline].some((document) => document.includes(`"${arn}"`));
    expect(queueArns.filter((arn) => !has(arn))).toEqual([]);
    for (const document of managed) expect(document.length).toBeLessThan(6144);
    for (const document of inline) expect(document.length).toBeLessThan(10_240);
  });
});

describe("the endpoint of SQS", () => {
  it("lets out what goes to queues of the settings, of whichever account", () => {
    const { template } = synthesize({ channels: { kinds: ["sqs"], queueArns: [...EVERY_KIND.queueArns] } });
    const endpoints = JSON.stringify(Template.fromJSON(template.toJSON()).findResources("AWS::EC2::VPCEndpoint"));
    expect(endpoints).toContain(EVERY_KIND.queueArns[0]);
    expect(JSON.stringify(synthesize({}).template.findResources("AWS::EC2::VPCEndpoint"))).not.toContain(
      "sqs:SendMessage",
    );
  });
});
