/**
 * Entry of the CDK app: settings from the context become the stack, which is checked against the AwsSolutions rules.
 * Settings that cannot be used, and programs that do not build, end it with a sentence for the user and no stack trace.
 */
import { App, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { SettingsError, parseSettings } from "../core/settings/settings.ts";
import { BundleError, bundlePrograms } from "../lib/program/bundle.ts";
import { hasConsole } from "../core/settings/groups/console.ts";
import { consoleFiles } from "../lib/console/console-files.ts";
import { costLine } from "../lib/cost/cost-line.ts";
import type { Template } from "../lib/cost/template.ts";
import { ConfirmationPipelineStack } from "../lib/confirmation-pipeline-stack.ts";
import { FEATURE_FLAGS } from "../lib/stack/feature-flags.ts";

try {
  const app = new App({ context: FEATURE_FLAGS, autoSynth: false });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const settings = parseSettings(app.node.tryGetContext("settings"));
  const stack = new ConfirmationPipelineStack(app, "ConfirmationPipeline", {
    settings,
    bundles: bundlePrograms().bundles,
    ...(hasConsole(settings) && { consoleFiles: consoleFiles() }),
  });
  const { template } = app.synth().getStackByName(stack.stackName);
  console.error(costLine({ template: template as Template, settings }));
} catch (error) {
  if (!(error instanceof SettingsError || error instanceof BundleError)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = 1;
}
