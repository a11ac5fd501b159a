/**
 * Retries something that must not be given up half-way, such as recording what was delivered: a throttled table must
 * not turn into repeated deliveries. It goes on with growing pauses while the message's visibility is extended, until
 * done or asked to stop; `waiting` tells the receiver how much of it there is.
 */
import type { InFlightMessage } from "../in-flight-message.ts";
import { PipelineError } from "../../errors/pipeline-error.ts";

const PAUSE_MS = { first: 100, longest: 5000 };

/** The task is ending before it could be done; the message comes again. */
export class StoppedError extends PipelineError {
  override readonly name = "StoppedError";
  readonly code = "WORKER_STOPPED";
}

export interface RetryOptions {
  /** Pauses; resolves early, or rejects, when asked to stop. */
  readonly pause: (ms: number) => Promise<void>;
  readonly extend: (inFlight: InFlightMessage) => Promise<boolean>;
  readonly isStopped: () => boolean;
}

export class RetryUntilRecorded {
  readonly #options: RetryOptions;
  #waiting = 0;

  constructor(options: RetryOptions) {
    this.#options = options;
  }

  /** Messages whose work is done but could not be written down yet. */
  get waiting(): number {
    return this.#waiting;
  }

  /**
   * @param attemptOnce resolves with undefined for "not now"
   * @throws StoppedError when the task ends first
   */
  async run<Result>(inFlight: InFlightMessage, attemptOnce: () => Promise<Result | undefined>): Promise<Result> {
    this.#waiting += 1;
    try {
      for (let pauseMs = PAUSE_MS.first; ; pauseMs = Math.min(PAUSE_MS.longest, pauseMs * 2)) {
        if (this.#options.isStopped())
          throw new StoppedError(
            `Message ${inFlight.received.messageId} could not be finished before the task ended.`,
            {
              messageId: inFlight.received.messageId,
            },
          );
        await this.#options.pause(pauseMs);
        await this.#options.extend(inFlight);
        const result = await attemptOnce();
        if (result !== undefined) return result;
      }
    } finally {
      this.#waiting -= 1;
    }
  }
}
