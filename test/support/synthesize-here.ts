/**
 * The stack synthesized in this process, which has the CDK loaded and compiled from one start to the next; a process
 * for each takes four seconds of a core. What `bin/` adds, its checks and the line on cost, says nothing to whoever
 * brings the stack up on this machine; `npm start` and the tests of the app run it.
 */
import { join } from "node:path";
import { App } from "aws-cdk-lib";
import { parseSettings, type SettingsInput } from "../../core/settings/settings.ts";
import { ConfirmationPipelineStack } from "../../lib/confirmation-pipeline-stack.ts";
import { bundlePrograms } from "../../lib/program/bundle.ts";
import { FEATURE_FLAGS } from "../../lib/stack/feature-flags.ts";

const WITHOUT_REPORT = {
  ...FEATURE_FLAGS,
  "@aws-cdk/core:annotationsInValidationReport": false,
  "aws:cdk:disable-creation-stack-traces": true,
  "aws:cdk:disable-logicalId-metadata": true,
  "aws:cdk:disable-stack-trace": true,
};

/** @returns the directory of the assembly */
export async function synthesizeHere(stateDirectory: string, settings: SettingsInput): Promise<string> {
  const outdir = join(stateDirectory, "cdk.out");
  const app = new App({
    context: WITHOUT_REPORT,
    outdir,
    autoSynth: false,
    builtinCloudFormationValidation: false,
    treeMetadata: false,
  });
  const { stackName } = new ConfirmationPipelineStack(app, "ConfirmationPipeline", {
    settings: parseSettings(settings),
    bundles: bundlePrograms().bundles,
  });
  return app.synth().getStackByName(stackName).assembly.directory;
}
