/** What `npm run bench -- …` takes. */
import { type Command, JSON_OPTION } from "../../../local/command-line/command.ts";
import { DEFAULT_RATE } from "../../../core/jobs/redelivery/spec.ts";
import { CommandLineError, oneOf, optionsOf, wholeNumber } from "../../../local/command-line/parse.ts";

/**
 * `cost`: of a confirmation, in CPU time. `growth`: what becomes of it as everything grows. `end to end`: the stack of
 * this machine. `release`: of a backlog, by `release-due`. `against`: of this worker and another checkout's, in turn.
 * `api`: of a transaction that the API takes. `redelivery`: a job by filter, with live traffic beside it.
 */
export type BenchMode = "cost" | "growth" | "end to end" | "release" | "against" | "api" | "redelivery";

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
  /** Rows that are sent again. */
  readonly redelivered: number;
  /** Rows a second that are sent again. */
  readonly redeliveryRate: number;
  /** Root of the checkout that the worker is measured against; its packages are installed. */
  readonly against?: string;
}

const DEFAULTS = {
  rounds: 7,
  seconds: 2,
  minutes: 10,
  transactions: 15_000,
  rows: 60_000,
  redelivered: 10_000,
  "redelivery-rate": DEFAULT_RATE,
} as const;
const SMOKE = {
  rounds: 1,
  seconds: 0.3,
  minutes: 0.01,
  transactions: 50,
  rows: 100,
  redelivered: 60,
  "redelivery-rate": 50,
} as const;

const numberOption = (name: keyof typeof DEFAULTS, says: string) =>
  ({ type: "string", takes: "<number>", says: `${says} (${DEFAULTS[name]})` }) as const;

export const BENCH_COMMAND = {
  name: "npm run bench",
  does: "What a confirmation costs, against the bare HTTP call and against an afternoon's version.",
  code: "BENCH_OPTIONS_INVALID",
  options: {
    json: JSON_OPTION,
    smoke: { type: "boolean", default: false, says: "a moment of everything, to see that it works" },
    rounds: numberOption("rounds", "rounds, of which each has every variant"),
    seconds: numberOption("seconds", "for which a variant is measured in a round"),
    growth: { type: "boolean", default: false, says: "instead: what becomes of the cost as everything grows" },
    part: {
      type: "string",
      multiple: true,
      default: [] as string[],
      takes: GROWTH_PARTS.join("|"),
      says: "of --growth, once for each (all)",
    },
    minutes: numberOption("minutes", "of the long run of --growth"),
    "end-to-end": { type: "boolean", default: false, says: "instead: the whole pipeline of this machine" },
    transactions: numberOption("transactions", "of --end-to-end"),
    release: { type: "boolean", default: false, says: "instead: how fast a backlog goes out" },
    rows: numberOption("rows", "of each backlog of --release"),
    api: { type: "boolean", default: false, says: "instead: what the API takes to take a transaction" },
    redelivery: { type: "boolean", default: false, says: "instead: a redelivery by filter, live traffic beside it" },
    redelivered: numberOption("redelivered", "rows of --redelivery"),
    "redelivery-rate": numberOption("redelivery-rate", "of them a second"),
    against: { type: "string", takes: "<checkout>", says: "instead: beside the worker of another checkout" },
  },
} as const satisfies Command;

/** @throws LocalError BENCH_OPTIONS_INVALID */
export function parseBenchOptions(args: readonly string[]): BenchOptions {
  return optionsOf(BENCH_COMMAND, args, ({ values }) => {
    const { json, smoke, growth, part, "end-to-end": endToEnd, release, against, api, redelivery, ...texts } = values;
    const isAgainst = against !== undefined;
    if ([growth, endToEnd, release, isAgainst, api, redelivery].filter(Boolean).length > 1)
      throw new CommandLineError(
        "--growth, --end-to-end, --release, --against, --api and --redelivery are runs of their own",
      );
    const numberOr = (name: keyof typeof texts, max: number): number => {
      const text = texts[name];
      return text === undefined ? (smoke ? SMOKE : DEFAULTS)[name] : wholeNumber(`--${name}`, text, 1, max);
    };
    return {
      mode: modeOf({ growth, "end to end": endToEnd, release, against: isAgainst, api, redelivery }),
      json,
      smoke,
      rounds: numberOr("rounds", 100),
      seconds: numberOr("seconds", 600),
      minutes: numberOr("minutes", 10_000),
      transactions: numberOr("transactions", 1_000_000),
      rows: numberOr("rows", 1_000_000),
      redelivered: numberOr("redelivered", 1_000_000),
      redeliveryRate: numberOr("redelivery-rate", 1000),
      ...(isAgainst && { against }),
      parts: part.length === 0 ? GROWTH_PARTS : part.map((text) => oneOf("--part", text, GROWTH_PARTS)),
    };
  });
}

function modeOf(asked: Readonly<Record<Exclude<BenchMode, "cost">, boolean>>): BenchMode {
  return (Object.keys(asked) as Exclude<BenchMode, "cost">[]).find((name) => asked[name]) ?? "cost";
}
