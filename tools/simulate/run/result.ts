/** What a run gives: a figure for each thing that is asked of it, and its seconds. */
import type { ScenarioName } from "../scenarios.ts";
import type { PolicyName } from "./policy.ts";

/** One second of a run, for the plot. */
export interface Moment {
  readonly second: number;
  readonly writtenPerSecond: number;
  readonly confirmedPerSecond: number;
  readonly backlog: number;
  readonly parked: number;
  readonly tasks: number;
  readonly inFlight: number;
}

export interface Result {
  readonly scenario: ScenarioName;
  readonly policy: PolicyName;
  readonly seed: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** The same of all merchants but the large one. */
  readonly healthyP99Ms: number;
  /** Written and neither terminal nor parked, with what the table has not taken yet. */
  readonly maxBacklog: number;
  readonly maxParked: number;
  readonly maxTasks: number;
  readonly maxInFlight: number;
  readonly lost: number;
  readonly usdPerMillion: number;
  /** Seconds after the disturbance until no more was behind than comes in a second; null for never. */
  readonly drainedSeconds: number | null;
  /** Seconds in which merchants that are well got less than a tenth of what was written for them. */
  readonly healthyStoppedSeconds: number;
  readonly written: number;
  readonly confirmed: number;
  readonly deadLettered: number;
  readonly waiting: number;
  readonly duplicates: number;
  /** Deliveries that a stop of their task cut off. */
  readonly interrupted: number;
  readonly scaledIn: number;
  readonly tasksAtEnd: number;
  readonly circuitsOpened: number;
  /** Written during the outage. */
  readonly rows: number;
  /**
   * Seconds from the end of the outage until all that was written before was recorded; null for never, or where none
   * ended.
   */
  readonly recordedSeconds: number | null;
  /**
   * The most looks in a row in which one of several merchants that were equally eligible got nothing while others got
   * something.
   */
  readonly fairnessLooks: number;
  /** Runs of `release-due` that were killed in the middle of a look, at their time limit. */
  readonly killedLooks: number;
  /** Seconds at whose end producers waited for the table. */
  readonly throttledSeconds: number;
  /** What producers had been refused and asked for again, at most. */
  readonly maxUnwritten: number;
}
