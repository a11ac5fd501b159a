/**
 * Settings of the demo's stack: the same public ones that a deployment takes, only faster, so that every horizon of the
 * retry schedule is passed within seconds.
 */
import type { TransportName } from "../../core/http/transport.ts";
import type { DeliveryMode } from "../../core/settings/groups/delivery.ts";
import type { SettingsInput } from "../../core/settings/settings.ts";
import { AHEAD_SECONDS } from "./cutover/plan-cutover.ts";

export const DEADLINE_MS = 2000;
export const MAX_BODY_BYTES = 8192;
const CUT_OVER_DEADLINE_MS = 15_000;

interface Horizons {
  /** After which what no merchant takes is given up. */
  readonly deliverWithinSeconds: number;
  readonly leaseSeconds: number;
}

const UNDISTURBED: Horizons = { deliverWithinSeconds: 40, leaseSeconds: 30 };
/**
 * What was killed had its messages in hand: they come again only when their visibility ends, and must not have expired
 * by then, as their merchants may have accepted them. Of a function that is six times its time limit.
 */
const KILLED: Readonly<Record<DeliveryMode, Horizons>> = {
  fargate: { deliverWithinSeconds: 75, leaseSeconds: 30 },
  lambda: { deliverWithinSeconds: 200, leaseSeconds: 100 },
};

/** Nothing is given up for the time that all of it was paused, and a file of the journal comes often enough. */
const DRILL = { deliverWithinSeconds: 3600, leaseSeconds: 30, journalSeconds: 5 } as const;

/** Of a restore drill. */
export function drillSettings(...options: Parameters<typeof demoSettings>): SettingsInput {
  const { deliverWithinSeconds, leaseSeconds, journalSeconds } = DRILL;
  const settings = demoSettings(...options);
  return {
    ...settings,
    retry: { ...settings.retry, deliverWithinSeconds },
    release: { ...settings.release, leaseSeconds },
    journal: { everySeconds: journalSeconds },
  };
}

/**
 * Of the proof of a cut-over: switches as near as they may be. Nothing is given up, and no call is cut off, however
 * slow the machine is, as a merchant that was cut off may have accepted.
 *
 * @param port of the merchants, on loopback
 */
export function cutoverSettings(
  port: number,
  mode: DeliveryMode = "fargate",
  transport: TransportName = "http1",
): SettingsInput {
  const settings = demoSettings([port], false, mode, transport);
  return {
    ...settings,
    delivery: { ...settings.delivery, deadlineMs: CUT_OVER_DEADLINE_MS },
    retry: { scheduleSeconds: [1, 2, 2, 5, 10], inQueueMaxSeconds: 1, deliverWithinSeconds: 600 },
    cutOver: { aheadSeconds: AHEAD_SECONDS },
  };
}

/**
 * @param merchantPorts ports on loopback that may be called
 * @param killWorker whether it is killed on the way
 */
export function demoSettings(
  merchantPorts: readonly number[],
  killWorker: boolean,
  mode: DeliveryMode = "fargate",
  transport: TransportName = "http1",
): SettingsInput {
  const { deliverWithinSeconds, leaseSeconds } = killWorker ? KILLED[mode] : UNDISTURBED;
  return {
    dueShards: 4,
    delivery: {
      mode,
      transport,
      deadlineMs: DEADLINE_MS,
      maxBodyBytes: MAX_BODY_BYTES,
      allowDestinations: merchantPorts.map((port) => `127.0.0.1:${port}`),
    },
    // One wait in the queue, two parked in the table.
    retry: { scheduleSeconds: [1, 2, 2], inQueueMaxSeconds: 1, deliverWithinSeconds },
    circuit: { openSeconds: 1, maxOpenSeconds: 2 },
    release: { leaseSeconds, everySeconds: 1, restAfterSeconds: 3600 },
    // The embedded table is the slowest part: more in flight would only wait there, delivered and not yet recorded.
    ...(mode === "fargate" && { worker: { stopTimeoutSeconds: 10, window: 256 } }),
    // Every row of the table is one of the demo's.
    canary: { enabled: false },
  };
}
