import { describe, expect, it } from "@jest/globals";
import { Match } from "aws-cdk-lib/assertions";
import { synthesize } from "../synthesized-stack.ts";

const { template } = synthesize();

describe("the published keys", () => {
  it("are at GET /merchants/{merchantId}/jwks.json", () => {
    const only = (part: string): string => {
      const [id = "", ...others] = Object.keys(
        template.findResources("AWS::ApiGateway::Resource", { Properties: { PathPart: part } }),
      );
      expect(others).toStrictEqual([]);
      return id;
    };
    const [merchants, merchant, keySet] = [only("merchants"), only("{merchantId}"), only("jwks.json")];
    template.hasResourceProperties("AWS::ApiGateway::Resource", {
      PathPart: "{merchantId}",
      ParentId: { Ref: merchants },
    });
    template.hasResourceProperties("AWS::ApiGateway::Resource", { PathPart: "jwks.json", ParentId: { Ref: merchant } });
    template.hasResourceProperties("AWS::ApiGateway::Method", {
      HttpMethod: "GET",
      ResourceId: { Ref: keySet },
      Integration: Match.objectLike({
        Type: "AWS_PROXY",
        Uri: {
          "Fn::Join": [
            "",
            Match.arrayWith([{ "Fn::GetAtt": [Match.stringLikeRegexp("^PublishedKeysFunction"), "Arn"] }]),
          ],
        },
      }),
    });
  });

  it("can be asked for by everyone, without using up the rate that confirmations need", () => {
    const route = { ResourcePath: "/~1merchants~1{merchantId}~1jwks.json", HttpMethod: "GET" };
    template.hasResourceProperties("AWS::ApiGateway::Stage", {
      MethodSettings: Match.arrayWith([
        Match.objectLike({ ...route, ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 }),
      ]),
    });
  });

  it("have their address among the outputs, with a place for the merchant", () => {
    expect(JSON.stringify(template.findOutputs("KeySetUrl"))).toContain("/merchants/{merchantId}/jwks.json");
  });
});
