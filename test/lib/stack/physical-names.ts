import { describe, expect, it } from "@jest/globals";
import type { Template } from "aws-cdk-lib/assertions";
import { synthesize } from "../synthesized-stack.ts";

/** What is one in an account and region by its name, by the property that has it. */
const NAMED_BY: Readonly<Record<string, readonly string[]>> = {
  "AWS::ApiGateway::RestApi": ["Name"],
  "AWS::ApplicationAutoScaling::ScalingPolicy": ["PolicyName"],
  "AWS::CloudWatch::Alarm": ["AlarmName"],
  "AWS::CloudWatch::CompositeAlarm": ["AlarmName"],
  "AWS::CloudWatch::Dashboard": ["DashboardName"],
  "AWS::CloudWatch::InsightRule": ["RuleName"],
  "AWS::DynamoDB::Table": ["TableName"],
  "AWS::EC2::SecurityGroup": ["GroupName"],
  "AWS::ECS::Cluster": ["ClusterName"],
  "AWS::ECS::Service": ["ServiceName"],
  "AWS::ECS::TaskDefinition": ["Family"],
  "AWS::Events::Rule": ["Name"],
  "AWS::IAM::Role": ["RoleName"],
  "AWS::KMS::Alias": ["AliasName"],
  "AWS::Lambda::Function": ["FunctionName"],
  "AWS::Logs::LogGroup": ["LogGroupName"],
  "AWS::Logs::QueryDefinition": ["Name"],
  "AWS::S3::Bucket": ["BucketName"],
  "AWS::SNS::Topic": ["TopicName"],
  "AWS::SQS::Queue": ["QueueName"],
  "AWS::SecretsManager::Secret": ["Name"],
  "AWS::XRay::SamplingRule": ["SamplingRule", "RuleName"],
};
/** The names of the mission, and what was named beside them: what users, scripts and dashboards know them by. */
const WITHOUT_NAME = [
  "/aws/lambda/audit-transactions",
  "/aws/lambda/canary",
  "/aws/lambda/confirmation-transactions",
  "/aws/lambda/confirmation-webhook",
  "/aws/lambda/deployment-guard",
  "/aws/lambda/insert-fake-transactions",
  "/aws/lambda/receive-acknowledgements",
  "/aws/lambda/release-due",
  "/aws/lambda/signing-keys",
  "/aws/lambda/stream-transactions",
  "/confirmation-pipeline/api-access",
  "/confirmation-pipeline/confirmation-worker",
  "/confirmation-pipeline/network-flows",
  "Audits",
  "ConfirmationPipeline",
  "ConfirmationPipeline-DeadLettersByMerchant",
  "ConfirmationPipeline-FailedByMerchant",
  "ConfirmationPipeline-ParkedByMerchant",
  "MerchantGates",
  "Merchants",
  "ReceivedConfirmations",
  "Transactions",
  "alias/confirmation-pipeline/imported-secrets",
  "audit-parts",
  "audit-parts-dl",
  "audit-transactions",
  "canary",
  "confirmation",
  "confirmation-webhook",
  "confirmation-worker-backlog-per-task",
  "confirmation-worker-cpu",
  "confirmations-dl.fifo",
  "confirmations-ordered.fifo",
  "confirmations.fifo",
  "deployment-guard",
  "insert-fake-transactions",
  "receive-acknowledgements",
  "release-due",
  "signing-keys",
  "stream-transactions",
];
/** Queries of the logs in their folder; what the CDK names by its place in the app. */
const GENERATED = /^confirmation-pipeline\/[a-z-]+$|^ConfirmationPipeline(?:ConfirmationWorkerTask|Alarms)\w+$/;
const NAMED_DIMENSIONS = /"(?:FunctionName|QueueName|TableName|LogGroupName)\\*",\\*"([^"\\]+)/g;

interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

function namesIn(template: Template): ReadonlySet<string> {
  const resources: readonly Resource[] = Object.values(template.toJSON().Resources);
  const names = resources.flatMap(({ Type, Properties = {} }) => {
    let value: unknown = Properties;
    for (const key of NAMED_BY[Type] ?? ["none"]) value = (value as Record<string, unknown> | undefined)?.[key];
    return typeof value === "string" ? [value] : [];
  });
  return new Set(names);
}

/** Of metrics of alarms, and in the dashboard's text. */
function namedInMetrics(template: Template): readonly string[] {
  const alarms = JSON.stringify(template.findResources("AWS::CloudWatch::Alarm")).replaceAll(
    /"Name":"(\w+)","Value":"/g,
    '"$1","',
  );
  const text = alarms + JSON.stringify(template.findResources("AWS::CloudWatch::Dashboard"));
  const values = [...text.matchAll(NAMED_DIMENSIONS)].map(([, value = ""]) => value);
  // Not what is a reference, or begins one.
  return [...new Set(values)].filter((value) => value !== "Value" && !value.startsWith("API-Gateway-"));
}

/** Rankings of merchants have names too. */
const insights = { merchants: true };
const unnamed = synthesize({ insights });
const acme = synthesize({ name: "acme", insights });
const other = synthesize({ name: "acme-sandbox", insights });

describe("the names of resources", () => {
  it("are those of the mission where the pipeline has no name", () => {
    const others = [...namesIn(unnamed.template)].filter((name) => !WITHOUT_NAME.includes(name));
    expect(others.filter((name) => !GENERATED.test(name))).toStrictEqual([]);
    expect(WITHOUT_NAME.filter((name) => !namesIn(unnamed.template).has(name))).toStrictEqual([]);
    expect(unnamed.stack.stackName).toBe("ConfirmationPipeline");
  });

  it("are others for each pipeline in an account", () => {
    const sets = [unnamed, acme, other].map(({ template }) => namesIn(template));
    const all = sets.flatMap((names) => [...names]);
    expect(all.filter((name, index) => all.indexOf(name) !== index)).toStrictEqual([]);
    expect(acme.stack.stackName).toBe("acme-ConfirmationPipeline");
  });

  it("begin with the pipeline's name", () => {
    const begins = /^(?:\/aws\/lambda\/|alias\/|\/)?acme-/;
    expect([...namesIn(acme.template)].filter((name) => !begins.test(name))).toStrictEqual([]);
  });

  it("are as long as AWS takes them, with the longest name there is", () => {
    const { template } = synthesize({ name: "a-quite-long-one" });
    const rules = Object.values(template.findResources("AWS::XRay::SamplingRule"));
    const names = rules.map(({ Properties }): string => Properties.SamplingRule.RuleName);
    expect(names.filter((name) => name.length > 32)).toStrictEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });

  it("are those that alarms and the dashboard look at", () => {
    const named = namedInMetrics(acme.template);
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !namesIn(acme.template).has(name))).toStrictEqual([]);
    const texts = [
      acme.template.findResources("AWS::CloudWatch::Alarm"),
      acme.template.findResources("AWS::CloudWatch::Dashboard"),
    ];
    expect(JSON.stringify(texts)).not.toMatch(/"ConfirmationPipeline\\*"/);
    expect(JSON.stringify(texts)).toMatch(/"acme-ConfirmationPipeline\\*"/);
  });
});
