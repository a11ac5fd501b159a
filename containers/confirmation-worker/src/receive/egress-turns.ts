/**
 * While our egress is at fault messages are received only every few seconds, for the calls that show its end. The
 * queues take turns at it: else one that is empty could use up what the other needs.
 */
import type { EgressMonitor } from "../../../../core/delivery/egress-monitor.ts";

export class EgressTurns<Queue> {
  readonly #egress: Pick<EgressMonitor, "isFaulty" | "mayReceive">;
  #last: Queue | undefined;

  constructor(egress: Pick<EgressMonitor, "isFaulty" | "mayReceive">) {
    this.#egress = egress;
  }

  mayReceive(queue: Queue): boolean {
    if (!this.#egress.isFaulty) return true;
    if (queue === this.#last || !this.#egress.mayReceive()) return false;
    this.#last = queue;
    return true;
  }
}
