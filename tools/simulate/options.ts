/** Options of `npm run simulate`. Whatever is wrong is one sentence that says what to write instead. */
import { parseSettings, type Settings, SettingsError } from "../../core/settings/settings.ts";
import { parseCommandLine } from "../../local/command-line.ts";
import { POLICIES, type PolicyName } from "./run/policy.ts";
import { DRAINS, SCENARIOS, type ScenarioName } from "./scenarios.ts";
import { PipelineError } from "../../core/errors/pipeline-error.ts";

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

export class SimulateOptionsError extends PipelineError {
  override readonly name = "SimulateOptionsError";
  readonly code = "SIMULATE_OPTIONS_INVALID";
}

export const USAGE =
  "npm run simulate -- [--scenario steady|spike|outage|recovery|zone|all|drain] [--policy " +
  "pipeline|no-parking] [--seed 1] [--sample 10] [--settings '{…}'] [--plot FILE] [--json]";

const OPTIONS = {
  scenario: { type: "string", default: "all" },
  policy: { type: "string", default: "pipeline" },
  seed: { type: "string", default: "1" },
  sample: { type: "string" },
  settings: { type: "string" },
  plot: { type: "string" },
  json: { type: "boolean", default: false },
} as const;
const SEED_MAX = 2 ** 31;
const SAMPLE_MAX = 100;

export function parseSimulateOptions(args: readonly string[]): SimulateOptions {
  const values = parsed(args);
  const scenarios = scenariosOf(values.scenario);
  if (scenarios.length === 0)
    throw wrong("--scenario", values.scenario, [...SCENARIOS, ...DRAINS, "all", "drain"].join(", "));
  const policy = POLICIES.find((known) => known === values.policy);
  if (policy === undefined) throw wrong("--policy", values.policy, POLICIES.join(" or "));
  return {
    scenarios,
    policy,
    seed: wholeNumber("--seed", values.seed, 0, SEED_MAX),
    ...(values.sample !== undefined && { sample: wholeNumber("--sample", values.sample, 1, SAMPLE_MAX) }),
    json: values.json,
    ...(values.plot !== undefined && { plot: values.plot }),
    settings: settingsFrom(values.settings),
  };
}

function scenariosOf(name: string): readonly ScenarioName[] {
  if (name === "all") return SCENARIOS;
  return name === "drain" ? DRAINS : [...SCENARIOS, ...DRAINS].filter((known) => known === name);
}

function parsed(args: readonly string[]) {
  try {
    return parseCommandLine(args, OPTIONS).values;
  } catch (error) {
    throw new SimulateOptionsError(`${(error as Error).message}; expected ${USAGE}.`, { cause: error });
  }
}

function settingsFrom(text: string | undefined): Settings {
  try {
    return parseSettings(text);
  } catch (error) {
    if (error instanceof SettingsError)
      throw new SimulateOptionsError(`--settings: ${error.message}`, { cause: error });
    throw error;
  }
}

function wholeNumber(option: string, text: string, min: number, max: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw wrong(option, text, `a whole number from ${min} to ${max}`);
}

function wrong(option: string, got: string, expected: string): SimulateOptionsError {
  return new SimulateOptionsError(`${option} takes ${expected}, got ${JSON.stringify(got)}; expected ${USAGE}.`);
}
