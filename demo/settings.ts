/**
 * Settings of the demo's stack: the same public ones that a deployment takes, only faster, so that every horizon of the
 * retry schedule is passed within seconds.
 */
import type { SettingsInput } from "../core/settings.ts";

export const DEADLINE_MS = 2000;
export const MAX_BODY_BYTES = 8192;

/** @param merchantPorts ports on loopback that the worker may call */
export function demoSettings(merchantPorts: readonly number[]): SettingsInput {
  return {
    dueShards: 4,
    delivery: {
      deadlineMs: DEADLINE_MS,
      maxBodyBytes: MAX_BODY_BYTES,
      allowDestinations: merchantPorts.map((port) => `127.0.0.1:${port}`),
    },
    // One wait in the queue, two parked in the table.
    retry: { scheduleSeconds: [1, 2, 2], inQueueMaxSeconds: 1, deliverWithinSeconds: 40 },
    circuit: { openSeconds: 1, maxOpenSeconds: 2 },
    release: { leaseSeconds: 30, everySeconds: 1 },
    // The embedded table is the slowest part: more under way would only wait there, delivered and not yet recorded.
    worker: { stopTimeoutSeconds: 10, window: 256 },
  };
}
