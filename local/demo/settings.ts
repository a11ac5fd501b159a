/**
 * Settings of the demo's stack: the same public ones that a deployment takes, only faster, so that every horizon of the
 * retry schedule is passed within seconds.
 */
import type { SettingsInput } from "../../core/settings/settings.ts";

export const DEADLINE_MS = 2000;
export const MAX_BODY_BYTES = 8192;

/**
 * Seconds after which what no merchant takes is given up. What a killed worker had in hand comes again only when its
 * visibility ends, and must not have expired by then: its merchant may have accepted it.
 */
const DELIVER_WITHIN_SECONDS = { undisturbed: 40, killed: 75 } as const;

/**
 * @param merchantPorts ports on loopback that the worker may call.
 * @param killWorker whether it is killed on the way
 */
export function demoSettings(merchantPorts: readonly number[], killWorker: boolean): SettingsInput {
  return {
    dueShards: 4,
    delivery: {
      deadlineMs: DEADLINE_MS,
      maxBodyBytes: MAX_BODY_BYTES,
      allowDestinations: merchantPorts.map((port) => `127.0.0.1:${port}`),
    },
    // One wait in the queue, two parked in the table.
    retry: {
      scheduleSeconds: [1, 2, 2],
      inQueueMaxSeconds: 1,
      deliverWithinSeconds: DELIVER_WITHIN_SECONDS[killWorker ? "killed" : "undisturbed"],
    },
    circuit: { openSeconds: 1, maxOpenSeconds: 2 },
    release: { leaseSeconds: 30, everySeconds: 1, restAfterSeconds: 3600 },
    // The embedded table is the slowest part: more in flight would only wait there, delivered and not yet recorded.
    worker: { stopTimeoutSeconds: 10, window: 256 },
    // Every row of the table is one of the demo's.
    canary: { enabled: false },
  };
}
