/**
 * What `cdk deploy` prints: what an operator or a producer needs to know of the stack, and merchants for their
 * allow-lists.
 */
import { CfnOutput } from "aws-cdk-lib";
import type { Construct } from "constructs";

export interface Output {
  readonly value: string;
  readonly description: string;
}

export function addOutputs(stack: Construct, outputs: Readonly<Record<string, Output>>): void {
  for (const [name, output] of Object.entries(outputs)) new CfnOutput(stack, name, output);
}
