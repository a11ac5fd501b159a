/** What a run prints: a table for people, a line of JSON for programs. */
import type { Result } from "./run/result.ts";
import { SCENARIO } from "./scenarios.ts";

const COLUMNS: readonly (readonly [title: string, of: (result: Result) => string])[] = [
  ["scenario", ({ scenario }) => scenario],
  ["tasks, most", ({ maxTasks }) => number(maxTasks)],
  ["backlog, most", ({ maxBacklog }) => number(maxBacklog)],
  ["parked, most", ({ maxParked }) => number(maxParked)],
  ["in flight, most", ({ maxInFlight }) => number(maxInFlight)],
  ["p50 s", ({ p50Ms }) => seconds(p50Ms)],
  ["p99 s", ({ p99Ms }) => seconds(p99Ms)],
  ["p99 s of healthy", ({ healthyP99Ms }) => seconds(healthyP99Ms)],
  ["nothing behind after s", ({ drainedSeconds }) => (drainedSeconds === null ? "never" : number(drainedSeconds))],
  ["healthy stopped s", ({ healthyStoppedSeconds }) => number(healthyStoppedSeconds)],
  ["throttled s", ({ throttledSeconds }) => number(throttledSeconds)],
  ["called twice", ({ duplicates }) => number(duplicates)],
  ["cut off", ({ interrupted }) => number(interrupted)],
  ["lost", ({ lost }) => number(lost)],
  ["$ per million", ({ usdPerMillion }) => usdPerMillion.toFixed(2)],
];

/** As a table of Markdown, which reads well in a terminal too. */
export function tableOf(results: readonly Result[]): string {
  const titles = COLUMNS.map(([title]) => title);
  const rows = results.map((result) => COLUMNS.map(([, of]) => of(result)));
  const widths = titles.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const padded = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  const line = (cells: readonly string[]) => `| ${cells.map(padded).join(" | ")} |`;
  const rule = widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [line(titles), line(rule), ...rows.map(line)].join("\n");
}

export function legendOf(results: readonly Result[]): string {
  return results.map(({ scenario }) => `${scenario}: ${SCENARIO[scenario].what}.`).join("\n");
}

/** One line for each scenario; the last line is the last one's. */
export function jsonOf(result: Result): string {
  return JSON.stringify(result);
}

function number(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(ms < 10_000 ? 2 : 0);
}
