/**
 * The stack as tests see it: synthesized from settings, with empty programs and an empty console in the place of built
 * ones, and without what a template does not show: where in the code each construct was made, its tree, copies of its
 * assets, and the CDK's own rules, which the app's test has on. A synthesis takes a third of a second, and most tests
 * ask for one of a few settings: those share what they only read.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "@jest/globals";
import { App } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { type SettingsInput, parseSettings } from "../../core/settings/settings.ts";
import { type Bundles, PROGRAMS } from "../../lib/program/bundle.ts";
import { ConfirmationPipelineStack } from "../../lib/confirmation-pipeline-stack.ts";
import { FEATURE_FLAGS } from "../../lib/stack/feature-flags.ts";

const WITHOUT_REPORT = {
  ...FEATURE_FLAGS,
  "@aws-cdk/core:annotationsInValidationReport": false,
  "aws:cdk:disable-asset-staging": true,
  "aws:cdk:disable-creation-stack-traces": true,
  "aws:cdk:disable-logicalId-metadata": true,
  "aws:cdk:disable-stack-trace": true,
};

const directory = mkdtempSync(join(tmpdir(), "synthesized-stack-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const bundles = emptyPrograms();
const consoleFiles = emptyConsole();
const shared = new Map<string, Synthesized>();

function emptyPrograms(): Bundles {
  const programs = Object.entries(PROGRAMS).map(([name, { folder, file }]) => {
    const path = join(directory, folder);
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, file), "");
    writeFileSync(join(path, "Dockerfile"), "FROM scratch\n");
    return [name, path];
  });
  return Object.fromEntries(programs) as Bundles;
}

function emptyConsole(): string {
  const path = join(directory, "console");
  mkdirSync(path);
  writeFileSync(join(path, "index.html"), "");
  return path;
}

export interface Synthesized {
  readonly app: App;
  readonly stack: ConfirmationPipelineStack;
  readonly template: Template;
}

/** To be read alone: one for all tests of a file that give the same settings. */
export function synthesize(settings: SettingsInput = {}): Synthesized {
  const key = JSON.stringify(settings);
  const synthesized = shared.get(key) ?? synthesizeAnew(settings);
  shared.set(key, synthesized);
  return synthesized;
}

/** For whoever changes it, or compares two of the same settings. */
export function synthesizeAnew(settings: SettingsInput = {}): Synthesized {
  const app = new App({
    context: WITHOUT_REPORT,
    outdir: mkdtempSync(join(directory, "cdk.out-")),
    builtinCloudFormationValidation: false,
    treeMetadata: false,
  });
  const stack = new ConfirmationPipelineStack(app, "ConfirmationPipeline", {
    settings: parseSettings(settings),
    bundles,
    consoleFiles,
  });
  return { app, stack, template: Template.fromStack(stack) };
}
