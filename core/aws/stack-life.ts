/** What CloudFormation says of a stack: its state, whether it is protected, and what it was before it is deleted. */
import {
  type CloudFormationClient,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  type StackEvent,
} from "@aws-sdk/client-cloudformation";

export interface StackLife {
  /** As CloudFormation calls it, such as `CREATE_COMPLETE`. */
  readonly status: string;
  readonly isProtected: boolean;
}

/** A hundred events each. */
const MOST_PAGES = 50;
const STACK = "AWS::CloudFormation::Stack";

export async function stackLife(client: CloudFormationClient, stack: string): Promise<StackLife> {
  const { Stacks: [described] = [] } = await client.send(new DescribeStacksCommand({ StackName: stack }));
  return { status: described?.StackStatus ?? "", isProtected: described?.EnableTerminationProtection === true };
}

/**
 * The newest state of a stack that was not one of its deletion. Events are kept for 90 days (AWS CloudFormation User
 * Guide, "View stack events").
 *
 * @returns undefined when none is kept
 */
export async function statusBeforeDeletion(client: CloudFormationClient, stackId: string): Promise<string | undefined> {
  let NextToken: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const output = await client.send(
      new DescribeStackEventsCommand({ StackName: stackId, ...(NextToken !== undefined && { NextToken }) }),
    );
    const before = (output.StackEvents ?? []).find((event) => isOfStack(event) && !isOfDeletion(event));
    if (before !== undefined) return before.ResourceStatus;
    ({ NextToken } = output);
    if (NextToken === undefined) return undefined;
  }
  return undefined;
}

function isOfStack({ ResourceType, PhysicalResourceId, StackId }: StackEvent): boolean {
  return ResourceType === STACK && PhysicalResourceId === StackId;
}

function isOfDeletion({ ResourceStatus }: StackEvent): boolean {
  return ResourceStatus?.startsWith("DELETE_") === true;
}
