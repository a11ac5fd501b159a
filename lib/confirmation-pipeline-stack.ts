/**
 * The stack that is deployed: the pipeline, and what is printed of it. Needs neither an account nor a region to
 * synthesize. It does not ask for termination protection: the CDK turns that on before it creates anything, and a first
 * deployment that fails could not be tried again. `npm run deploy` turns it on when all is there.
 */
import { Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { ConfirmationPipeline, type ConfirmationPipelineProps } from "./confirmation-pipeline.ts";
import { parseSettings } from "../core/settings/settings.ts";
import { physicalName } from "../core/settings/physical-names.ts";
import { addOutputs } from "./stack/outputs.ts";

const STACK_NAME = "ConfirmationPipeline";

export interface ConfirmationPipelineStackProps
  extends
    StackProps,
    Required<Omit<ConfirmationPipelineProps, "consoleFiles">>,
    Pick<ConfirmationPipelineProps, "consoleFiles"> {}

export class ConfirmationPipelineStack extends Stack {
  constructor(scope: Construct, id: string, props: ConfirmationPipelineStackProps) {
    const { settings: given, bundles, consoleFiles, ...others } = props;
    const settings = parseSettings(given);
    super(scope, id, {
      ...(settings.name !== undefined && { stackName: physicalName(settings, STACK_NAME) }),
      description: "Confirms every transaction at its merchant's webhook",
      analyticsReporting: false,
      ...others,
    });
    // The CDK leaves `Default` out of logical ids: resources keep those that they had directly in the stack.
    addOutputs(this, new ConfirmationPipeline(this, "Default", { settings, bundles, consoleFiles }));
  }
}
