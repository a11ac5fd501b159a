/** What `--scenario drain` says of its three runs together, as one line of JSON: the longest of them counts. */
import type { Result } from "./run/result.ts";
import { DRAINS } from "./scenarios.ts";

const SECONDS_A_MINUTE = 60;

export interface DrainReport {
  readonly scenario: "drain";
  /** Rows written during one outage: the fewest of the runs. */
  readonly rows: number;
  /** Minutes from the end of the longest outage until all that was written before was recorded; null for never. */
  readonly drainMinutes: number | null;
  /** The same of each, by what was out. */
  readonly byOutage: Readonly<Record<string, number | null>>;
  /** The most looks by which merchants that were equally eligible came after one another. */
  readonly fairnessLooks: number;
  /** Runs of `release-due` that their time limit killed in the middle of a look. */
  readonly killedLooks: number;
  readonly lost: number;
}

/** @returns undefined where not all of its runs are there */
export function drainReportOf(results: readonly Result[]): DrainReport | undefined {
  const runs = DRAINS.map((name) => results.find(({ scenario }) => scenario === name));
  if (!runs.every((run) => run !== undefined)) return undefined;
  const minutes = runs.map(({ recordedSeconds }) => minutesOf(recordedSeconds));
  return {
    scenario: "drain",
    rows: Math.min(...runs.map(({ rows }) => rows)),
    drainMinutes: minutes.includes(null) ? null : Math.max(...minutes.map((one) => one ?? 0)),
    byOutage: Object.fromEntries(DRAINS.map((name, index) => [name.replace("no-", ""), minutes[index] ?? null])),
    fairnessLooks: Math.max(...runs.map(({ fairnessLooks }) => fairnessLooks)),
    killedLooks: runs.reduce((sum, { killedLooks }) => sum + killedLooks, 0),
    lost: runs.reduce((sum, { lost }) => sum + lost, 0),
  };
}

function minutesOf(seconds: number | null): number | null {
  return seconds === null ? null : Number((seconds / SECONDS_A_MINUTE).toFixed(2));
}
