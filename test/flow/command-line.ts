/** The command line as a process of its own, on a stack that runs. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { waitFor } from "./wait-for.ts";

const COMMAND = join(import.meta.dirname, "../../bin/confirmations/confirmations.mjs");
const run = promisify(execFile);
/** Said before anything is done. On a busy machine a function that starts has no time left to ask the issuer in. */
const NOT_YET = /The issuer of access tokens cannot be asked just now/;

export interface CommandLine {
  (...args: readonly string[]): Promise<{ readonly stdout: string; readonly stderr: string }>;
  /** @returns what `--json` prints */
  json<Result>(...args: readonly string[]): Promise<Result>;
}

/** @param stateDirectory where the stack's file is */
export function commandLineOn(stateDirectory: string): CommandLine {
  const once = (args: readonly string[]) => run(process.execPath, [COMMAND, ...args, "--state", stateDirectory]);
  const call = (...args: readonly string[]) =>
    waitFor("the API takes access tokens", () =>
      once(args).catch((error: unknown) => {
        if (NOT_YET.test(String((error as { readonly stderr?: unknown }).stderr))) return undefined;
        throw error;
      }),
    );
  return Object.assign(call, {
    async json<Result>(...args: readonly string[]): Promise<Result> {
      return JSON.parse((await call(...args, "--json")).stdout) as Result;
    },
  });
}

/** Registers a merchant that answers no challenge; an operator vouches for it. */
export async function registerVouched(commandLine: CommandLine, id: string, ...options: readonly string[]) {
  const registered = await commandLine("merchants", "register", id, ...options);
  await commandLine("merchants", "vouch", id);
  return registered;
}
