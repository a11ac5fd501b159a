import { CreateServiceLinkedRoleCommand, IAMClient, InvalidInputException } from "@aws-sdk/client-iam";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import { ensureServiceLinkedRole } from "../../../core/aws/service-linked-role.ts";

const faked = mockClient(IAMClient);
const client = new IAMClient({ region: "us-east-1" });
beforeEach(() => {
  faked.reset();
});

const refusedWith = (message: string) =>
  faked.on(CreateServiceLinkedRoleCommand).rejects(new InvalidInputException({ message, $metadata: {} }));

describe("the role of a service", () => {
  it("is made where it is not there", async () => {
    faked.on(CreateServiceLinkedRoleCommand).resolves({});
    await ensureServiceLinkedRole(client, "ecs.amazonaws.com");
    const [call] = faked.commandCalls(CreateServiceLinkedRoleCommand);
    expect(call?.args[0].input).toEqual({ AWSServiceName: "ecs.amazonaws.com" });
  });

  it("may be there already", async () => {
    refusedWith(
      "Service role name AWSServiceRoleForECS has been taken in this account, please try a different suffix.",
    );
    await expect(ensureServiceLinkedRole(client, "ecs.amazonaws.com")).resolves.toBeUndefined();
  });

  it("is an error where it cannot be made for any other reason", async () => {
    refusedWith("Service principal is not valid");
    await expect(ensureServiceLinkedRole(client, "ecs.amazonaws.com")).rejects.toThrow("is not valid");
  });
});
