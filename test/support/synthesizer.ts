/**
 * A child program that synthesizes the stack for flow tests, one after the other: it has the CDK loaded and compiled
 * from one to the next, where a process for each takes four seconds of a core. What `bin/` adds, its checks and the
 * line on cost, says nothing to whoever brings the stack up on this machine; `npm start` and the tests of the app run
 * it.
 */
import { join } from "node:path";
import { App } from "aws-cdk-lib";
import { errorLine } from "../../core/errors/error-fields.ts";
import { parseSettings, type SettingsInput } from "../../core/settings/settings.ts";
import { ConfirmationPipelineStack } from "../../lib/confirmation-pipeline-stack.ts";
import { bundlePrograms } from "../../lib/program/bundle.ts";
import { FEATURE_FLAGS } from "../../lib/stack/feature-flags.ts";

export interface SynthesisRequest {
  readonly id: number;
  readonly stateDirectory: string;
  readonly settings: SettingsInput;
}

export type SynthesisResult =
  | { readonly id: number; readonly directory: string }
  | { readonly id: number; readonly error: string };

const CONTEXT = {
  ...FEATURE_FLAGS,
  "@aws-cdk/core:annotationsInValidationReport": false,
  // Programs are run from where they were bundled: a copy for each stack would have to be compiled anew.
  "aws:cdk:disable-asset-staging": true,
  "aws:cdk:disable-creation-stack-traces": true,
  "aws:cdk:disable-logicalId-metadata": true,
  "aws:cdk:disable-stack-trace": true,
};

process.on("message", (request: SynthesisRequest) => process.send?.(resultOf(request)));

function resultOf({ id, stateDirectory, settings }: SynthesisRequest): SynthesisResult {
  try {
    return { id, directory: synthesized(stateDirectory, settings) };
  } catch (error) {
    return { id, error: errorLine(error) };
  }
}

/** @returns the directory of the assembly */
function synthesized(stateDirectory: string, settings: SettingsInput): string {
  const app = new App({
    context: CONTEXT,
    outdir: join(stateDirectory, "cdk.out"),
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
