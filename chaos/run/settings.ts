/**
 * Settings of a run's stack: the same public ones that a deployment takes, only faster, so that every horizon of the retry schedule and
 * every recovery is passed within seconds.
 */
import type { SettingsInput } from "../../core/settings.ts";

export const DEADLINE_MS = 2000;
export const MAX_BODY_BYTES = 8192;

/** @param merchantPorts ports on loopback that the worker may call; nothing else of this machine */
export function chaosSettings(merchantPorts: readonly number[]): SettingsInput {
  return {
    disposable: true,
    dueShards: 2,
    merchantShards: 2,
    delivery: {
      deadlineMs: DEADLINE_MS,
      maxBodyBytes: MAX_BODY_BYTES,
      allowDestinations: merchantPorts.map((port) => `127.0.0.1:${port}`),
    },
    // One wait in the queue, two parked in the table; what waits for its merchant's circuit is given up soon after.
    retry: { scheduleSeconds: [1, 2, 2], inQueueMaxSeconds: 1, deliverWithinSeconds: 9 },
    circuit: { openSeconds: 1, maxOpenSeconds: 4 },
    // A lease longer than the visibility timeout, as in production: a dead worker's messages come again before it ends.
    release: { leaseSeconds: 16, everySeconds: 1 },
    worker: { stopTimeoutSeconds: 10, window: 256 },
    // Every row of the table is one of the run's.
    canary: { enabled: false },
  };
}
