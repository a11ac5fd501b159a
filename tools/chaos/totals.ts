/** The sums over all runs, and whether they are good: what the last line says and what the exit code rests on. Pure. */
import { type InjectedByLabel, sumOf } from "./run/own-fault-book.ts";
import type { RunAccount } from "./run/take-account.ts";

export interface Totals {
  readonly runs: number;
  readonly transactions: number;
  readonly lost: number;
  readonly duplicates: number;
  readonly duplicatesAllowed: number;
  readonly outOfOrder: number;
  /** Connections that were accepted on addresses outside the allow-list. */
  readonly ssrfReached: number;
  /** Tries, give-ups and opened circuits of merchants that had done nothing, while something of ours failed. */
  readonly chargedToMerchants: number;
  /** Invocations that Lambda had to end at their time limit. */
  readonly timedOutFunctions: number;
  /** Rows that were called for over and over without a wait. */
  readonly spinningRows: number;
  /** Faults of our own that were injected, and the calls that each touched. */
  readonly injected: InjectedByLabel;
  /**
   * p99 from commit to confirmed of healthy merchants beside hostile ones, over the same without; null where it was
   * not measured.
   */
  readonly neighbourP99Ratio: number | null;
  readonly neighbourP99DeltaMs: number | null;
}

export interface NeighbourFigures {
  readonly ratio: number;
  readonly deltaMs: number;
}

/** What any part of the suite comes to: a run of faults, or the measurement. */
export interface PartReport {
  readonly account: RunAccount;
  readonly ssrfReached: number;
  readonly charged?: { readonly attempts: number; readonly trips: number; readonly giveUps: number };
  readonly timedOutFunctions?: number;
  readonly spinningRows?: number;
  readonly injected?: InjectedByLabel;
}

export const RATIO_MAX = 1.5;
export const DELTA_MAX_MS = 100;

/** @param runs runs with faults. @param measurement the part without them, and its figures */
export function totalsOf(
  runs: readonly PartReport[],
  measurement?: { readonly report: PartReport; readonly figures: NeighbourFigures },
): Totals {
  const parts = measurement === undefined ? runs : [...runs, measurement.report];
  const sum = (value: (part: PartReport) => number) => parts.reduce((total, part) => total + value(part), 0);
  return {
    runs: runs.length,
    transactions: sum(({ account }) => account.transactions),
    lost: sum(({ account }) => account.lost),
    duplicates: sum(({ account }) => account.duplicates),
    duplicatesAllowed: sum(({ account }) => account.duplicatesAllowed),
    outOfOrder: sum(({ account }) => account.outOfOrder),
    ssrfReached: sum(({ ssrfReached }) => ssrfReached),
    chargedToMerchants: sum(({ charged }) => (charged ? charged.attempts + charged.trips + charged.giveUps : 0)),
    timedOutFunctions: sum(({ timedOutFunctions = 0 }) => timedOutFunctions),
    spinningRows: sum(({ spinningRows = 0 }) => spinningRows),
    injected: sumOf(runs.map(({ injected = {} }) => injected)),
    neighbourP99Ratio: measurement === undefined ? null : rounded(measurement.figures.ratio, 100),
    neighbourP99DeltaMs: measurement === undefined ? null : rounded(measurement.figures.deltaMs, 10),
  };
}

/** What is wrong with the totals; empty for good ones. */
export function faultsOf(totals: Totals): readonly string[] {
  const { lost, outOfOrder, ssrfReached, duplicates, duplicatesAllowed, chargedToMerchants } = totals;
  const { timedOutFunctions, spinningRows } = totals;
  const { neighbourP99Ratio, neighbourP99DeltaMs } = totals;
  const isFelt =
    neighbourP99Ratio !== null &&
    neighbourP99DeltaMs !== null &&
    !(neighbourP99Ratio <= RATIO_MAX || neighbourP99DeltaMs <= DELTA_MAX_MS);
  return [
    ...(lost > 0 ? [`${lost} lost, expected 0`] : []),
    ...(outOfOrder > 0 ? [`${outOfOrder} out of order, expected 0`] : []),
    ...(ssrfReached > 0 ? [`${ssrfReached} connections to addresses that must not be called, expected 0`] : []),
    ...(chargedToMerchants > 0
      ? [`${chargedToMerchants} charged to merchants during faults of our own, expected 0`]
      : []),
    ...(timedOutFunctions > 0 ? [`${timedOutFunctions} invocations ended at their time limit, expected 0`] : []),
    ...(spinningRows > 0 ? [`${spinningRows} rows called for again and again without a wait, expected 0`] : []),
    ...(isInjected(totals.injected) ? [] : [NOTHING_INJECTED]),
    ...(duplicates > duplicatesAllowed ? [`${duplicates} duplicates, expected at most ${duplicatesAllowed}`] : []),
    ...(isFelt
      ? [
          `hostile merchants are felt: p99 × ${neighbourP99Ratio}, + ${neighbourP99DeltaMs} ms; expected ` +
            `at most × ${RATIO_MAX} or + ${DELTA_MAX_MS} ms`,
        ]
      : []),
  ];
}

/** What a run is not worth that had no fault of our own, or only such as met no call. */
export const NOTHING_INJECTED =
  "no fault of our own surroundings touched a call, expected at least one in each run: this says nothing";

export function isInjected(injected: InjectedByLabel): boolean {
  return Object.values(injected).some(({ touched }) => touched > 0);
}

function rounded(value: number, steps: number): number {
  return Math.round(value * steps) / steps;
}
