/**
 * How many entries may be begun now: none while the queue of confirmations has a backlog, so that live traffic goes
 * first, and no more than the job's rate has for this turn.
 */
import type { Job } from "../../../core/jobs/job.ts";
import { mostInTurn } from "./turn.ts";

export interface PaceOptions {
  /** @returns tokens of the job's rate, from 0 to as many as were asked for */
  readonly take: (jobId: string, asked: number, ratePerSecond: number) => Promise<number>;
  /** Messages that wait in the queue. */
  readonly backlog: () => Promise<number>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Messages that may wait without anybody counting as behind. @default 100, what a moment brings */
  readonly mostWaiting?: number;
}

/** Messages that wait for a moment without anybody being late. */
const MOST_WAITING = 100;
const ASKED_EVERY_MS = 1000;

export class Pace {
  readonly #options: PaceOptions;
  #askedAt = Number.NEGATIVE_INFINITY;
  #isBehind = true;

  constructor(options: PaceOptions) {
    this.#options = options;
  }

  readonly allow = async (job: Job, count: number): Promise<number> => {
    const { jobId, asked } = job;
    if (await this.isBehind()) return 0;
    return this.#options.take(jobId, Math.min(count, mostInTurn(asked)), asked.ratePerSecond);
  };

  /** Whether live traffic waits, as it was asked a second ago at most. */
  async isBehind(): Promise<boolean> {
    const { backlog, now, mostWaiting = MOST_WAITING } = this.#options;
    const agoMs = now() - this.#askedAt;
    // A clock that was put back would have it rest on an old answer for as long.
    if (agoMs < 0 || agoMs >= ASKED_EVERY_MS) {
      this.#isBehind = (await backlog()) > mostWaiting;
      this.#askedAt = now();
    }
    return this.#isBehind;
  }
}
