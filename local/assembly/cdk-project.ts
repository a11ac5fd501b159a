/**
 * A folder with a `cdk.json`, synthesized as the CDK's command line does it: its `app` is run by a shell, in a process
 * of its own, with its context.
 */
import { exec } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import type { SettingsInput } from "../../core/settings/settings.ts";
import { LocalError } from "../local-error.ts";
import { ACCOUNT_ID, REGION } from "../machine.ts";

export interface CdkProject {
  readonly folder: string;
  /** A command line. */
  readonly app: string;
  readonly context: Readonly<Record<string, unknown>>;
  /** Of the pipeline: the context value `settings`. */
  readonly settings: SettingsInput;
}

const MOST_OUTPUT_BYTES = 16 * 1024 * 1024;

/** @throws LocalError LOCAL_SYNTH_FAILED where it has no `cdk.json` with an `app` */
export function readProject(folder: string): CdkProject {
  const file = join(resolve(folder), "cdk.json");
  const { app, context = {} } = readJson(file) ?? {};
  if (typeof app !== "string")
    throw new LocalError(
      "LOCAL_SYNTH_FAILED",
      `${file} is no file with a command line as its "app", such as {"app":"node app.ts"}; name the folder of a CDK ` +
        "project, or hand over a function that makes the app.",
    );
  const all = { ...readJson(join(folder, "cdk.context.json")), ...(context as Record<string, unknown>) };
  return { folder: resolve(folder), app, context: all, settings: all["settings"] ?? {} };
}

/**
 * @param settings what the app finds as the context value of that name
 * @returns the directory of the assembly
 */
export function synthesizeProject(
  { folder, app, context }: CdkProject,
  outdir: string,
  settings: SettingsInput,
): Promise<string> {
  const environment = {
    ...process.env,
    // The Node that this program runs on.
    PATH: [dirname(process.execPath), process.env["PATH"] ?? ""].join(delimiter),
    CDK_DEFAULT_ACCOUNT: ACCOUNT_ID,
    CDK_DEFAULT_REGION: REGION,
    CDK_OUTDIR: outdir,
    // The check against the schemas of CloudFormation takes longer than all the rest together, and CloudFormation has
    // no part here. `cdk synth`, `cdk deploy` and the tests make it.
    CDK_VALIDATION: "false",
    CDK_CONTEXT_JSON: JSON.stringify({ ...context, settings }),
  };
  return new Promise((done, fail) => {
    exec(app, { cwd: folder, env: environment, maxBuffer: MOST_OUTPUT_BYTES }, (error, stdout, stderr) => {
      if (error === null) return done(outdir);
      const said = (stderr + stdout).trim();
      fail(
        new LocalError("LOCAL_SYNTH_FAILED", `The stack could not be synthesized: \`${app}\` in ${folder}\n${said}`, {
          cause: error,
        }),
      );
    });
  });
}

function readJson(file: string): Record<string, unknown> | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>) : undefined;
}
