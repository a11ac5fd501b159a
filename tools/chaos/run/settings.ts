/**
 * Settings of a run's stack: the same public ones that a deployment takes, only faster, so that every horizon of the
 * retry schedule and every recovery is passed within seconds.
 */
import type { SettingsInput } from "../../../core/settings/settings.ts";

export const DEADLINE_MS = 2000;
export const MAX_BODY_BYTES = 8192;
const DELIVER_WITHIN_SECONDS = 75;

export interface ChaosSettingsInput {
  /** Ports on 127.0.0.1 that the worker may call; nothing else of this machine. */
  readonly merchantPorts: readonly number[];
  /** Further destinations that it may call. @default none */
  readonly allowed?: readonly string[];
  /** @default those of the machine */
  readonly nameServers?: readonly string[];
}

export function chaosSettings({ merchantPorts, allowed = [], nameServers = [] }: ChaosSettingsInput): SettingsInput {
  return {
    disposable: true,
    dueShards: 2,
    merchantShards: 2,
    delivery: {
      deadlineMs: DEADLINE_MS,
      maxBodyBytes: MAX_BODY_BYTES,
      allowDestinations: [...merchantPorts.map((port) => `127.0.0.1:${port}`), ...allowed],
      nameServers: [...nameServers],
    },
    // One wait in the queue, two parked in the table. No fault lasts as long as what waits for a merchant's circuit
    // may.
    retry: { scheduleSeconds: [1, 2, 2], inQueueMaxSeconds: 1, deliverWithinSeconds: DELIVER_WITHIN_SECONDS },
    circuit: { openSeconds: 1, maxOpenSeconds: 4 },
    // A lease longer than the visibility timeout, as in production: a dead worker's messages come again before it ends.
    release: { leaseSeconds: 16, everySeconds: 1 },
    worker: { stopTimeoutSeconds: 10, window: 256 },
    // Every row of the table is one of the run's.
    canary: { enabled: false },
  };
}
