/**
 * The template of the stack for some settings, synthesized in this process. Its programs are empty: what a program does
 * is no part of a template.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "aws-cdk-lib";
import type { Settings } from "../../core/settings/settings.ts";
import { ConfirmationPipelineStack } from "../../lib/confirmation-pipeline-stack.ts";
import type { Template } from "../../lib/cost/template.ts";
import { type Bundles, PROGRAMS } from "../../lib/program/bundle.ts";
import { FEATURE_FLAGS } from "../../lib/stack/feature-flags.ts";

/** What only adds a report, or shows in no template: where in the code each construct was made, copies of assets. */
const WITHOUT_REPORT = {
  ...FEATURE_FLAGS,
  "@aws-cdk/core:validateAgainstDefaultRules": false,
  "@aws-cdk/core:annotationsInValidationReport": false,
  "aws:cdk:disable-asset-staging": true,
  "aws:cdk:disable-creation-stack-traces": true,
  "aws:cdk:disable-logicalId-metadata": true,
  "aws:cdk:disable-stack-trace": true,
};

export function synthesizeTemplate(settings: Settings): Template {
  const directory = mkdtempSync(join(tmpdir(), "cost-"));
  try {
    const app = new App({
      context: WITHOUT_REPORT,
      outdir: join(directory, "cdk.out"),
      builtinCloudFormationValidation: false,
      treeMetadata: false,
    });
    const bundles = emptyPrograms(directory);
    const { templateFile } = new ConfirmationPipelineStack(app, "ConfirmationPipeline", { settings, bundles });
    return JSON.parse(readFileSync(join(app.synth().directory, templateFile), "utf8")) as Template;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function emptyPrograms(directory: string): Bundles {
  const programs = Object.entries(PROGRAMS).map(([name, { folder, file }]) => {
    const path = join(directory, folder);
    mkdirSync(path);
    writeFileSync(join(path, file), "");
    writeFileSync(join(path, "Dockerfile"), "FROM scratch\n");
    return [name, path];
  });
  return Object.fromEntries(programs) as Bundles;
}
