/** The command line as a process of its own, on a stack that runs. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const COMMAND = join(import.meta.dirname, "../../bin/confirmations/confirmations.mjs");
const run = promisify(execFile);

export interface CommandLine {
  (...args: readonly string[]): Promise<{ readonly stdout: string; readonly stderr: string }>;
  /** @returns what `--json` prints */
  json<Result>(...args: readonly string[]): Promise<Result>;
}

/** @param stateDirectory where the stack's file is */
export function commandLineOn(stateDirectory: string): CommandLine {
  const call = (...args: readonly string[]) => run(process.execPath, [COMMAND, ...args, "--state", stateDirectory]);
  return Object.assign(call, {
    async json<Result>(...args: readonly string[]): Promise<Result> {
      return JSON.parse((await call(...args, "--json")).stdout) as Result;
    },
  });
}
