/**
 * The stack of an app on this machine, whole: the pipeline, and the tables, queues, topics, functions and APIs beside
 * it. `confirmation-pipeline/local` of the installed package; `npm start` runs the same. Nothing that needs the
 * optional packages is loaded before they are known to be there.
 */
import { runCommand } from "./command-line/run-command.ts";
import type { LocalStack, LocalStackOptions } from "./local-stack.ts";
import { requirePackages } from "./required-packages.ts";
import type { RunLocalStackOptions } from "./run-local-stack.ts";
import { START_COMMAND } from "./start-options.ts";

export type { GivenToApp, LocalApp, MadeApp } from "./local-app.ts";
export type { LocalCounters, LocalEndpoints, LocalPorts, LocalStack, LocalStackOptions } from "./local-stack.ts";
export { LocalError, type LocalErrorCode } from "./local-error.ts";
export { localSettings } from "./merge-settings.ts";
export type { RunLocalStackOptions } from "./run-local-stack.ts";

/**
 * Brings a stack up for a program, such as a test: `stop()` ends it. Everything in memory and on free ports, unless the
 * options say otherwise.
 *
 * @throws LocalError that says what to do, SettingsError that lists every fault of the settings; nothing is left
 * running then
 */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  requirePackages();
  const { startLocalStack: start } = await import("./stack.ts");
  return start(options);
}

/**
 * Is the whole of a program that keeps a stack up until Ctrl-C, with its state kept in `.local/`: reads the options of
 * the command line (`--help` lists them), prints where everything is, and sets the exit code. Resolves when it ended.
 */
export async function runLocalStack(options: RunLocalStackOptions): Promise<void> {
  try {
    requirePackages();
  } catch (error) {
    return runCommand(START_COMMAND, [], () => {
      throw error;
    });
  }
  const { runLocalStack: run } = await import("./run-local-stack.ts");
  return run(options);
}
