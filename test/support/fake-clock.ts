/**
 * A clock that stands still until a test moves it, and pauses that pass at once by moving it. What is planned on it
 * happens at its time and in order, however far the clock is moved at once; `pass` lets what each of them set going go
 * on before the next.
 */
import { settle } from "./until.ts";

export const START_MS = Date.UTC(2026, 10, 22, 10, 0, 0);

interface PlannedAct {
  readonly at: number;
  readonly act: () => void;
}

export class FakeClock {
  #now = START_MS;
  #planned: PlannedAct[] = [];
  readonly pauses: number[] = [];

  /** By how much the wall clock of a task is wrong. */
  #skewMs = 0;

  /** What a task's wall clock says. */
  readonly now = (): number => this.#now + this.#skewMs;

  /** What everybody else's says. */
  readonly trueNow = (): number => this.#now;

  /** Of a clock that no step touches, from the beginning of the test. */
  readonly elapsedMs = (): number => this.#now - START_MS;

  /** Puts the wall clock forward, or back. */
  step(ms: number): void {
    this.#skewMs += ms;
  }

  advance(ms: number): void {
    const end = this.#now + ms;
    while (this.#next(end));
    this.#now = end;
  }

  /** As `advance`, with time for promises between one planned act and the next. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    while (this.#next(end)) await settle();
    this.#now = end;
    await settle();
  }

  /** @param at epoch milliseconds. @returns takes it back */
  plan(at: number, act: () => void): () => void {
    const planned = { at: Math.max(at, this.#now), act };
    this.#planned.push(planned);
    return () => {
      this.#planned = this.#planned.filter((one) => one !== planned);
    };
  }

  /** From one period from now on. @returns ends it */
  every(periodMs: number, act: () => void): () => void {
    let takeBack = () => undefined as void;
    const planNext = (): void => {
      takeBack = this.plan(this.#now + periodMs, () => {
        planNext();
        act();
      });
    };
    planNext();
    return () => takeBack();
  }

  /** Resolves when the clock gets there. */
  readonly wait = (ms: number): Promise<void> => new Promise((resolve) => void this.plan(this.#now + ms, resolve));

  readonly pause = async (ms: number): Promise<void> => {
    this.pauses.push(ms);
    this.advance(ms);
  };

  #next(end: number): boolean {
    const [next] = this.#planned.toSorted((one, other) => one.at - other.at);
    if (next === undefined || next.at > end) return false;
    this.#planned = this.#planned.filter((one) => one !== next);
    this.#now = next.at;
    next.act();
    return true;
  }
}
