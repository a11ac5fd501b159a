/**
 * Why nothing of a batch is begun: what an operator or an outage says of all of them. Looked at as an invocation begins,
 * at most every second; what cannot be read is as it was.
 */
import type { MerchantHealthTable } from "../../../core/aws/merchant-health-table.ts";
import type { DependencyBreaker } from "../../../core/confirmation/tables/dependency-breaker.ts";
import type { PathTelemetry } from "../../../core/confirmation/telemetry/path-telemetry.ts";
import { EVERYONE } from "../../../core/merchant/merchant-health.ts";
import { logError } from "../../../core/telemetry/log-error.ts";
import type { InvocationClock } from "../invocation-clock.ts";

export type HoldReason = "everything paused" | "dependency unavailable" | "clock skew";

export interface HoldReasonsOptions {
  readonly breaker: Pick<DependencyBreaker, "look" | "isDown" | "grantsOne" | "received" | "watch">;
  readonly clock: Pick<InvocationClock, "elapsedMs" | "watch">;
  readonly healthTable: Pick<MerchantHealthTable, "read">;
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

  /** @param queue that the batch came from. @returns undefined where it may be begun */
  async look(queue: unknown): Promise<HoldReason | undefined> {
    const { breaker, clock } = this.#options;
    const { elapsedMs, watch } = clock;
    if (breaker.isDown) await breaker.look();
    if (breaker.isDown && !breaker.grantsOne(queue)) return "dependency unavailable";
    if (elapsedMs() - this.#lookedAt >= LOOK_EVERY_MS) await this.#lookAtAll();
    if (watch.isWrong) return "clock skew";
    if (this.#isPaused) return "everything paused";
    breaker.received(queue);
    return undefined;
  }

  /** To be given what becomes of a message. */
  watch<Result>(handling: Promise<Result>): Promise<Result> {
    return this.#options.breaker.watch(handling);
  }

  async #lookAtAll(): Promise<void> {
    const { clock, askQueue } = this.#options;
    const isDoubtful = clock.watch.isDoubtful;
    await Promise.all([this.#lookAtPause(), isDoubtful ? askQueue().catch(() => undefined) : undefined]);
    this.#lookedAt = clock.elapsedMs();
  }

  async #lookAtPause(): Promise<void> {
    const { healthTable, telemetry } = this.#options;
    try {
      const { healthRows, unread } = await healthTable.read([EVERYONE]);
      if (unread.size === 0) this.#isPaused = healthRows.get(EVERYONE)?.pausedAt !== undefined;
    } catch (error) {
      logError(telemetry.warn, "gate of everyone not read", error);
    }
  }
}
