/**
 * Settings of `npm start`: a deployment's, made faster, so that a person sees in a minute what takes days in
 * production. Everything else keeps its default, and `--settings` goes over these.
 */
import type { SettingsInput } from "../core/settings/settings.ts";

export const LOCAL_SETTINGS = {
  /** Tables of a trial need no deletion protection. */
  disposable: true,
  /** One machine writes no faster than this many take, and each is looked into once a second. */
  dueShards: 16,
  /** One task runs here, and it may use what all tasks share. */
  worker: { minTasks: 1, maxTasks: 1, stopTimeoutSeconds: 30 },
  /** Merchants on this machine, over plain http. Their answer is near or it is not there. */
  delivery: { allowDestinations: ["127.0.0.1:1024-65535"], deadlineMs: 5000 },
  /**
   * Every stage of a failing transaction within a minute: short waits in the queue, longer ones parked in the table,
   * then the dead letter.
   */
  retry: { scheduleSeconds: [1, 2, 5, 10, 20], inQueueMaxSeconds: 2 },
  /** What was lost comes again while one looks on. */
  release: { leaseSeconds: 15, everySeconds: 1, ratePerSecond: 2500, restAfterSeconds: 3600 },
  /** The tables hold what their user wrote, and nothing else. */
  canary: { enabled: false },
  /** Both cost nothing here. */
  insights: { containers: true, merchants: true },
  /** Every transaction can be looked at with `npx confirmations trace`. */
  tracing: { share: 1 },
} as const satisfies SettingsInput;
