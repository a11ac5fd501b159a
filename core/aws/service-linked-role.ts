/**
 * The role that a service acts through in an account. The first ECS cluster of an account can fail for want of it, as
 * ECS begins to create it only then (github.com/aws/containers-roadmap, issue 818); CloudFormation's own resource for
 * such roles fails where it is there already.
 */
import { CreateServiceLinkedRoleCommand, type IAMClient, InvalidInputException } from "@aws-sdk/client-iam";

const IS_THERE = /has been taken in this account/;

/** @param service such as `ecs.amazonaws.com` */
export async function ensureServiceLinkedRole(client: IAMClient, service: string): Promise<void> {
  try {
    await client.send(new CreateServiceLinkedRoleCommand({ AWSServiceName: service }));
  } catch (error) {
    if (!(error instanceof InvalidInputException && IS_THERE.test(error.message))) throw error;
  }
}
