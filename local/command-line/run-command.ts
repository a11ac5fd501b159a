/**
 * The frame of every `npm run …`: prints the help it is asked for, says what a person can mend in one sentence and of
 * all else where it broke, and gives the exit code.
 */
import { SettingsError } from "../../core/settings/settings.ts";
import { errorLine } from "../../core/errors/error-fields.ts";
import { LocalError } from "../local-error.ts";
import { type Command, helpOf } from "./command.ts";
import { optionsTakenByNpm } from "./options-taken-by-npm.ts";

const INTERRUPTED = 130;

export interface RunOptions {
  /** Ctrl-C reaches the children as well, and whatever waits for one of them fails: that is no error then. */
  readonly interruption?: AbortSignal;
  /** Errors whose message is all that a person needs, beside `LocalError` and `SettingsError`. */
  readonly forPerson?: readonly (new (...args: never) => Error)[];
}

/** @param run given the arguments; what it resolves with is the exit code. @default 0 */
export async function runCommand(
  command: Command,
  args: readonly string[],
  run: (args: readonly string[]) => number | void | Promise<number | void>,
  { interruption, forPerson = [] }: RunOptions = {},
): Promise<void> {
  if (args.includes("--help") || args.includes("-h")) {
    process.stdout.write(helpOf(command));
    return;
  }
  try {
    const taken = optionsTakenByNpm(command, args, process.env);
    if (taken !== undefined) throw new LocalError(command.code, `${taken}.`);
    const code = await run(args);
    if (interruption?.aborted === true) process.exitCode = INTERRUPTED;
    else if (typeof code === "number") process.exitCode = code;
  } catch (error) {
    if (interruption?.aborted === true) process.exit(INTERRUPTED);
    const isForPerson = [LocalError, SettingsError, ...forPerson].some((type) => error instanceof type);
    process.stderr.write(`${isForPerson ? (error as Error).message : traceOf(error)}\n`);
    process.exitCode = 1;
  }
}

function traceOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : errorLine(error);
}
