/** Options of `npm run demo`. Whatever is wrong is one sentence that says what to write instead. */
import { parseCommandLine } from "../command-line.ts";
import { PipelineError } from "../../core/errors/pipeline-error.ts";

export interface DemoOptions {
  readonly transactions: number;
  /** Prints the account as one line of JSON, last of all. */
  readonly json: boolean;
  /** Kills the worker several times on the way. */
  readonly killWorker: boolean;
  /** Which transactions are drawn, and how the merchants answer. */
  readonly seed: number;
}

export class OptionsError extends PipelineError {
  override readonly name = "OptionsError";
  readonly code = "DEMO_OPTIONS_INVALID";
}

export const USAGE = "npm run demo -- [--transactions 10000] [--kill-worker] [--seed 1] [--json]";

const DEFAULT_TRANSACTIONS = "10000";
const OPTIONS = {
  transactions: { type: "string", default: DEFAULT_TRANSACTIONS },
  json: { type: "boolean", default: false },
  "kill-worker": { type: "boolean", default: false },
  seed: { type: "string" },
} as const;
const TRANSACTIONS_MAX = 1_000_000;
const SEED_MAX = 2 ** 31;

/** @param randomSeed the seed where none is given */
export function parseOptions(args: readonly string[], randomSeed: () => number): DemoOptions {
  const values = parsed(args);
  return {
    transactions: wholeNumber("--transactions", values.transactions, 1, TRANSACTIONS_MAX),
    json: values.json,
    killWorker: values["kill-worker"],
    seed: values.seed === undefined ? randomSeed() : wholeNumber("--seed", values.seed, 0, SEED_MAX),
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseCommandLine(args, OPTIONS).values;
  } catch (error) {
    throw new OptionsError(`${(error as Error).message}; expected ${USAGE}.`, { cause: error });
  }
}

function wholeNumber(option: string, text: string, min: number, max: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new OptionsError(
    `${option} takes a whole number from ${min} to ${max}, got ${JSON.stringify(text)}; expected ${USAGE}.`,
  );
}
