/**
 * Settings of a run's stack: the same public ones that a deployment takes, only faster, so that every horizon of the
 * retry schedule and every recovery is passed within seconds.
 */
import type { DeliveryMode } from "../../../core/settings/groups/delivery.ts";
import type { TransportName } from "../../../core/http/transport.ts";
import type { SettingsInput } from "../../../core/settings/settings.ts";

export const DEADLINE_MS = 2000;
export const MAX_BODY_BYTES = 8192;
/**
 * A lease longer than the visibility timeout, as in production: what was killed comes again before it ends. That of a
 * function is six times its time limit.
 */
const HORIZONS: Readonly<
  Record<DeliveryMode, { readonly deliverWithinSeconds: number; readonly leaseSeconds: number }>
> = {
  fargate: { deliverWithinSeconds: 75, leaseSeconds: 16 },
  lambda: { deliverWithinSeconds: 240, leaseSeconds: 90 },
};

export interface ChaosSettingsInput {
  readonly mode: DeliveryMode;
  /** @default the pipeline's own client */
  readonly transport?: TransportName | undefined;
  /** Ports on 127.0.0.1 that the worker may call; nothing else of this machine. */
  readonly merchantPorts: readonly number[];
  /** Further destinations that it may call. @default none */
  readonly allowed?: readonly string[];
  /** @default those of the machine */
  readonly nameServers?: readonly string[];
  /** @default webhooks alone */
  readonly channels?: SettingsInput["channels"];
  /** By how many times as long things take as on a quiet machine. @default 1 */
  readonly slowness?: number;
}

export function chaosSettings({
  mode,
  transport = "http1",
  merchantPorts,
  allowed = [],
  nameServers = [],
  channels,
  slowness = 1,
}: ChaosSettingsInput): SettingsInput {
  const { leaseSeconds, ...horizon } = HORIZONS[mode];
  const deliverWithinSeconds = Math.ceil(horizon.deliverWithinSeconds * slowness);
  return {
    disposable: true,
    dueShards: 2,
    merchantShards: 2,
    delivery: {
      mode,
      transport,
      deadlineMs: DEADLINE_MS,
      maxBodyBytes: MAX_BODY_BYTES,
      allowDestinations: [...merchantPorts.map((port) => `127.0.0.1:${port}`), ...allowed],
      nameServers: [...nameServers],
    },
    // One wait in the queue, two parked in the table. No fault lasts as long as what waits for a merchant's circuit
    // may.
    retry: { scheduleSeconds: [1, 2, 2], inQueueMaxSeconds: 1, deliverWithinSeconds },
    circuit: { openSeconds: 1, maxOpenSeconds: 4 },
    release: { leaseSeconds, everySeconds: 1 },
    ...(mode === "fargate" && { worker: { stopTimeoutSeconds: 10, window: 256 } }),
    // Every row of the table is one of the run's.
    canary: { enabled: false },
    ...(channels !== undefined && { channels }),
  };
}
