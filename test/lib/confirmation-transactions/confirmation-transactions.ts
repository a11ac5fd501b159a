import { describe, expect, it } from "@jest/globals";
import { Match } from "aws-cdk-lib/assertions";
import type { SettingsInput } from "../../../core/settings/settings.ts";
import { WITH_API } from "../program/template-programs.ts";
import { synthesize } from "../synthesized-stack.ts";

const smallAccount = (settings: SettingsInput = {}) =>
  synthesize({ ...settings, delivery: { ...settings.delivery, mode: "lambda" } }).template;
const template = smallAccount();

interface Mapping {
  readonly EventSourceArn: { readonly "Fn::GetAtt": readonly string[] };
  readonly BatchSize: number;
  readonly FunctionResponseTypes?: readonly string[];
  readonly ScalingConfig?: { readonly MaximumConcurrency: number };
}

/** Mappings that invoke the function, by the queue that they are from. */
function mappingsOf(of: typeof template): Map<string, Mapping> {
  const found = of.findResources("AWS::Lambda::EventSourceMapping", {
    Properties: { FunctionName: { Ref: Match.stringLikeRegexp("^ConfirmationTransactions") } },
  });
  return new Map(
    Object.values(found).map(({ Properties }) => [
      String((Properties as Mapping).EventSourceArn["Fn::GetAtt"][0]).replace(/[0-9A-F]{8}$/, ""),
      Properties as Mapping,
    ]),
  );
}

describe("the function that calls merchants in small-account mode", () => {
  it("is invoked by both queues, with ten messages at most, and reports failures one by one", () => {
    expect([...mappingsOf(template).keys()].toSorted()).toEqual(["QueuesConfirmations", "QueuesOrdered"]);
    for (const mapping of mappingsOf(template).values())
      expect(mapping).toMatchObject({ BatchSize: 10, FunctionResponseTypes: ["ReportBatchItemFailures"] });
  });

  it("runs as often side by side as the settings say, and twice for what is delivered in order", () => {
    // Calls by hand have executions of their own.
    const of = smallAccount({ lambda: { maximumConcurrency: 9 }, ...WITH_API });
    const mappings = mappingsOf(of);
    expect(mappings.get("QueuesConfirmations")?.ScalingConfig).toEqual({ MaximumConcurrency: 9 });
    expect(mappings.get("QueuesOrdered")?.ScalingConfig).toEqual({ MaximumConcurrency: 2 });
    // What merchants have a share of.
    of.hasResourceProperties("AWS::Lambda::Function", {
      FunctionName: "confirmation-transactions",
      Environment: { Variables: Match.objectLike({ EXECUTIONS: "9" }) },
    });
  });

  it.each([10_000, 2000, 60_000])(
    "has a sixth of the queues' visibility, and time for two deadlines of %d ms",
    (ms) => {
      const of = smallAccount({ delivery: { deadlineMs: ms } });
      const [caller] = Object.values(
        of.findResources("AWS::Lambda::Function", { Properties: { FunctionName: "confirmation-transactions" } }),
      );
      const timeoutSeconds: number = caller?.["Properties"].Timeout;
      expect(timeoutSeconds).toBeGreaterThan((2 * ms) / 1000);
      for (const QueueName of ["confirmations.fifo", "confirmations-ordered.fifo"])
        of.hasResourceProperties("AWS::SQS::Queue", { QueueName, VisibilityTimeout: 6 * timeoutSeconds });
    },
  );

  it("has the memory of the settings", () => {
    smallAccount({ lambda: { memoryMiB: 1024 } }).hasResourceProperties("AWS::Lambda::Function", {
      FunctionName: "confirmation-transactions",
      MemorySize: 1024,
    });
  });

  it("leaves the queues' dead letters as they are", () => {
    for (const [QueueName, maxReceiveCount] of [
      ["confirmations.fifo", 100],
      ["confirmations-ordered.fifo", 1000],
    ] as const)
      template.hasResourceProperties("AWS::SQS::Queue", {
        QueueName,
        RedrivePolicy: Match.objectLike({ maxReceiveCount }),
      });
  });

  it("is not there in the standard mode", () => {
    expect(mappingsOf(synthesize().template).size).toBe(0);
  });
});

describe("small-account mode", () => {
  const types = Object.values<{ Type: string }>(template.toJSON().Resources).map(({ Type }) => Type);

  it("has nothing that is paid by the hour, and no image to build", () => {
    const paid = /^AWS::(EC2|ECS|ECR|ApplicationAutoScaling)::|::Dashboard$|::InsightRule$|::CompositeAlarm$/;
    expect(types.filter((type) => paid.test(type))).toEqual([]);
    expect(JSON.stringify(template.toJSON())).not.toContain(".dkr.ecr.");
  });

  it("prints no egress addresses", () => {
    expect(Object.keys(template.findOutputs("*")).filter((name) => name.startsWith("Egress"))).toEqual([]);
  });

  it("keeps what holds data as the standard mode has it: a change of the mode replaces nothing", () => {
    const { template: standard } = synthesize();
    for (const type of [
      "AWS::DynamoDB::Table",
      "AWS::SQS::Queue",
      "AWS::KMS::Key",
      "AWS::SecretsManager::Secret",
      "AWS::S3::Bucket",
      "AWS::Logs::LogGroup",
    ]) {
      const [ids, its] = [standard, template].map((of) => Object.keys(of.findResources(type)).toSorted());
      expect(its).toEqual(ids);
    }
  });

  it("has API Gateway make no metrics by method, which are billed as our own", () => {
    template.hasResourceProperties("AWS::ApiGateway::Stage", {
      MethodSettings: Match.arrayWith([
        Match.objectLike({ HttpMethod: "*", ResourcePath: "/*", MetricsEnabled: false }),
      ]),
    });
  });

  it("runs release-due in one part each minute", () => {
    const targets = Object.values(template.findResources("AWS::Events::Rule"))
      .flatMap(({ Properties }) => Properties.Targets as { Arn: { "Fn::GetAtt": string[] } }[])
      .filter(({ Arn }) => Arn["Fn::GetAtt"][0]?.startsWith("ReleaseDue"));
    expect(targets).toHaveLength(1);
  });

  it("says which settings nothing reads, by name, and builds all the same", () => {
    const { app } = synthesize({ delivery: { mode: "lambda" }, worker: { cpu: 512 }, network: { zones: 3 } });
    const warnings = app.node
      .findAll()
      .flatMap(({ node }) => node.metadata)
      .filter(({ type }) => type === "aws:cdk:warning")
      .map(({ data }) => String(data));
    for (const path of ["worker.cpu", "network.zones"])
      expect(
        warnings.some((text) => text.includes(`settings.${path}: nothing reads it with delivery.mode lambda`)),
      ).toBe(true);
  });
});
