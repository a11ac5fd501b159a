import { describe, it } from "@jest/globals";
import { Match } from "aws-cdk-lib/assertions";
import { synthesize } from "../synthesized-stack.ts";

const { template } = synthesize();
const stage = (properties: object) => template.hasResourceProperties("AWS::ApiGateway::Stage", properties);

describe("the reference merchant", () => {
  it("takes confirmations at POST /confirmation", () => {
    template.hasResourceProperties("AWS::ApiGateway::Resource", { PathPart: "confirmation" });
    template.hasResourceProperties("AWS::ApiGateway::Method", {
      HttpMethod: "POST",
      Integration: Match.objectLike({
        Type: "AWS_PROXY",
        Uri: {
          "Fn::Join": [
            "",
            Match.arrayWith([{ "Fn::GetAtt": [Match.stringLikeRegexp("^ReferenceMerchantFunction"), "Arn"] }]),
          ],
        },
      }),
    });
  });

  it("turns away what lacks a signature or is no confirmation", () => {
    template.hasResourceProperties("AWS::ApiGateway::RequestValidator", {
      ValidateRequestBody: true,
      ValidateRequestParameters: true,
    });
    template.hasResourceProperties("AWS::ApiGateway::Method", {
      RequestParameters: {
        "method.request.header.webhook-id": true,
        "method.request.header.webhook-timestamp": true,
        "method.request.header.webhook-signature": true,
      },
      RequestModels: { "application/json": Match.anyValue() },
    });
  });

  it("has executions of its own only where a setting says so", () => {
    const ofWebhook = (concurrency: unknown) => ({
      FunctionName: "confirmation-webhook",
      ReservedConcurrentExecutions: concurrency,
    });
    template.hasResourceProperties("AWS::Lambda::Function", ofWebhook(Match.absent()));
    const { template: other } = synthesize({ referenceMerchant: { reservedConcurrency: 20 } });
    other.hasResourceProperties("AWS::Lambda::Function", ofWebhook(20));
  });

  it("is traced", () => {
    stage({ TracingEnabled: true });
  });

  it("logs every access", () => {
    stage({ AccessLogSetting: { DestinationArn: Match.anyValue(), Format: Match.stringLikeRegexp("requestId") } });
  });

  it("is throttled at twice the target rate", () => {
    const everything = { ResourcePath: "/*", HttpMethod: "*", ThrottlingRateLimit: 4000, ThrottlingBurstLimit: 4000 };
    stage({ MethodSettings: Match.arrayWith([Match.objectLike(everything)]) });
  });

  it("remembers what it received in a table of its own, for a time", () => {
    template.hasResourceProperties("AWS::DynamoDB::Table", {
      TableName: "ReceivedConfirmations",
      KeySchema: [{ AttributeName: "webhookId", KeyType: "HASH" }],
      TimeToLiveSpecification: { AttributeName: "purgeAt", Enabled: true },
    });
  });
});
