/** What `npm run manifest -- …` takes. A wrong option gives one sentence and the usage. */
import { CommandLineError, parseCommandLine } from "./command-line.ts";
import { LocalError } from "./local-error.ts";
import { DEFAULT_STATE_DIRECTORY } from "./start-options.ts";

export type ManifestAction =
  | {
      readonly kind: "verify";
      readonly files: readonly string[];
      /** A file or URL with a JSON Web Key Set. @default the key set that the running stack publishes */
      readonly keys?: string;
    }
  | { readonly kind: "get"; readonly merchantId: string; readonly day: string; readonly directory: string };

export interface ManifestOptions {
  readonly action: ManifestAction;
  readonly stateDirectory: string;
}

const USAGE = `npm run manifest -- verify <manifest file> … [--keys <file|URL>] [--state <directory>]
       npm run manifest -- get <merchantId> <day> [--to <directory>] [--state <directory>]`;

const OPTIONS = {
  keys: { type: "string" },
  to: { type: "string" },
  state: { type: "string", default: DEFAULT_STATE_DIRECTORY },
} as const;

/** @throws LocalError LOCAL_OPTION_INVALID */
export function parseManifestOptions(args: readonly string[]): ManifestOptions {
  try {
    const { values, positionals } = parseCommandLine(args, OPTIONS, { positionals: true });
    const [command, ...operands] = positionals;
    return { action: actionOf(command, operands, values), stateDirectory: values.state };
  } catch (cause) {
    throw new LocalError("LOCAL_OPTION_INVALID", `${(cause as Error).message}. Usage: ${USAGE}`, { cause });
  }
}

function actionOf(
  command: string | undefined,
  operands: readonly string[],
  { keys, to }: { readonly keys?: string; readonly to?: string },
): ManifestAction {
  if (command === "verify") {
    if (operands.length === 0 || to !== undefined)
      throw new CommandLineError("verify takes one manifest file or more, and --keys");
    return { kind: "verify", files: operands, ...(keys !== undefined && { keys }) };
  }
  const [merchantId, day, ...others] = operands;
  if (command !== "get") throw new CommandLineError(`Expected verify or get, got ${command ?? "nothing"}`);
  if (merchantId === undefined || day === undefined || others.length > 0 || keys !== undefined)
    throw new CommandLineError("get takes a merchant id and a day, and --to");
  return { kind: "get", merchantId, day, directory: to ?? "." };
}
