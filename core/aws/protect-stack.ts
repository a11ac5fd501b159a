/** Termination protection of a stack that was deployed, for who deploys it. */
import { type CloudFormationClient, UpdateTerminationProtectionCommand } from "@aws-sdk/client-cloudformation";
import { type StackLife, stackLife } from "./stack-life.ts";

/** States of a stack that was whole once, and is at rest. */
const RUNS = /^(?:CREATE|UPDATE|IMPORT)_COMPLETE$|^UPDATE_FAILED$|^(?:UPDATE|IMPORT)_ROLLBACK_(?:COMPLETE|FAILED)$/;

/**
 * Turns termination protection on, once the stack runs.
 * @returns what became of it, for a person
 */
export async function protectStack(client: CloudFormationClient, stack: string): Promise<string> {
  const { status, isProtected } = await stackLife(client, stack).catch(absent);
  if (!RUNS.test(status)) return `termination protection stays off, as the stack is ${status}`;
  if (isProtected) return "termination protection is on";
  await client.send(new UpdateTerminationProtectionCommand({ StackName: stack, EnableTerminationProtection: true }));
  return "termination protection is on now";
}

/** What CloudFormation says of a stack that is not there, with no name of its own for it. */
function absent(error: unknown): StackLife {
  if (/does not exist/.test((error as Error).message)) return { status: "not there", isProtected: false };
  throw error;
}
