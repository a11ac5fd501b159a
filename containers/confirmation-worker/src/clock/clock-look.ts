/**
 * Looks at the clock every few seconds: asks SQS for the time while there is doubt, since a task that receives nothing
 * hears nothing of it (DynamoDB is asked for the pause anyway), and says when the clock becomes wrong and when it is
 * right again.
 */
import type { ClockWatch } from "../../../../core/confirmation/clock/clock-watch.ts";
import type { Log } from "../../../../core/telemetry/log-error.ts";

export interface ClockLookOptions {
  readonly clock: Pick<ClockWatch, "isWrong" | "isDoubtful" | "skewMs">;
  /** Any call to SQS. */
  readonly ask: () => Promise<void>;
  readonly warn: Log;
}

export class ClockLook {
  readonly #options: ClockLookOptions;
  #wasWrong = false;
  #asking: Promise<void> | undefined;

  constructor(options: ClockLookOptions) {
    this.#options = options;
  }

  /** Resolves when SQS has answered or will not; never rejects. One question is under way at a time. */
  async look(): Promise<void> {
    const { clock, warn } = this.#options;
    if (clock.isDoubtful) await (this.#asking ??= this.#ask());
    const { isWrong, skewMs } = clock;
    if (isWrong === this.#wasWrong) return;
    this.#wasWrong = isWrong;
    if (isWrong) warn("the clock is wrong, nothing is received or called", { skewMs: Math.round(skewMs) });
    else warn("the clock is right again", {});
  }

  async #ask(): Promise<void> {
    try {
      await this.#options.ask();
    } catch {
      // The receives say what is wrong with it.
    } finally {
      this.#asking = undefined;
    }
  }
}
