/**
 * Waits for what a message needs beside its merchant's response, within bounds: each for half a second at most, and all
 * together with a tenth of the task's window. What they wait for may be silent for as long as it likes: whoever needs
 * nothing of it keeps the rest of the window.
 */
const MOST_MS = 500;
const SHARE_OF_WINDOW = 0.1;

export interface BoundedWaitOptions {
  /** Messages that the task holds at most. */
  readonly window: number;
  /**
   * Calls back after so many milliseconds, unless it is taken back with what it returns.
   * @default a timer that keeps no process alive
   */
  readonly after?: (ms: number, callBack: () => void) => () => void;
}

/** It did not come in time, or too many wait already. */
export const NOT_IN_TIME = Symbol("not in time");

export class BoundedWait {
  /** Those that may wait at once. */
  readonly mostWaiting: number;
  readonly #after: NonNullable<BoundedWaitOptions["after"]>;
  #waiting = 0;

  constructor({ window, after = byTimer }: BoundedWaitOptions) {
    this.mostWaiting = Math.max(1, Math.floor(window * SHARE_OF_WINDOW));
    this.#after = after;
  }

  /** Those that wait now. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Whether another one may wait. */
  get hasPlace(): boolean {
    return this.#waiting < this.mostWaiting;
  }

  /**
   * @param begin begins what is waited for; not called where there is no place to wait. What comes too late is of no
   * account here
   * @throws what it rejects with in time
   */
  async for<Result>(begin: () => Promise<Result>): Promise<Result | typeof NOT_IN_TIME> {
    if (!this.hasPlace) return NOT_IN_TIME;
    this.#waiting += 1;
    const tooLate = Promise.withResolvers<typeof NOT_IN_TIME>();
    const takeBack = this.#after(MOST_MS, () => tooLate.resolve(NOT_IN_TIME));
    try {
      return await Promise.race([begin(), tooLate.promise]);
    } finally {
      takeBack();
      this.#waiting -= 1;
    }
  }
}

function byTimer(ms: number, callBack: () => void): () => void {
  const timer = setTimeout(callBack, ms).unref();
  return () => clearTimeout(timer);
}
