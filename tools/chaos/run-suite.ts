/**
 * The suite: the measurement first, while nothing else has worn the machine, then runs with faults, one seed after the
 * other, as many as fit into the time. A run that finds something says how to repeat it.
 */
import { measureNeighbours } from "./neighbour/measure.ts";
import type { ChaosOptions } from "./options.ts";
import { planRun, type PlanSize } from "./plan/plan.ts";
import { runOnce } from "./run/run-once.ts";
import {
  faultsOf,
  isInjected,
  NOTHING_INJECTED,
  NOTHING_SENT,
  type PartReport,
  type Totals,
  totalsOf,
} from "./totals.ts";

export interface SuiteReport {
  readonly totals: Totals;
  /** What is wrong, for a person; empty if all is well. */
  readonly faults: readonly string[];
}

export interface SuiteOptions {
  readonly options: ChaosOptions;
  readonly size?: PlanSize;
  readonly interruption: AbortSignal;
  readonly note: (line: string) => void;
}

/** Every kind of fault at least once a run; the rate leaves two cores room for proxies and merchants. */
export const RUN_SIZE: PlanSize = { durationMs: 60_000, ratePerSecond: 16, faults: 11 };
/** What the first run is thought to take; what is killed with a function comes again later. */
const RUN_SECONDS = { fargate: 100, lambda: 200 } as const;

export async function runSuite({ options, size = RUN_SIZE, interruption, note }: SuiteOptions): Promise<SuiteReport> {
  const startedAtMs = Date.now();
  const measurement = options.neighbour ? await measureNeighbours({ ...options, interruption, note }) : undefined;
  const runs: PartReport[] = [];
  const wrong: string[] = [];
  let longestSeconds: number = RUN_SECONDS[options.delivery];
  const isAnotherDue = (): boolean => {
    if (interruption.aborted) return false;
    if (options.runs !== undefined) return runs.length < options.runs;
    const leftSeconds = options.minutes * 60 - (Date.now() - startedAtMs) / 1000;
    return runs.length === 0 || leftSeconds > longestSeconds;
  };
  while (isAnotherDue()) {
    const seed = options.seed + runs.length;
    note(
      `Run ${runs.length + 1}, seed ${seed}: ${size.durationMs / 1000} s of traffic at ` +
        `${size.ratePerSecond}/s, ${planRun(seed, size).faults.length} faults.`,
    );
    const { delivery, transport } = options;
    const report = await runOnce({ plan: planRun(seed, size), delivery, transport, interruption, note });
    const { account, ssrfReached, charged, timedOutFunctions, spinningRows, injected, isClean, seconds } = report;
    const { channels } = report;
    runs.push({
      account,
      ssrfReached: ssrfReached.length,
      charged,
      timedOutFunctions: timedOutFunctions.length,
      spinningRows: spinningRows.length,
      injected,
      channels,
    });
    if (!isInjected(injected) && !interruption.aborted) wrong.push(`seed ${seed}: ${NOTHING_INJECTED}`);
    if (channels.steps === 0 && !interruption.aborted) wrong.push(`seed ${seed}: ${NOTHING_SENT}`);
    longestSeconds = Math.max(longestSeconds, seconds);
    if (!isClean)
      wrong.push(`seed ${seed}: again with npm run chaos -- --seed ${seed} --runs 1 --no-neighbour${inMode(options)}`);
    note(`  ${JSON.stringify(account)}, channels ${JSON.stringify(channels)}, ${seconds.toFixed(0)} s`);
  }
  const totals = totalsOf(runs, measurement);
  return { totals, faults: [...faultsOf(totals), ...wrong] };
}

function inMode({ delivery, transport }: ChaosOptions): string {
  const carried = transport === "http1" ? "" : ` --transport ${transport}`;
  return delivery === "fargate" ? carried : ` --delivery ${delivery}${carried}`;
}
