/** What `npm run pause` and `npm run resume` take. A wrong option gives one sentence and the usage. */
import { CommandLineError, parseCommandLine } from "./command-line.ts";
import { LocalError } from "./local-error.ts";
import { DEFAULT_STATE_DIRECTORY } from "./start-options.ts";

export interface PauseOptions {
  readonly kind: "pause" | "resume";
  readonly stateDirectory: string;
}

/** @throws LocalError LOCAL_OPTION_INVALID */
export function parsePauseOptions(args: readonly string[]): PauseOptions {
  const [kind, ...rest] = args;
  try {
    const options = { state: { type: "string", default: DEFAULT_STATE_DIRECTORY } } as const;
    const { values } = parseCommandLine(rest, options);
    if (kind !== "pause" && kind !== "resume") throw new CommandLineError("Expected pause or resume");
    return { kind, stateDirectory: values.state };
  } catch (cause) {
    throw new LocalError(
      "LOCAL_OPTION_INVALID",
      `${(cause as Error).message}. Usage: npm run ${kind === "resume" ? kind : "pause"} [-- --state <directory>]`,
      { cause },
    );
  }
}
