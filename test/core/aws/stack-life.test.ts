import { CloudFormationClient, DescribeStackEventsCommand, type ResourceStatus } from "@aws-sdk/client-cloudformation";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import { statusBeforeDeletion } from "../../../core/aws/stack-life.ts";

const STACK = "arn:aws:cloudformation:eu-west-1:123456789012:stack/ConfirmationPipeline/1";
const cloudformation = mockClient(CloudFormationClient);
const client = new CloudFormationClient({ region: "eu-west-1" });
beforeEach(() => {
  cloudformation.reset();
});

const ofStack = (status: ResourceStatus) => ({
  EventId: status,
  StackName: "ConfirmationPipeline",
  StackId: STACK,
  PhysicalResourceId: STACK,
  ResourceType: "AWS::CloudFormation::Stack",
  ResourceStatus: status,
  Timestamp: new Date(0),
});
const ofTable = {
  ...ofStack("DELETE_COMPLETE"),
  PhysicalResourceId: "Transactions",
  ResourceType: "AWS::DynamoDB::Table",
};

describe("the state of a stack before its deletion", () => {
  it("is its newest that is none of a deletion, on whichever page", async () => {
    const deletions = [ofTable, ofStack("DELETE_IN_PROGRESS"), ofStack("DELETE_FAILED"), ofStack("DELETE_IN_PROGRESS")];
    cloudformation
      .on(DescribeStackEventsCommand, { StackName: STACK })
      .resolves({ StackEvents: deletions, NextToken: "2" })
      .on(DescribeStackEventsCommand, { StackName: STACK, NextToken: "2" })
      .resolves({
        StackEvents: [ofTable, ofStack("ROLLBACK_FAILED"), ofStack("CREATE_IN_PROGRESS")],
      });
    expect(await statusBeforeDeletion(client, STACK)).toBe("ROLLBACK_FAILED");
  });

  it("is not known when its events are too old", async () => {
    cloudformation.on(DescribeStackEventsCommand).resolves({ StackEvents: [ofStack("DELETE_IN_PROGRESS")] });
    expect(await statusBeforeDeletion(client, STACK)).toBeUndefined();
  });
});
