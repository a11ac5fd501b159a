import { describe, it } from "@jest/globals";
import { Match } from "aws-cdk-lib/assertions";
import { synthesize } from "../synthesized-stack.ts";

const { template } = synthesize();

describe("each alarm topic", () => {
  it("is encrypted with a key that CloudWatch may use without condition, or alarms would be dropped in silence", () => {
    template.allResourcesProperties("AWS::SNS::Topic", {
      KmsMasterKeyId: { "Fn::GetAtt": [Match.stringLikeRegexp("^KeysOperations"), "Arn"] },
    });
    const admitted = {
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Resource: "*",
      Condition: Match.absent(),
    };
    template.hasResourceProperties("AWS::KMS::Key", {
      KeyPolicy: { Statement: Match.arrayWith([Match.objectLike(admitted)]) },
    });
  });

  it("lets alarms of this account publish, and only with TLS", () => {
    const admitted = {
      Effect: "Allow",
      Action: "sns:Publish",
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Condition: { ArnLike: { "aws:SourceArn": Match.anyValue() } },
    };
    const refused = { Effect: "Deny", Action: "sns:Publish", Condition: { Bool: { "aws:SecureTransport": "false" } } };
    template.resourceCountIs("AWS::SNS::TopicPolicy", 2);
    template.allResourcesProperties("AWS::SNS::TopicPolicy", {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike(refused), Match.objectLike(admitted)]) },
    });
  });
});
