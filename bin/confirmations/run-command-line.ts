/**
 * Runs one command line and gives its exit code. Whatever is wrong is one sentence on standard error; nothing but the
 * result of a command is on standard output.
 */
import { CommanderError, type Command } from "@commander-js/extra-typings";
import { errorLine } from "../../core/errors/error-fields.ts";
import { commandLine } from "./command-line.ts";
import { CommandFailure, wrongLine } from "./frame/command-failure.ts";
import { EXIT_CODES } from "./frame/exit-codes.ts";
import type { CommonOptions } from "./frame/leaf.ts";
import { type Run, Session } from "./frame/session.ts";
import type { Surroundings } from "./frame/surroundings.ts";
import type { optionsTakenByNpm } from "../../local/command-line/options-taken-by-npm.ts";

/** `npx --yes` is npx's own. */
const NPX_OPTIONS = new Set(["yes"]);
/** One that stands where none is taken is not shown again. */
const SECRET = /whsec_[^\s,]+/g;
const MIN_HELP_COLUMNS = 60;
const MAX_HELP_COLUMNS = 100;

interface Parts {
  /** Says what npm took of a command's options, as `npm exec confirmations list --json` has it. */
  readonly takenByNpm: typeof optionsTakenByNpm;
}

export async function runCommandLine(
  args: readonly string[],
  around: Surroundings,
  { takenByNpm }: Parts,
): Promise<number> {
  let exitCode: number = EXIT_CODES.done.code;
  const run: Run =
    (act) =>
    async (...given) => {
      const [options, command] = given.slice(-2) as [CommonOptions, Command];
      const taken = takenByNpm(
        { name: "npm exec", options: optionsOf(command) },
        ["confirmations", ...args],
        around.environment,
      );
      if (taken !== undefined) throw wrongLine(taken);
      if (options.profile !== undefined && options.state !== undefined)
        throw wrongLine("--profile and --state are two places, give one of them");
      exitCode = (await act(new Session(options, around), ...given)) ?? EXIT_CODES.done.code;
    };
  const program = commandLine(run, {
    write: around.write,
    writeError: around.writeError,
    columns: Math.min(MAX_HELP_COLUMNS, Math.max(MIN_HELP_COLUMNS, around.columns)),
  });
  try {
    await program.parseAsync([...args], { from: "user" });
    return exitCode;
  } catch (error) {
    return endOf(error, around, calledAs(program, args));
  }
}

/** @param called the command, for its help */
function endOf(error: unknown, { writeError }: Surroundings, called: string): number {
  if (error instanceof CommandFailure) {
    writeError(`${error.message.replace(/(?<![.!?])$/, ".")}\n`);
    return error.exitCode;
  }
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT_CODES.done.code;
    // The help of a group of commands, of which none was named.
    if (error.code !== "commander.help") writeError(`${sentenceOf(error.message, called)}\n`);
    return EXIT_CODES.wrongLine.code;
  }
  writeError(`${error instanceof Error ? (error.stack ?? error.message) : errorLine(error)}\n`);
  return EXIT_CODES.refused.code;
}

/** Commander's own: `error: unknown option '--jsn'`, and in a second line what was meant. */
function sentenceOf(message: string, called: string): string {
  const [said = "", suggestion] = message
    .replace(/^error: /, "")
    .replaceAll(SECRET, "whsec_…")
    .split("\n");
  const guess = suggestion === undefined ? "" : ` ${suggestion.replace("(Did", "(did")}`;
  return `${said.replace(/\.$/, "")}${guess}. See: ${called} --help`.replace(/^./, (first) => first.toUpperCase());
}

/** Names of commands alone, as far as there are such. */
function calledAs(program: Command, args: readonly string[]): string {
  const names = [program.name()];
  let command: Command | undefined = program;
  for (const arg of args) {
    command = command.commands.find((inner) => inner.name() === arg) as Command | undefined;
    if (command === undefined) break;
    names.push(command.name());
  }
  return names.join(" ");
}

function optionsOf({ options }: Command) {
  return Object.fromEntries(
    options.flatMap(({ long, required, optional }) => {
      const name = long?.slice(2);
      if (name === undefined || NPX_OPTIONS.has(name)) return [];
      const says = "";
      return [
        [
          name,
          required || optional ? { type: "string", takes: "<value>", says } : { type: "boolean", default: false, says },
        ] as const,
      ];
    }),
  ) as Parameters<typeof optionsTakenByNpm>[0]["options"];
}
