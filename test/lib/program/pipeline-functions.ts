import { describe, expect, it } from "@jest/globals";
import { Match } from "aws-cdk-lib/assertions";
import type { DeliveryMode } from "../../../core/settings/groups/delivery.ts";
import { functionsOf } from "../../../core/settings/mode-programs.ts";
import { DEPLOYMENT_FUNCTION_NAMES, FUNCTION_NAMES } from "../../../core/settings/names.ts";
import { synthesize } from "../synthesized-stack.ts";

const { template } = synthesize();
const { template: smallAccount } = synthesize({ delivery: { mode: "lambda" } });
const namesIn = (mode: DeliveryMode): readonly string[] => [
  ...functionsOf(mode).map((key) => FUNCTION_NAMES[key]),
  DEPLOYMENT_FUNCTION_NAMES.deploymentGuard,
];

describe.each([
  ...namesIn("fargate").map((name) => ({ name, of: template })),
  { name: FUNCTION_NAMES.confirmationTransactions, of: smallAccount },
])("the function $name", ({ name: FunctionName, of }) => {
  const its = (properties: object) =>
    of.hasResourceProperties("AWS::Lambda::Function", { FunctionName, ...properties });

  it("runs on Node 24 and arm64", () => {
    its({ Runtime: "nodejs24.x", Architectures: ["arm64"], Handler: "index.handler" });
  });

  it("is traced", () => {
    its({ TracingConfig: { Mode: "Active" } });
  });

  it("logs to a group that was made for it", () => {
    const [logicalId] = Object.keys(
      of.findResources("AWS::Logs::LogGroup", { Properties: { LogGroupName: `/aws/lambda/${FunctionName}` } }),
    );
    its({ LoggingConfig: { LogGroup: { Ref: logicalId } } });
  });

  it("names itself in logs and metrics", () => {
    its({
      Environment: {
        Variables: Match.objectLike({
          POWERTOOLS_SERVICE_NAME: FunctionName,
          POWERTOOLS_METRICS_NAMESPACE: "ConfirmationPipeline",
        }),
      },
    });
  });
});

describe("the functions", () => {
  it.each([
    ["fargate", template],
    ["lambda", smallAccount],
  ] as const)("are those that have a name in the mode %s, and none that the CDK made for itself", (mode, of) => {
    const functions = Object.values(of.findResources("AWS::Lambda::Function"));
    const names: string[] = functions.map(({ Properties }) => Properties.FunctionName);
    expect(names.toSorted()).toStrictEqual(namesIn(mode).toSorted());
  });
});

describe("the log groups", () => {
  const groups = Object.values(template.findResources("AWS::Logs::LogGroup")).map(({ Properties }) => Properties);

  it("end by retention, each of them", () => {
    expect(groups.filter(({ RetentionInDays }) => RetentionInDays !== 30)).toStrictEqual([]);
  });

  it("are encrypted with our own key, each of them", () => {
    template.allResourcesProperties("AWS::Logs::LogGroup", {
      KmsKeyId: { "Fn::GetAtt": [Match.stringLikeRegexp("^KeysOperations"), "Arn"] },
    });
  });

  it("keep logs for as many days as the settings say", () => {
    synthesize({ retention: { logDays: 400 } }).template.allResourcesProperties("AWS::Logs::LogGroup", {
      RetentionInDays: 400,
    });
  });

  it("may use the key only as log groups of this account", () => {
    const asLogGroup = Match.objectLike({
      Condition: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": Match.anyValue() } },
    });
    template.hasResourceProperties("AWS::KMS::Key", { KeyPolicy: { Statement: Match.arrayWith([asLogGroup]) } });
  });
});
