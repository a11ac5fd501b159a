/**
 * Reads what a command was called with: each option at most once and never empty. Whatever is wrong is one line; how
 * the command is called is in its help.
 */
import { parseArgs } from "node:util";
import { isNativeError } from "node:util/types";
import { errorLine } from "../../core/errors/error-fields.ts";
import { PipelineError } from "../../core/errors/pipeline-error.ts";
import { LocalError } from "../local-error.ts";
import { type Command, helpCallOf, type Options } from "./command.ts";

/** The message is one sentence without a full stop; `optionsOf` says where to read on. */
export class CommandLineError extends PipelineError {
  override readonly name = "CommandLineError";
  readonly code = "COMMAND_LINE_INVALID";
}

export type Given<O extends Options> = ReturnType<
  typeof parseArgs<{ readonly args: string[]; readonly options: O; allowPositionals: true; readonly tokens: true }>
>;

/**
 * @param read makes of it what the command works with; throws a CommandLineError for what it cannot use
 * @throws LocalError with the code of the command
 */
export function optionsOf<const O extends Options, Read>(
  command: Command<O>,
  args: readonly string[],
  read: (given: Given<O>) => Read,
): Read {
  try {
    return read(parsed(command, args));
  } catch (cause) {
    if (!(cause instanceof CommandLineError)) throw cause;
    throw new LocalError(command.code, `${cause.message}. See: ${helpCallOf(command)}`, { cause });
  }
}

function parsed<O extends Options>({ options, takesOperands = false }: Command<O>, args: readonly string[]): Given<O> {
  const config = { args: [...args], options, allowPositionals: takesOperands as true, tokens: true } as const;
  let given: Given<O>;
  try {
    given = parseArgs(config);
  } catch (cause) {
    throw new CommandLineError(firstSentence(cause), { cause });
  }
  const seen = new Set<string>();
  for (const token of given.tokens) {
    if (token.kind !== "option") continue;
    const spec = options[token.name];
    if (seen.has(token.name) && spec !== undefined && !("multiple" in spec))
      throw new CommandLineError(`${token.rawName} is given twice, expected once`);
    seen.add(token.name);
    if (token.value?.trim() === "") throw new CommandLineError(`${token.rawName} is empty, expected a value`);
  }
  return given;
}

/** @throws CommandLineError unless it is a whole number within the bounds */
export function wholeNumber(option: string, text: string, min: number, max: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new CommandLineError(`${option} takes a whole number from ${min} to ${max}, got ${JSON.stringify(text)}`);
}

/** @throws CommandLineError unless it is one of those */
export function oneOf<Name extends string>(option: string, text: string, names: readonly Name[]): Name {
  const found = names.find((name) => name === text);
  if (found !== undefined) return found;
  throw new CommandLineError(`${option} takes ${names.join(", ")}, got ${JSON.stringify(text)}`);
}

/** What parseArgs says goes on with advice on how to write positional arguments. */
export function firstSentence(cause: unknown): string {
  const message = isNativeError(cause) ? cause.message : errorLine(cause);
  return message.split(/\. |\n/)[0]?.replace(/\.$/, "") ?? message;
}
