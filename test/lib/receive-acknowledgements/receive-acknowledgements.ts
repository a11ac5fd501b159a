import { describe, expect, it } from "@jest/globals";
import { Match } from "aws-cdk-lib/assertions";
import { FUNCTION_NAMES } from "../../../core/settings/names.ts";
import { synthesize } from "../synthesized-stack.ts";

describe("the acknowledgements of merchants", () => {
  const { template } = synthesize();

  it("are taken without a token, as they are signed, and by a function of its own", () => {
    const [id] = Object.keys(
      template.findResources("AWS::ApiGateway::Resource", { Properties: { PathPart: "acknowledgements" } }),
    );
    template.hasResourceProperties("AWS::ApiGateway::Method", {
      HttpMethod: "POST",
      ResourceId: { Ref: id },
      AuthorizationType: "NONE",
      Integration: Match.objectLike({
        Uri: {
          "Fn::Join": [
            "",
            Match.arrayWith([{ "Fn::GetAtt": [Match.stringLikeRegexp("^AcknowledgementsFunction"), "Arn"] }]),
          ],
        },
      }),
    });
  });

  it.each([
    [{}, 2000, 2000],
    [{ targetRatePerSecond: 50_000, peakRatePerSecond: 50_000 }, 5000, 2500],
  ])(
    "are as many a second as are confirmed, and no more than half of the account's API: %j",
    (settings, rate, burst) => {
      const route = { ResourcePath: "/~1acknowledgements", HttpMethod: "POST" };
      synthesize(settings).template.hasResourceProperties("AWS::ApiGateway::Stage", {
        MethodSettings: Match.arrayWith([
          Match.objectLike({ ...route, ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst }),
        ]),
      });
    },
  );

  it("have executions of their own where the settings reserve some, and none without", () => {
    const ofFunction = { FunctionName: FUNCTION_NAMES.receiveAcknowledgements };
    synthesize({ delivery: { acknowledgementConcurrency: 30 } }).template.hasResourceProperties(
      "AWS::Lambda::Function",
      { ...ofFunction, ReservedConcurrentExecutions: 30 },
    );
    template.hasResourceProperties("AWS::Lambda::Function", {
      ...ofFunction,
      ReservedConcurrentExecutions: Match.absent(),
    });
  });

  it("have their address among the outputs", () => {
    expect(JSON.stringify(template.findOutputs("AcknowledgementUrl"))).toContain("/acknowledgements");
  });
});
