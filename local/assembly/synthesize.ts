/**
 * Synthesizes the stack as `cdk deploy` would, in a process of its own, into a directory of its own: `bin/` is run with
 * the context that the CDK command line gives it. What is brought up on this machine is that assembly and nothing else.
 */
import { execFile } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { inGroups, type SettingsInput } from "../../core/settings/settings.ts";
import { LocalError } from "../local-error.ts";
import { compiledPrograms } from "../processes/machine-environment.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const ENTRY = "bin/confirmation-pipeline.ts";

/**
 * @param root checkout whose stack it is. @default this one
 * @returns the directory of the assembly
 */
export function synthesize(stateDirectory: string, settings: SettingsInput, root = ROOT): Promise<string> {
  const directory = join(stateDirectory, "cdk.out");
  rmSync(directory, { recursive: true, force: true });
  const { PATH = "", HOME = "" } = process.env;
  const environment = {
    PATH,
    HOME,
    ...compiledPrograms(),
    CDK_OUTDIR: directory,
    // The check against the schemas of CloudFormation takes longer than all the rest together, and CloudFormation has
    // no part here. `cdk synth`, `cdk deploy` and the tests make it.
    CDK_VALIDATION: "false",
    CDK_CONTEXT_JSON: JSON.stringify({ ...contextOfProject(), settings }),
  };
  return new Promise((done, fail) => {
    execFile(
      process.execPath,
      [ENTRY],
      { cwd: root, env: environment, maxBuffer: 16 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error === null) done(directory);
        else
          fail(
            new LocalError("LOCAL_SYNTH_FAILED", `The stack could not be synthesized.\n${(stderr + stdout).trim()}`, {
              cause: error,
            }),
          );
      },
    );
  });
}

/** Settings of `cdk.json`, with the ones given here over them, group by group. */
export function withProjectSettings(settings: SettingsInput): SettingsInput {
  return mergeSettings(contextOfProject()["settings"] ?? {}, settings);
}

/**
 * The second ones over the first ones, group by group; lists are replaced whole, but for `delivery.allowDestinations`:
 * who allows one destination more goes on with those that this machine needs. `refuseDestinations` takes one away.
 */
export function mergeSettings(under: SettingsInput, over: SettingsInput): SettingsInput {
  const [some, more] = [inGroups(under), inGroups(over)] as [SettingsInput, SettingsInput];
  const merged = merge(some, more) as SettingsInput;
  const lists = [some, more].map(({ delivery }) => delivery?.allowDestinations);
  if (!lists.every(Array.isArray)) return merged;
  return { ...merged, delivery: { ...merged.delivery, allowDestinations: [...new Set(lists.flat())] } };
}

function merge(under: unknown, over: unknown): unknown {
  if (!isPlainObject(under) || !isPlainObject(over)) return over === undefined ? under : over;
  const keys = new Set([...Object.keys(under), ...Object.keys(over)]);
  return Object.fromEntries([...keys].map((key) => [key, merge(under[key], over[key])]));
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function contextOfProject(): Record<string, unknown> {
  const project = JSON.parse(readFileSync(join(ROOT, "cdk.json"), "utf8")) as { context?: Record<string, unknown> };
  return project.context ?? {};
}
