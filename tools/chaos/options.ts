/** Options of `npm run chaos`. Whatever is wrong is one sentence that says what to write instead. */
import { parseArgs } from "node:util";
import { PipelineError } from "../../core/errors/pipeline-error.ts";

export const SCENARIOS = ["faults", "outage"] as const;
export type Scenario = (typeof SCENARIOS)[number];

export interface ChaosOptions {
  readonly scenario: Scenario;
  /** Prints the totals as one line of JSON, last of all. */
  readonly json: boolean;
  /** Of the first run; each further run has the next one. */
  readonly seed: number;
  /** Runs are begun as long as another one fits into this. */
  readonly minutes: number;
  /** Exactly so many runs, whatever the time. */
  readonly runs?: number;
  /** Whether healthy merchants are measured beside hostile ones. */
  readonly neighbour: boolean;
}

export class ChaosOptionsError extends PipelineError {
  override readonly name = "ChaosOptionsError";
  readonly code = "CHAOS_OPTIONS_INVALID";
}

export const CHAOS_USAGE =
  "npm run chaos -- [--seed 1] [--minutes 8] [--runs 1] [--no-neighbour] [--scenario faults|outage] [--json]";

const DEFAULT_MINUTES = "8";
/** Below this there is no time to measure neighbours. */
const MEASUREMENT_MINUTES = 5;
const MINUTES_MAX = 24 * 60;
const RUNS_MAX = 10_000;
const SEED_MAX = 2 ** 31;

/** @param randomSeed the seed where none is given */
export function parseChaosOptions(args: readonly string[], randomSeed: () => number): ChaosOptions {
  const values = parsed(args);
  const scenario = SCENARIOS.find((known) => known === values.scenario);
  if (scenario === undefined)
    throw new ChaosOptionsError(
      `--scenario takes ${SCENARIOS.join(" or ")}, got ${JSON.stringify(values.scenario)}; expected ${CHAOS_USAGE}.`,
    );
  const minutes = wholeNumber("--minutes", values.minutes, 1, MINUTES_MAX);
  return {
    scenario,
    json: values.json,
    seed: values.seed === undefined ? randomSeed() : wholeNumber("--seed", values.seed, 0, SEED_MAX),
    minutes,
    ...(values.runs !== undefined && { runs: wholeNumber("--runs", values.runs, 1, RUNS_MAX) }),
    neighbour: !values["no-neighbour"] && minutes >= MEASUREMENT_MINUTES,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        scenario: { type: "string", default: "faults" },
        json: { type: "boolean", default: false },
        seed: { type: "string" },
        minutes: { type: "string", default: DEFAULT_MINUTES },
        runs: { type: "string" },
        "no-neighbour": { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    const said = (error as Error).message.split(/\. |\.?\n/)[0];
    throw new ChaosOptionsError(`${said}; expected ${CHAOS_USAGE}.`, { cause: error });
  }
}

function wholeNumber(option: string, text: string, min: number, max: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new ChaosOptionsError(
    `${option} takes a whole number from ${min} to ${max}, got ${JSON.stringify(text)}; expected ${CHAOS_USAGE}.`,
  );
}
