import {
  CloudFormationClient,
  DescribeStacksCommand,
  type StackStatus,
  UpdateTerminationProtectionCommand,
} from "@aws-sdk/client-cloudformation";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import { protectStack } from "../../../core/aws/protect-stack.ts";

const cloudformation = mockClient(CloudFormationClient);
const client = new CloudFormationClient({ region: "eu-west-1" });
beforeEach(() => {
  cloudformation.reset();
});

const isStack = (status: StackStatus, isProtected = false) =>
  cloudformation.on(DescribeStacksCommand).resolves({
    Stacks: [
      { StackName: "x", CreationTime: new Date(0), StackStatus: status, EnableTerminationProtection: isProtected },
    ],
  });

describe("termination protection", () => {
  it.each<StackStatus>(["CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_FAILED"])(
    "is turned on for a stack that runs: %s",
    async (status) => {
      isStack(status);
      expect(await protectStack(client, "x")).toBe("termination protection is on now");
      const [call] = cloudformation.commandCalls(UpdateTerminationProtectionCommand);
      expect(call?.args[0].input).toEqual({ StackName: "x", EnableTerminationProtection: true });
    },
  );

  it.each<StackStatus>(["ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "REVIEW_IN_PROGRESS"])(
    "stays off for one whose first deployment failed or is not over: %s",
    async (status) => {
      isStack(status);
      expect(await protectStack(client, "x")).toBe(`termination protection stays off, as the stack is ${status}`);
      expect(cloudformation.commandCalls(UpdateTerminationProtectionCommand)).toHaveLength(0);
    },
  );

  it("is left alone where it is on, and where no stack is", async () => {
    isStack("UPDATE_COMPLETE", true);
    expect(await protectStack(client, "x")).toBe("termination protection is on");
    cloudformation.on(DescribeStacksCommand).rejects(new Error("Stack with id x does not exist"));
    expect(await protectStack(client, "x")).toBe("termination protection stays off, as the stack is not there");
    expect(cloudformation.commandCalls(UpdateTerminationProtectionCommand)).toHaveLength(0);
  });
});
