/** The command line of the benchmark. */
import { parseArgs } from "node:util";
import { PipelineError } from "../../../core/errors/pipeline-error.ts";

/**
 * `cost`: of a confirmation, in CPU time. `growth`: what becomes of it as everything grows. `end to end`: the stack of
 * this machine. `release`: of a backlog, by `release-due`. `against`: of this worker and another checkout's, in turn.
 */
export type BenchMode = "cost" | "growth" | "end to end" | "release" | "against";

/** Of the benchmark of growth: more merchants, more queued, connections that are not reused, more time. */
export const GROWTH_PARTS = ["merchants", "queue", "fresh", "long"] as const;
export type GrowthPart = (typeof GROWTH_PARTS)[number];

export interface BenchOptions {
  readonly mode: BenchMode;
  readonly json: boolean;
  /** A moment of everything, to see that it works; its figures mean nothing. */
  readonly smoke: boolean;
  readonly rounds: number;
  /** Seconds for which a variant is measured in each round. */
  readonly seconds: number;
  /** Of the long run. */
  readonly minutes: number;
  readonly parts: readonly GrowthPart[];
  /** Of the run end to end. */
  readonly transactions: number;
  /** Of each backlog that is released. */
  readonly rows: number;
  /** Root of the checkout that the worker is measured against; its packages are installed. */
  readonly against?: string;
}

export class BenchOptionsError extends PipelineError {
  override readonly name = "BenchOptionsError";
  readonly code = "BENCH_OPTIONS_INVALID";
}

const USAGE =
  "npm run bench -- [--json] [--smoke] [--rounds N] [--seconds N] [--growth [--part " +
  "merchants|queue|fresh|long]… [--minutes N] | --end-to-end [--transactions N] | --release [--rows N] | " +
  "--against CHECKOUT]";
const DEFAULTS = { rounds: 7, seconds: 2, minutes: 10, transactions: 2000, rows: 60_000 } as const;
const SMOKE = { rounds: 1, seconds: 0.3, minutes: 0.01, transactions: 50, rows: 100 } as const;

/** @throws BenchOptionsError that says what was expected */
export function parseBenchOptions(args: readonly string[]): BenchOptions {
  const { json, smoke, growth, part, "end-to-end": endToEnd, release, against, ...texts } = parsed(args);
  const isAgainst = against !== undefined;
  if ([growth, endToEnd, release, isAgainst].filter(Boolean).length > 1)
    throw new BenchOptionsError(
      `--growth, --end-to-end, --release and --against are runs of their own; expected ${USAGE}.`,
    );
  const defaults = smoke ? SMOKE : DEFAULTS;
  const numberOr = (name: keyof typeof texts, max: number): number => {
    const text = texts[name];
    return text === undefined ? defaults[name] : wholeNumber(`--${name}`, text, 1, max);
  };
  return {
    mode: growth ? "growth" : endToEnd ? "end to end" : release ? "release" : isAgainst ? "against" : "cost",
    json,
    smoke,
    rounds: numberOr("rounds", 100),
    seconds: numberOr("seconds", 600),
    minutes: numberOr("minutes", 10_000),
    transactions: numberOr("transactions", 1_000_000),
    rows: numberOr("rows", 1_000_000),
    ...(isAgainst && { against }),
    parts: part.length === 0 ? GROWTH_PARTS : part.map(growthPart),
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        json: { type: "boolean", default: false },
        smoke: { type: "boolean", default: false },
        growth: { type: "boolean", default: false },
        "end-to-end": { type: "boolean", default: false },
        release: { type: "boolean", default: false },
        part: { type: "string", multiple: true, default: [] },
        rounds: { type: "string" },
        seconds: { type: "string" },
        minutes: { type: "string" },
        transactions: { type: "string" },
        rows: { type: "string" },
        against: { type: "string" },
      },
    }).values;
  } catch (error) {
    throw new BenchOptionsError(`${(error as Error).message}; expected ${USAGE}.`, { cause: error });
  }
}

function growthPart(text: string): GrowthPart {
  const part = GROWTH_PARTS.find((each) => each === text);
  if (part !== undefined) return part;
  throw new BenchOptionsError(
    `--part takes ${GROWTH_PARTS.join(", ")}, got ${JSON.stringify(text)}; expected ${USAGE}.`,
  );
}

function wholeNumber(option: string, text: string, min: number, max: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new BenchOptionsError(
    `${option} takes a whole number from ${min} to ${max}, got ${JSON.stringify(text)}; expected ${USAGE}.`,
  );
}
