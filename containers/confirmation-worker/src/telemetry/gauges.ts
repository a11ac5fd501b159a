/** What is measured of a task at each publication, as it is then. */
import { METRICS } from "../../../../core/settings/names.ts";
import type { Meter } from "../../../../core/telemetry/meter.ts";
import type { TaskClock } from "../../../../core/confirmation/clock/task-clock.ts";
import type { WorkerEnvironment } from "../environment.ts";
import type { MerchantSide } from "../../../../core/confirmation/merchants/merchant-side.ts";
import type { ReceiveControl } from "../receive/receive-control.ts";
import type { Worker } from "../worker.ts";

export interface GaugeParts {
  readonly env: Pick<WorkerEnvironment, "window" | "orderedWindow" | "circuit">;
  readonly control: Pick<ReceiveControl<never>, "reasons">;
  readonly breaker: { readonly isDown: boolean };
  readonly merchants: Pick<MerchantSide, "egress" | "healthDirectory">;
  readonly worker: Pick<Worker, "inFlight">;
  readonly clock: TaskClock;
}

export function addGauges(meter: Meter, parts: GaugeParts): void {
  const { env, control, breaker, merchants, worker, clock } = parts;
  const { egress, healthDirectory } = merchants;
  meter.gauge(METRICS.receivingHeld, () => control.reasons.length);
  meter.gauge(METRICS.clockSkew, () => Math.round(Math.abs(clock.watch.skewMs)));
  meter.gauge(METRICS.dependencyUnavailable, () => (breaker.isDown ? 1 : 0));
  meter.gauge(METRICS.egressFault, () => (egress.isFaulty ? 1 : 0));
  meter.gauge(METRICS.windowInUse, () => (100 * worker.inFlight) / (env.window + env.orderedWindow));
  meter.gauge(METRICS.circuitsOpen, () => healthDirectory.openCircuits(env.circuit.maxOpenMs, clock.now()));
}
