/** What `npm run trace -- …` takes. A wrong option gives one sentence and the usage. */
import { CommandLineError, parseCommandLine } from "./command-line.ts";
import { LocalError } from "./local-error.ts";
import { DEFAULT_STATE_DIRECTORY } from "./start-options.ts";

export interface TraceOptions {
  readonly transactionId: string;
  readonly json: boolean;
  readonly stateDirectory: string;
}

const USAGE = "npm run trace -- <transactionId> [--json] [--state <directory>]";

const OPTIONS = {
  json: { type: "boolean", default: false },
  state: { type: "string", default: DEFAULT_STATE_DIRECTORY },
} as const;

/** @throws LocalError LOCAL_OPTION_INVALID */
export function parseTraceOptions(args: readonly string[]): TraceOptions {
  try {
    const { values, positionals } = parseCommandLine(args, OPTIONS, { positionals: true });
    const [transactionId = "", ...others] = positionals;
    if (transactionId === "" || others.length > 0)
      throw new CommandLineError(`Expected the id of one transaction, got ${positionals.length}`);
    return { transactionId, json: values.json, stateDirectory: values.state };
  } catch (cause) {
    throw new LocalError("LOCAL_OPTION_INVALID", `${(cause as Error).message}. Usage: ${USAGE}`, { cause });
  }
}
