import { describe, expect, it } from "@jest/globals";
import { Match } from "aws-cdk-lib/assertions";
import { FUNCTION_NAMES } from "../../../core/settings/names.ts";
import { synthesize } from "../synthesized-stack.ts";

const { template } = synthesize();

describe.each(Object.values(FUNCTION_NAMES))("the function %s", (FunctionName) => {
  const its = (properties: object) =>
    template.hasResourceProperties("AWS::Lambda::Function", { FunctionName, ...properties });

  it("runs on Node 24 and arm64", () => {
    its({ Runtime: "nodejs24.x", Architectures: ["arm64"], Handler: "index.handler" });
  });

  it("is traced", () => {
    its({ TracingConfig: { Mode: "Active" } });
  });

  it("logs to a group that was made for it", () => {
    const [logicalId] = Object.keys(
      template.findResources("AWS::Logs::LogGroup", { Properties: { LogGroupName: `/aws/lambda/${FunctionName}` } }),
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
  it("are those that have a name, and none that the CDK made for itself", () => {
    const functions = Object.values(template.findResources("AWS::Lambda::Function"));
    const names: string[] = functions.map(({ Properties }) => Properties.FunctionName);
    expect(names.toSorted()).toStrictEqual(Object.values(FUNCTION_NAMES).toSorted());
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
