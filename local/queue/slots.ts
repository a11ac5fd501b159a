/** So many things at once and no more; whoever comes then waits for its turn. */
export class Slots {
  readonly #most: number;
  readonly #waiting: (() => void)[] = [];
  readonly #idle: (() => void)[] = [];
  #taken = 0;

  constructor(most: number) {
    this.#most = most;
  }

  async take(): Promise<void> {
    if (this.#taken < this.#most) this.#taken += 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  giveBack(): void {
    const next = this.#waiting.shift();
    // It goes on with the slot of whoever gave it back.
    if (next !== undefined) return next();
    this.#taken -= 1;
    if (this.#taken === 0) for (const tell of this.#idle.splice(0)) tell();
  }

  /** Resolves when nothing is under way. */
  async allFree(): Promise<void> {
    if (this.#taken > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }
}
