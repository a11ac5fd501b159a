/**
 * The clocks of a task: the time of day, which may be wrong, a clock for durations that no step of it touches, chance,
 * and what two services say of the time.
 */
import { performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import type { ClockPort } from "../ports.ts";
import { ClockWatch } from "./clock-watch.ts";

export interface TaskClock extends ClockPort {
  readonly watch: ClockWatch;
  readonly pause: (ms: number) => Promise<void>;
}

const now = Date.now;
/** For durations: no step of the clock touches it. */
const elapsedMs = (): number => performance.now();

export function taskClock(): TaskClock {
  const watch = new ClockWatch({ now, elapsedMs });
  return { now, elapsedMs, isWrongAt: watch.isWrongAt, random: Math.random, pause, watch };
}
