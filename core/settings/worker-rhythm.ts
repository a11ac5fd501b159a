/** What a task does however little there is to do, and how often: the worker goes by it, and what it costs follows. */

/** Metrics, as lines of the log. */
export const PUBLISH_EVERY_MS = 10_000;
/** Whether everything is paused: one read. */
export const PAUSE_LOOK_EVERY_MS = 2000;
/** Long polls of each queue that bring nothing. */
export const IDLE_POLL_SECONDS = 2;
