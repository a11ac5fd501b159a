/** What a task does however little there is to do, and how often: the worker goes by it, and what it costs follows. */

/** Metrics, as lines of the log. */
export const PUBLISH_EVERY_MS = 10_000;
/** Whether everything is paused: one read. */
export const PAUSE_LOOK_EVERY_MS = 2000;
/** Of each queue, while it brings something now and then: a stop waits for the last poll. */
export const POLL_SECONDS = 2;
/** Of a queue that has brought nothing in the poll before; SQS allows no longer one. */
export const IDLE_POLL_SECONDS = 20;
/** Part of the time between SIGTERM and SIGKILL that the last poll may take. */
const OF_STOP_TIMEOUT = 1 / 4;

/** Seconds of a poll while nothing comes: no more than a stop has time for. */
export function idlePollSeconds(stopTimeoutSeconds: number): number {
  return Math.max(POLL_SECONDS, Math.min(IDLE_POLL_SECONDS, Math.floor(stopTimeoutSeconds * OF_STOP_TIMEOUT)));
}
