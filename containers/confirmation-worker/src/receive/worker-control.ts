/** All reasons for which the worker receives nothing, put together. */
import type { MessageQueue } from "../../../../core/aws/message-queue.ts";
import type { EgressMonitor } from "../../../../core/delivery/egress-monitor.ts";
import type { ClockWatch } from "../../../../core/confirmation/clock/clock-watch.ts";
import type { DependencyBreaker } from "../../../../core/confirmation/tables/dependency-breaker.ts";
import { EgressTurns } from "./egress-turns.ts";
import type { PauseSwitch } from "./pause-switch.ts";
import { ReceiveControl } from "./receive-control.ts";

export interface WorkerControlParts {
  readonly pauseSwitch: Pick<PauseSwitch, "isPaused">;
  /** Messages that are done and not recorded, and how many there may be. */
  readonly unrecorded: () => number;
  readonly mostUnrecorded: number;
  readonly breaker: DependencyBreaker<MessageQueue>;
  readonly egress: EgressMonitor;
  readonly clock: Pick<ClockWatch, "isWrong">;
}

export function workerControl(parts: WorkerControlParts): ReceiveControl<MessageQueue> {
  const { pauseSwitch, unrecorded, mostUnrecorded, breaker, egress, clock } = parts;
  const turns = new EgressTurns<MessageQueue>(egress);
  const control = new ReceiveControl<MessageQueue>();
  control.add({ reason: "everything paused", isHeld: () => pauseSwitch.isPaused });
  control.add({ reason: "outcomes unrecorded", isHeld: () => unrecorded() > mostUnrecorded });
  control.add({
    reason: "dependency unavailable",
    isHeld: () => breaker.isDown,
    grantsOne: (queue) => breaker.grantsOne(queue),
  });
  control.add({
    reason: "egress fault",
    isHeld: () => egress.isFaulty,
    grantsOne: (queue) => turns.mayReceive(queue),
  });
  // Another task may be on a machine whose clock is right.
  control.add({ reason: "clock skew", isHeld: () => clock.isWrong, failsHealth: true });
  return control;
}
