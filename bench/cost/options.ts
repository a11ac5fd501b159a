/** The command line of the benchmark. */
import { parseArgs } from "node:util";

export interface BenchOptions {
  readonly json: boolean;
  /** A moment of everything, to see that it works; its figures mean nothing. */
  readonly smoke: boolean;
  readonly rounds: number;
  /** Seconds for which a variant is measured in each round. */
  readonly seconds: number;
}

export class BenchOptionsError extends Error {
  readonly code = "BENCH_OPTIONS_INVALID";
}

const USAGE = "npm run bench -- [--json] [--smoke] [--rounds N] [--seconds N]";
const DEFAULTS = { rounds: 7, seconds: 2 } as const;
const SMOKE = { rounds: 1, seconds: 0.3 } as const;

/** @throws BenchOptionsError that says what was expected */
export function parseBenchOptions(args: readonly string[]): BenchOptions {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        json: { type: "boolean", default: false },
        smoke: { type: "boolean", default: false },
        rounds: { type: "string" },
        seconds: { type: "string" },
      },
    }));
  } catch (error) {
    throw new BenchOptionsError(`${(error as Error).message}; expected ${USAGE}.`, { cause: error });
  }
  const { json, smoke, rounds, seconds } = values;
  const defaults = smoke ? SMOKE : DEFAULTS;
  return {
    json,
    smoke,
    rounds: rounds === undefined ? defaults.rounds : wholeNumber("--rounds", rounds, 1, 100),
    seconds: seconds === undefined ? defaults.seconds : wholeNumber("--seconds", seconds, 1, 600),
  };
}

function wholeNumber(option: string, text: string, min: number, max: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new BenchOptionsError(
    `${option} takes a whole number from ${min} to ${max}, got ${JSON.stringify(text)}; expected ${USAGE}.`,
  );
}
