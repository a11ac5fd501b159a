/** What `npm run cost -- …` takes. */
import { parseSettings, SettingsError, type SettingsInput } from "../../core/settings/settings.ts";
import { type Command, JSON_OPTION } from "../../local/command-line/command.ts";
import { CommandLineError, optionsOf } from "../../local/command-line/parse.ts";

export const COST_COMMAND = {
  name: "npm run cost",
  does: "What the stack costs at rest and for a million confirmations, from its template and AWS's list prices.",
  code: "COST_OPTIONS_INVALID",
  options: {
    settings: { type: "string", default: "{}", takes: "<json>", says: "settings of the pipeline" },
    json: { ...JSON_OPTION, says: "the result as JSON on standard output, and no text" },
  },
} as const satisfies Command;

export interface CostOptions {
  readonly settings: SettingsInput;
  readonly json: boolean;
}

/** @throws LocalError COST_OPTIONS_INVALID */
export function parseCostOptions(args: readonly string[]): CostOptions {
  return optionsOf(COST_COMMAND, args, ({ values }) => ({ settings: inputFrom(values.settings), json: values.json }));
}

function inputFrom(text: string): SettingsInput {
  try {
    parseSettings(text);
    return JSON.parse(text) as SettingsInput;
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    throw new CommandLineError(`--settings: ${error.message.replace(/\.$/, "")}`, { cause: error });
  }
}
