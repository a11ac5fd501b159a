/** The stack as tests see it: synthesized from settings, with empty programs in the place of bundled ones. */
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

/** What only adds a report; the app's own test has it on. */
const WITHOUT_REPORT = {
  ...FEATURE_FLAGS,
  "@aws-cdk/core:validateAgainstDefaultRules": false,
  "@aws-cdk/core:annotationsInValidationReport": false,
};

const directory = mkdtempSync(join(tmpdir(), "synthesized-stack-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

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

export interface Synthesized {
  readonly app: App;
  readonly stack: ConfirmationPipelineStack;
  readonly template: Template;
}

export function synthesize(settings: SettingsInput = {}): Synthesized {
  const app = new App({ context: WITHOUT_REPORT, outdir: mkdtempSync(join(directory, "cdk.out-")) });
  const stack = new ConfirmationPipelineStack(app, "ConfirmationPipeline", {
    settings: parseSettings(settings),
    bundles: emptyPrograms(),
  });
  return { app, stack, template: Template.fromStack(stack) };
}
