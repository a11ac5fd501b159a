/** A clock that stands still until a test moves it, and pauses that pass at once by moving it. */
export const START_MS = Date.UTC(2026, 10, 22, 10, 0, 0);

export class FakeClock {
  #now = START_MS;
  readonly pauses: number[] = [];

  readonly now = (): number => this.#now;

  advance(ms: number): void {
    this.#now += ms;
  }

  readonly pause = async (ms: number): Promise<void> => {
    this.pauses.push(ms);
    this.#now += ms;
  };
}
