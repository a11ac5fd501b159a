/** What `npm run manifest -- …` takes. */
import { shortly } from "../core/settings/settings-faults.ts";
import { type Command, STATE_OPTION } from "./command-line/command.ts";
import { merchantIdFrom } from "./command-line/ids.ts";
import { CommandLineError, optionsOf } from "./command-line/parse.ts";

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

export const MANIFEST_COMMAND = {
  name: "npm run manifest",
  does: "Verifies manifests (exit code 1 if one is wrong), or takes those of a day from the running stack.",
  code: "LOCAL_OPTION_INVALID",
  forms: [
    "verify <manifest file> … [--keys <file|URL>] [--state <directory>]",
    "get <merchantId> <day> [--to <directory>] [--state <directory>]",
  ],
  takesOperands: true,
  options: {
    keys: {
      type: "string",
      takes: "<file|URL>",
      says: "the JSON Web Key Set to verify with (what the running stack publishes)",
    },
    to: { type: "string", takes: "<directory>", says: "where the files go (here)" },
    state: STATE_OPTION,
  },
} as const satisfies Command;

/** @throws LocalError LOCAL_OPTION_INVALID */
export function parseManifestOptions(args: readonly string[]): ManifestOptions {
  return optionsOf(MANIFEST_COMMAND, args, ({ values, positionals }) => {
    const [command, ...operands] = positionals;
    return { action: actionOf(command, operands, values), stateDirectory: values.state };
  });
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
  if (!isDay(day)) throw new CommandLineError(`The day is ${shortly(day)}, expected one such as 2026-11-22`);
  return { kind: "get", merchantId: merchantIdFrom(merchantId), day, directory: to ?? "." };
}

/** A day of the calendar, as manifests name it. */
function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
