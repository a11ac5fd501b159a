/**
 * Whether messages may be received now, and if not why: the one place that the receivers ask, and where each part that
 * must stop receiving puts its reason. Each reason is held or not by itself, and its owner alone knows; messages are
 * received while none is held.
 *
 *   no reason held   receive
 *   any held         receive nothing, unless each that is held grants this queue a single receive, for what shows the
 *     end of its trouble
 *
 * A task that receives nothing is healthy: to start it anew would mend nothing. Only a reason that a new task would not
 * have fails its health.
 */
export type HoldReason =
  | "everything paused"
  | "outcomes unrecorded"
  | "egress fault"
  | "dependency unavailable"
  | "clock skew";

export interface Hold<Queue> {
  readonly reason: HoldReason;
  /** Asked at each turn of each receiver; must be cheap. */
  readonly isHeld: () => boolean;
  /** Grants one receive, and takes note of it, while the reason is held. @default none is */
  readonly grantsOne?: (queue: Queue) => boolean;
  /** Whether a new task in this one's place would be rid of it. @default false */
  readonly failsHealth?: boolean;
}

export class ReceiveControl<Queue> {
  readonly #holds: Hold<Queue>[] = [];

  /** Puts a reason; it counts whenever its `isHeld` says so. */
  add(hold: Hold<Queue>): void {
    this.#holds.push(hold);
  }

  /** To be asked before each receive. */
  mayReceive(queue: Queue): boolean {
    const held = this.#held();
    if (held.length === 0) return true;
    // A grant is used up by asking for it, so that is asked for last.
    return held.every(({ grantsOne }) => grantsOne !== undefined) && held.every(({ grantsOne }) => grantsOne?.(queue));
  }

  /** Those that are held just now. */
  get reasons(): readonly HoldReason[] {
    return this.#held().map(({ reason }) => reason);
  }

  get isHealthy(): boolean {
    return this.#held().every(({ failsHealth }) => failsHealth !== true);
  }

  #held(): readonly Hold<Queue>[] {
    return this.#holds.filter(({ isHeld }) => isHeld());
  }
}
