/** What `npm run simulate -- …` takes. */
import { parseSettings, type Settings, SettingsError } from "../../core/settings/settings.ts";
import { type Command, JSON_OPTION, SEED_OPTION } from "../../local/command-line/command.ts";
import { CommandLineError, oneOf, optionsOf, wholeNumber } from "../../local/command-line/parse.ts";
import { POLICIES, type PolicyName } from "./run/policy.ts";
import { COLD_SCENARIO, DRAINS, PROVISIONED_SCENARIO, SCENARIOS, type ScenarioName } from "./scenarios.ts";

export interface SimulateOptions {
  readonly scenarios: readonly ScenarioName[];
  readonly policy: PolicyName;
  readonly seed: number;
  /** Real confirmations for each simulated one. @default the scenario's */
  readonly sample?: number;
  /** Prints the results as lines of JSON, last of all. */
  readonly json: boolean;
  /** File that the plot is written to. */
  readonly plot?: string;
  readonly settings: Settings;
}

const NAMES = [...SCENARIOS, ...DRAINS, PROVISIONED_SCENARIO, COLD_SCENARIO, "all", "drain"] as const;

export const SIMULATE_COMMAND = {
  name: "npm run simulate",
  does: "Load and failure against modelled quotas and delays of AWS, with the pipeline's own policy code.",
  code: "SIMULATE_OPTIONS_INVALID",
  options: {
    scenario: { type: "string", default: "all", takes: NAMES.join("|"), says: "what happens" },
    policy: { type: "string", default: "pipeline", takes: POLICIES.join("|"), says: "what is done about it" },
    seed: { ...SEED_OPTION, default: "1", says: "what all chance comes from" },
    sample: {
      type: "string",
      takes: "<number>",
      says: "confirmations that each simulated one stands for (the scenario's)",
    },
    settings: { type: "string", takes: "<json>", says: "settings of the pipeline" },
    plot: { type: "string", takes: "<file>", says: "draws the course into this SVG" },
    json: { ...JSON_OPTION, says: "the results as lines of JSON, last of all" },
  },
} as const satisfies Command;

const SEED_MAX = 2 ** 31;
const SAMPLE_MAX = 100;

/** @throws LocalError SIMULATE_OPTIONS_INVALID */
export function parseSimulateOptions(args: readonly string[]): SimulateOptions {
  return optionsOf(SIMULATE_COMMAND, args, ({ values }) => ({
    scenarios: scenariosOf(oneOf("--scenario", values.scenario, NAMES)),
    policy: oneOf("--policy", values.policy, POLICIES),
    seed: wholeNumber("--seed", values.seed, 0, SEED_MAX),
    ...(values.sample !== undefined && { sample: wholeNumber("--sample", values.sample, 1, SAMPLE_MAX) }),
    json: values.json,
    ...(values.plot !== undefined && { plot: values.plot }),
    settings: settingsFrom(values.settings),
  }));
}

function scenariosOf(name: (typeof NAMES)[number]): readonly ScenarioName[] {
  if (name === "all") return SCENARIOS;
  return name === "drain" ? DRAINS : [name];
}

function settingsFrom(text: string | undefined): Settings {
  try {
    return parseSettings(text);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    throw new CommandLineError(`--settings: ${error.message.replace(/\.$/, "")}`, { cause: error });
  }
}
