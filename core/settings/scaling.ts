/**
 * How many tasks are wanted, as numbers: the one place for what the stack's scaling policies are made of, and what the
 * simulation in `tools/bench/` runs. All of it follows from the rates that the service is sized for and from what one
 * task gets through.
 */
import type { Settings } from "./settings.ts";

/** Percent of CPU at which tasks are held: room for what comes until further tasks run. */
export const CPU_TARGET_PERCENT = 60;
/**
 * Seconds between two values of CPU that ECS publishes for scaling; 60 is the other choice (ECS,
 * `MetricConfiguration`).
 */
export const CPU_RESOLUTION_SECONDS = 20;
export const SCALE_OUT_COOLDOWN_SECONDS = 30;
export const SCALE_IN_COOLDOWN_SECONDS = 300;

/** Delay in the queue that a task's backlog stands for when it is at its target. */
const ACCEPTABLE_DELAY_SECONDS = 2;
/** Part of the most tasks that the backlog of the ordered queue may ask for. */
const ORDERED_SHARE = 1 / 4;

/** Longest wait for room or a token (`core/delivery/gate`). */
const WAIT_FOR_ROOM_SECONDS = 1;
/** For recording and deleting, with a few attempts. */
const FLUSH_SECONDS = 5;
/** Kept by the worker to end by itself before it is killed. */
const EXIT_SECONDS = 2;

type Sizes = Pick<Settings, "worker">;

/**
 * Messages a task may have waiting and in flight: no more than it can work on at once, and than it gets through within
 * the delay.
 */
export function targetBacklogPerTask({ worker }: Sizes): number {
  return Math.min(worker.window, worker.ratePerTask * ACCEPTABLE_DELAY_SECONDS);
}

/** Messages of the ordered queue that count as backlog, at most. */
export function mostOrderedBacklog(settings: Sizes): number {
  return targetBacklogPerTask(settings) * Math.max(1, Math.floor(settings.worker.maxTasks * ORDERED_SHARE));
}

export interface QueueDepths {
  readonly waiting: number;
  readonly inFlight: number;
  /** Messages of the ordered queue, waiting and in flight. */
  readonly ordered: number;
  readonly runningTasks: number;
}

/** What the policy's metric math calculates; `worker-scaling.ts` of the stack has the same in CloudWatch's words. */
export function backlogPerTask({ waiting, inFlight, ordered, runningTasks }: QueueDepths, settings: Sizes): number {
  return (waiting + inFlight + Math.min(ordered, mostOrderedBacklog(settings))) / Math.max(1, runningTasks);
}

/**
 * Seconds that a stopping task needs to finish what it has begun: a call that waited for room, the last long poll
 * beside it, and what is recorded and deleted after it. With less between SIGTERM and SIGKILL a delivery could be cut
 * off, and its merchant called again.
 */
export function drainSeconds({ delivery }: Pick<Settings, "delivery">): number {
  return Math.ceil(delivery.deadlineMs / 1000) + WAIT_FOR_ROOM_SECONDS + FLUSH_SECONDS + EXIT_SECONDS;
}
