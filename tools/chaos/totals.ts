/** The sums over all runs, and whether they are good: what the last line says and what the exit code rests on. Pure. */
import { type InjectedByLabel, sumOf } from "./run/own-fault-book.ts";
import type { ChannelAccount } from "./run/channels/judge-steps.ts";
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
  /** Messages by channels other than webhooks that lay outside in the end. */
  readonly channelSteps: number;
  /** Of recipients with channels and merchants that acknowledge: told by nothing, and not given up either. */
  readonly channelsLost: number;
  /** Messages of a step beyond its first. */
  readonly stepsTwice: number;
  /** Messages that were in flight when a worker was killed, or whose response a fault kept from it. */
  readonly stepsTwiceAllowed: number;
  /** Who was told again, or by the next channel, before his time to acknowledge or that of a receipt was over. */
  readonly toldEarly: number;
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
  /** @default nobody has channels */
  readonly channels?: ChannelAccount;
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
    channelSteps: sum(({ channels }) => channels?.steps ?? 0),
    channelsLost: sum(({ channels }) => channels?.lost ?? 0),
    stepsTwice: sum(({ channels }) => channels?.twice ?? 0),
    stepsTwiceAllowed: sum(({ channels }) => channels?.twiceAllowed ?? 0),
    toldEarly: sum(({ channels }) => channels?.early ?? 0),
    injected: sumOf(runs.map(({ injected = {} }) => injected)),
    neighbourP99Ratio: measurement === undefined ? null : rounded(measurement.figures.ratio, 100),
    neighbourP99DeltaMs: measurement === undefined ? null : rounded(measurement.figures.deltaMs, 10),
  };
}

/** What is wrong with the totals; empty for good ones. */
export function faultsOf(totals: Totals): readonly string[] {
  const { lost, outOfOrder, ssrfReached, duplicates, duplicatesAllowed, chargedToMerchants } = totals;
  const { timedOutFunctions, spinningRows, channelSteps, channelsLost, toldEarly } = totals;
  const { stepsTwice, stepsTwiceAllowed } = totals;
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
    ...(channelsLost > 0 ? [`${channelsLost} lost of recipients with channels, expected 0`] : []),
    ...(stepsTwice > stepsTwiceAllowed
      ? [`${stepsTwice} steps done twice, expected at most ${stepsTwiceAllowed}`]
      : []),
    ...(toldEarly > 0 ? [`${toldEarly} told before their time to answer was over, expected 0`] : []),
    ...(channelSteps > 0 ? [] : [NOTHING_SENT]),
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

/** What a run is not worth in which no channel was ever used. */
export const NOTHING_SENT = "nothing was sent by a channel, expected something in each run: this says nothing of them";

export function isInjected(injected: InjectedByLabel): boolean {
  return Object.values(injected).some(({ touched }) => touched > 0);
}

function rounded(value: number, steps: number): number {
  return Math.round(value * steps) / steps;
}
