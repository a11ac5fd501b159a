/** A clock that a test moves, and pauses that end as it passes them, in their order. */
import { START_MS } from "./fake-clock.ts";
import { runPromises } from "./until.ts";

interface Pause {
  readonly endsAt: number;
  readonly end: () => void;
}

export class TimedClock {
  #now = START_MS;
  #pauses: Pause[] = [];

  readonly now = (): number => this.#now;

  readonly pause = (ms: number): Promise<void> =>
    new Promise((end) => {
      this.#pauses.push({ endsAt: this.#now + ms, end });
    });

  /** What is set off by it has run when it resolves, as far as that needs nothing but promises. */
  async pass(ms: number): Promise<void> {
    const until = this.#now + ms;
    await runPromises();
    for (let next = this.#next(until); next !== undefined; next = this.#next(until)) {
      this.#now = Math.max(this.#now, next.endsAt);
      this.#pauses = this.#pauses.filter((pause) => pause !== next);
      next.end();
      await runPromises();
    }
    this.#now = until;
  }

  #next(until: number): Pause | undefined {
    const due = this.#pauses.filter(({ endsAt }) => endsAt <= until);
    return due.toSorted((one, other) => one.endsAt - other.endsAt)[0];
  }
}
