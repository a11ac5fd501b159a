/**
 * How slow this machine is as a run begins, for time limits that say "by then it has been delivered": those are of a
 * machine that has two cores to itself. On one that others use too everything takes longer, and what is given up for
 * that says nothing of the pipeline.
 */
import { availableParallelism, loadavg } from "node:os";

/** Milliseconds of a core that are asked for. */
const MEASURED_MS = 50;
/** No run is worth more time. */
const SLOWEST = 8;
/** Below that a difference is chance. */
const NOTICEABLE = 1.5;

export interface Busyness {
  /** Programs that want to run, on each core. */
  readonly queuedPerCore: number;
  /** How long a bit of work takes, by how long it takes where nobody else works. */
  readonly waited: number;
}

/** @returns 1 for a machine that has little else to do, 3 for one on which everything takes three times as long */
export function slownessOf({ queuedPerCore, waited }: Busyness): number {
  const times = Math.min(SLOWEST, Math.max(queuedPerCore, waited));
  return times < NOTICEABLE ? 1 : times;
}

export function slowness(): number {
  return slownessOf({ queuedPerCore: (loadavg()[0] ?? 0) / availableParallelism(), waited: workTakes() });
}

function workTakes(): number {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  for (;;) {
    const { user, system } = process.cpuUsage(before);
    const coreMs = (user + system) / 1000;
    if (coreMs >= MEASURED_MS) return (performance.now() - startedAt) / coreMs;
  }
}
