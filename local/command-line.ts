/**
 * Reads the options of a program for a person: each at most once and never empty, whatever is wrong said in one
 * sentence. Used by every `npm run …` of this repository.
 */
import { parseArgs, type ParseArgsConfig } from "node:util";
import { PipelineError } from "../core/errors/pipeline-error.ts";
import { errorLine } from "../core/errors/error-fields.ts";

/** The message is one sentence without a full stop. */
export class CommandLineError extends PipelineError {
  override readonly name = "CommandLineError";
  readonly code = "COMMAND_LINE_INVALID";
}

type Options = NonNullable<ParseArgsConfig["options"]>;

/** @throws CommandLineError */
export function parseCommandLine<const O extends Options>(
  args: readonly string[],
  options: O,
  { positionals: allowPositionals = false }: { readonly positionals?: boolean } = {},
) {
  const config = { args: [...args], options, allowPositionals, tokens: true } as const;
  let parsed: ReturnType<typeof parseArgs<typeof config>>;
  try {
    parsed = parseArgs(config);
  } catch (cause) {
    throw new CommandLineError(firstSentence(cause), { cause });
  }
  const seen = new Set<string>();
  for (const token of parsed.tokens) {
    if (token.kind !== "option") continue;
    if (seen.has(token.name)) throw new CommandLineError(`${token.rawName} is given twice, expected once`);
    seen.add(token.name);
    if (token.value?.trim() === "") throw new CommandLineError(`${token.rawName} is empty, expected a value`);
  }
  return parsed;
}

/** What parseArgs says goes on with advice on how to write positional arguments. */
export function firstSentence(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : errorLine(cause);
  return message.split(/\. |\n/)[0]?.replace(/\.$/, "") ?? message;
}
