import { describe, it } from "@jest/globals";
import { Match } from "aws-cdk-lib/assertions";
import { synthesize } from "../synthesized-stack.ts";

const { template } = synthesize();

describe("release-due", () => {
  it("starts every minute", () => {
    template.hasResourceProperties("AWS::Events::Rule", {
      ScheduleExpression: "rate(1 minute)",
      State: "ENABLED",
      Targets: Match.arrayWith([
        Match.objectLike({ Arn: { "Fn::GetAtt": [Match.stringLikeRegexp("^ReleaseDueFunction"), "Arn"] } }),
      ]),
    });
  });

  it("is asked for as many parts as its rate needs, each a target of its own", () => {
    const target = (part: number) => Match.objectLike({ Input: JSON.stringify({ part, parts: 3 }) });
    template.hasResourceProperties("AWS::Events::Rule", { Targets: [target(0), target(1), target(2)] });
  });

  it("ends by itself long before it would be ended", () => {
    template.hasResourceProperties("AWS::Lambda::Function", { FunctionName: "release-due", Timeout: 90 });
  });

  it("does not pile up: a run that failed or came late is left to the next minute's", () => {
    template.hasResourceProperties("AWS::Events::Rule", {
      Targets: Match.arrayWith([
        Match.objectLike({
          Input: Match.stringLikeRegexp("part"),
          RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
        }),
      ]),
    });
    template.hasResourceProperties("AWS::Lambda::EventInvokeConfig", {
      FunctionName: { Ref: Match.stringLikeRegexp("^ReleaseDueFunction") },
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
    });
  });
});
