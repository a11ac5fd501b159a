/** From calls by the hour to what charts draw, and what is said of all of them together. */
import type { Tone, Unit } from "../../../core/dashboard/panel.ts";
import type { Performance } from "./merchant-reads.ts";

export interface PerformanceTexts {
  readonly succeeded: string;
  readonly p50: string;
  readonly p95: string;
}

/** As `shown/chart.tsx` takes it. */
interface Drawing {
  readonly kind: "lines";
  readonly unit: Unit;
  readonly series: readonly {
    readonly label: string;
    readonly tone: Tone;
    readonly points: readonly (number | null)[];
  }[];
  readonly endMs: number;
  readonly periodSeconds: number;
  readonly periods: number;
}

const HOUR_SECONDS = 3600;
const HOUR_MS = HOUR_SECONDS * 1000;

export interface AllCalls {
  readonly attempts: number;
  readonly succeeded: number;
  /** 0 to 100; undefined where there were none. */
  readonly percent: number | undefined;
  /** The class with most attempts first. */
  readonly failures: readonly { readonly outcome: string; readonly attempts: number }[];
}

export function allCalls({ hours }: Pick<Performance, "hours">): AllCalls {
  const attempts = hours.reduce((sum, hour) => sum + hour.attempts, 0);
  const succeeded = hours.reduce((sum, hour) => sum + hour.succeeded, 0);
  const byClass = new Map<string, number>();
  for (const { outcome, attempts: failed } of hours.flatMap(({ failures }) => failures))
    byClass.set(outcome, (byClass.get(outcome) ?? 0) + failed);
  return {
    attempts,
    succeeded,
    percent: percentOf(succeeded, attempts),
    failures: [...byClass]
      .map(([outcome, failed]) => ({ outcome, attempts: failed }))
      .toSorted((one, other) => other.attempts - one.attempts),
  };
}

/** Gaps where nobody was called. */
export function successDrawing(performance: Performance, says: PerformanceTexts): Drawing {
  const points = performance.hours.map(({ succeeded, attempts }) => percentOf(succeeded, attempts) ?? null);
  return { ...timesOf(performance), unit: "percent", series: [{ label: says.succeeded, tone: "green", points }] };
}

export function latencyDrawing(performance: Performance, says: PerformanceTexts): Drawing {
  const points = (of: (latency: Latency) => number) =>
    performance.hours.map(({ latency }) => (latency === undefined ? null : of(latency)));
  return {
    ...timesOf(performance),
    unit: "milliseconds",
    series: [
      { label: says.p50, tone: "blue", points: points(({ p50Ms }) => p50Ms) },
      { label: says.p95, tone: "orange", points: points(({ p95Ms }) => p95Ms) },
    ],
  };
}

type Latency = NonNullable<Performance["hours"][number]["latency"]>;

function timesOf({ from, hours }: Performance): Pick<Drawing, "kind" | "endMs" | "periodSeconds" | "periods"> {
  const endMs = Date.parse(from) + hours.length * HOUR_MS;
  return { kind: "lines", endMs, periodSeconds: HOUR_SECONDS, periods: hours.length };
}

function percentOf(some: number, all: number): number | undefined {
  return all === 0 ? undefined : (100 * some) / all;
}
