/**
 * Where calls wait a moment for their merchant's sake, for a token or for room: what `release-due` lets go comes in
 * bursts, and most of it would have to be parked again. A quarter of the task's window may wait, and of what is free of
 * it one merchant's calls may take half; so nobody else's calls are held up, however many merchants are slow.
 */
const SHARE_OF_WINDOW = 0.25;
const SHARE_OF_FREE = 0.5;

export interface BoundedWaitQueueOptions {
  /** Calls that the task has in flight at most. */
  readonly window: number;
  readonly pause: (ms: number) => Promise<void>;
}

export class BoundedWaitQueue {
  readonly #options: BoundedWaitQueueOptions;
  /** Calls that wait, by merchant. */
  readonly #waiting = new Map<string, number>();
  #allWaiting = 0;

  constructor(options: BoundedWaitQueueOptions) {
    this.#options = options;
  }

  /** Whether any of the merchant's calls waits here. */
  hasWaiting(merchantId: string): boolean {
    return this.#waiting.has(merchantId);
  }

  /** Waits so many milliseconds. @returns false, at once, when there is no place to wait in */
  async wait(merchantId: string, ms: number): Promise<boolean> {
    const waiting = this.#waiting.get(merchantId) ?? 0;
    const free = this.#options.window * SHARE_OF_WINDOW - this.#allWaiting;
    if (free < 1 || waiting >= Math.max(1, free * SHARE_OF_FREE)) return false;
    this.#count(merchantId, 1);
    try {
      await this.#options.pause(ms);
    } finally {
      this.#count(merchantId, -1);
    }
    return true;
  }

  #count(merchantId: string, calls: number): void {
    const waiting = (this.#waiting.get(merchantId) ?? 0) + calls;
    if (waiting > 0) this.#waiting.set(merchantId, waiting);
    else this.#waiting.delete(merchantId);
    this.#allWaiting += calls;
  }
}
