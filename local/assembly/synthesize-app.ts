/**
 * Synthesizes the app that is brought up: a project, which is run as the CDK's command line runs it, or a function that
 * makes the app in this process. Either is handed the settings that its pipeline has here; what is brought up is the
 * assembly that comes of it, and nothing else.
 */
import { join } from "node:path";
import { rmSync, writeFileSync } from "node:fs";
import { errorLine } from "../../core/errors/error-fields.ts";
import type { SettingsInput } from "../../core/settings/settings.ts";
import type { GivenToApp, LocalApp } from "../local-app.ts";
import { LocalError } from "../local-error.ts";
import { mergeSettings } from "../merge-settings.ts";
import { readProject, synthesizeProject } from "./cdk-project.ts";

/** @returns settings of the project, with the ones given here over them */
export function withSettingsOf(app: LocalApp, settings: SettingsInput): SettingsInput {
  return typeof app === "string" ? mergeSettings(readProject(app).settings, settings) : settings;
}

/** @returns the directory of the assembly. @throws LocalError LOCAL_SYNTH_FAILED */
export async function synthesizeApp(app: LocalApp, stateDirectory: string, settings: SettingsInput): Promise<string> {
  const outdir = join(stateDirectory, "cdk.out");
  rmSync(outdir, { recursive: true, force: true });
  const directory =
    typeof app === "string"
      ? await synthesizeProject(readProject(app), outdir, settings)
      : await synthesizedBy(app, { settings, outdir });
  // As in Lambda, no package.json is above a function's code: that of the app would say what its files are.
  if (directory === outdir) writeFileSync(join(outdir, "package.json"), "{}\n");
  return directory;
}

async function synthesizedBy(app: Exclude<LocalApp, string>, given: GivenToApp): Promise<string> {
  try {
    const made = await app(given);
    return typeof made === "string" ? made : made.synth().directory;
  } catch (cause) {
    throw new LocalError("LOCAL_SYNTH_FAILED", `The stack could not be synthesized.\n${errorLine(cause)}`, { cause });
  }
}
