/**
 * Why nothing of a batch is begun: what an operator, an outage or all executions together say of all of them. Looked at
 * as an invocation begins, at most every second; what cannot be read is as it was.
 */
import type { FoundRows } from "../../../core/aws/merchant-rows.ts";
import type { DependencyBreaker } from "../../../core/confirmation/tables/dependency-breaker.ts";
import type { PathTelemetry } from "../../../core/confirmation/telemetry/path-telemetry.ts";
import { EVERYONE, parseMerchantHealth } from "../../../core/merchant/merchant-health.ts";
import { logError } from "../../../core/telemetry/log-error.ts";
import { EGRESS_ID } from "../egress/egress-item.ts";
import type { SharedEgress } from "../egress/shared-egress.ts";
import type { TableWrites } from "./table-writes.ts";
import type { InvocationClock } from "../invocation-clock.ts";

export type HoldReason =
  | "everything paused"
  | "outcomes unrecorded"
  | "dependency unavailable"
  | "clock skew"
  | "egress fault";

export interface HoldReasonsOptions {
  readonly breaker: Pick<DependencyBreaker, "look" | "isDown" | "grantsOne" | "received" | "watch">;
  readonly writes: Pick<TableWrites, "isDown" | "probe">;
  readonly clock: Pick<InvocationClock, "elapsedMs" | "watch">;
  readonly egress: Pick<SharedEgress, "learn" | "isHeld">;
  /** Reads items of the gates table. */
  readonly read: (ids: readonly string[]) => Promise<FoundRows>;
  /** Any call to SQS, which says what time it is. */
  readonly askQueue: () => Promise<void>;
  readonly telemetry: Pick<PathTelemetry, "warn">;
}

const LOOK_EVERY_MS = 1000;

export class HoldReasons {
  readonly #options: HoldReasonsOptions;
  #isPaused = false;
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(options: HoldReasonsOptions) {
    this.#options = options;
  }

  /**
   * Never rejects.
   * @param queue that the batch came from
   * @param isPausable whether it waits while everything is paused
   * @returns undefined where it may be begun
   */
  async look(queue: unknown, isPausable = true): Promise<HoldReason | undefined> {
    const { breaker, writes, clock, egress } = this.#options;
    const { elapsedMs, watch } = clock;
    if (breaker.isDown) await breaker.look();
    if (breaker.isDown && !breaker.grantsOne(queue)) return "dependency unavailable";
    if (writes.isDown && (await writes.probe())) return "outcomes unrecorded";
    if (elapsedMs() - this.#lookedAt >= LOOK_EVERY_MS) await this.#lookAtAll();
    if (watch.isWrong) return "clock skew";
    if (this.#isPaused && isPausable) return "everything paused";
    if (await egress.isHeld()) return "egress fault";
    breaker.received(queue);
    return undefined;
  }

  /** To be given what becomes of a message. */
  watch<Result>(handling: Promise<Result>): Promise<Result> {
    return this.#options.breaker.watch(handling);
  }

  async #lookAtAll(): Promise<void> {
    const { clock, askQueue } = this.#options;
    const { isDoubtful } = clock.watch;
    await Promise.all([this.#lookAtGates(), isDoubtful ? askQueue().catch(() => undefined) : undefined]);
    this.#lookedAt = clock.elapsedMs();
  }

  async #lookAtGates(): Promise<void> {
    const { read, egress, telemetry } = this.#options;
    try {
      const { rows, unread } = await read([EVERYONE, EGRESS_ID]);
      const everyone = rows.get(EVERYONE);
      if (!unread.has(EVERYONE))
        this.#isPaused = everyone !== undefined && parseMerchantHealth(everyone).pausedAt !== undefined;
      if (!unread.has(EGRESS_ID)) egress.learn(rows.get(EGRESS_ID));
    } catch (error) {
      logError(telemetry.warn, "gate of everyone not read", error);
    }
  }
}
