import { describe, expect, it } from "@jest/globals";
import { Match } from "aws-cdk-lib/assertions";
import { synthesize } from "../synthesized-stack.ts";

const { template } = synthesize();
/** The random part of the stack's id. */
const SECRET = { "Fn::Select": [2, { "Fn::Split": ["/", { Ref: "AWS::StackId" }] }] };

describe("the canary", () => {
  it("is sent every minute, and a run that failed or came late is left to the next one", () => {
    template.hasResourceProperties("AWS::Events::Rule", {
      ScheduleExpression: "rate(1 minute)",
      State: "ENABLED",
      Targets: [
        Match.objectLike({
          Arn: { "Fn::GetAtt": [Match.stringLikeRegexp("^CanaryFunction"), "Arn"] },
          RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
        }),
      ],
    });
  });

  it("is sent less often in small-account mode, or as often as a setting says", () => {
    for (const [settings, rate] of [
      [{ delivery: { mode: "lambda" } }, "rate(5 minutes)"],
      [{ canary: { everyMinutes: 2 } }, "rate(2 minutes)"],
    ] as const) {
      const { template: other } = synthesize(settings);
      const Targets = [Match.objectLike({ Arn: { "Fn::GetAtt": [Match.stringLikeRegexp("^CanaryFunction"), "Arn"] } })];
      other.hasResourceProperties("AWS::Events::Rule", { ScheduleExpression: rate, Targets });
      other.hasResourceProperties("AWS::Lambda::Function", {
        FunctionName: "canary",
        Environment: { Variables: Match.objectLike({ CANARY_EVERY_MINUTES: /\d+/.exec(rate)?.[0] }) },
      });
    }
  });

  it("goes to the reference merchant, and has as long as the objective says", () => {
    template.hasResourceProperties("AWS::Lambda::Function", {
      FunctionName: "canary",
      Environment: {
        Variables: Match.objectLike({
          CONFIRMATION_URL: { "Fn::Join": ["", Match.arrayWith([Match.stringLikeRegexp("/canary/$"), SECRET])] },
          CONFIRM_WITHIN_SECONDS: "30",
        }),
      },
    });
  });

  it("comes by a path that nobody is told, with a limit that nobody else uses up", () => {
    template.hasResourceProperties("AWS::ApiGateway::Resource", { PathPart: SECRET });
    const path = { "Fn::Join": ["", ["/~1canary~1", SECRET]] };
    const limits = { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 10 };
    template.hasResourceProperties("AWS::ApiGateway::Stage", {
      MethodSettings: Match.arrayWith([Match.objectLike({ ResourcePath: path, HttpMethod: "POST", ...limits })]),
    });
    expect(JSON.stringify(template.toJSON().Outputs)).not.toContain("AWS::StackId");
  });

  it("is left out where a setting says so, with its schedule", () => {
    const { template: without } = synthesize({ canary: { enabled: false } });
    const functions = Object.values(without.findResources("AWS::Lambda::Function")).map(
      ({ Properties }): string => Properties.FunctionName,
    );
    expect(functions).not.toContain("canary");
    without.resourceCountIs("AWS::Events::Rule", 3);
  });
});
