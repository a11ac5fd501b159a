/**
 * What all commands have in common: where the API is, `--json`, examples in the help. An option may be given once and
 * never empty; a program that leaves a variable unset would otherwise ask for something else than it meant.
 */
import type { Command } from "@commander-js/extra-typings";
import { wrongLine } from "./command-failure.ts";

/** A type, as commander's own have an index signature, which an interface does not. */
export type CommonOptions = {
  readonly json?: true;
  readonly profile?: string;
  readonly state?: string;
};

/** @param parent of which it is a command */
export function leaf(parent: Command, name: string, summary: string) {
  return parent
    .command(name)
    .description(summary)
    .option("--json", "the result as JSON on standard output, and nothing else there")
    .option("--profile <name>", "a deployed API, as `profile set` keeps it ($CONFIRMATIONS_PROFILE)")
    .option(
      "--state <directory>",
      "state of the stack of `npm start` ($CONFIRMATIONS_STATE, .local)",
    ) as unknown as Command<[], CommonOptions>;
}

/** @param lines as they are typed, without `npx confirmations` */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  npx confirmations ${line}\n`).join("")}`;
}

/** Of every command below this one. */
export function refuseTwiceAndEmpty(command: Command): void {
  for (const option of command.options) {
    let isGiven = false;
    command.on(`option:${option.name()}`, (value?: string | null) => {
      const isFlag = value === null || value === undefined;
      if (isGiven && !option.variadic) throw wrongLine(`${option.long} is given twice, expected once`);
      if (!isFlag && value.trim() === "") throw wrongLine(`${option.long} is empty, expected a value`);
      isGiven = true;
    });
  }
  for (const inner of command.commands) refuseTwiceAndEmpty(inner as unknown as Command);
}
