/** Runs what has the same key one after the other, in the order of arrival, and everything else side by side. */
export class Sequence {
  readonly #tails = new Map<string, Promise<unknown>>();

  /** @param task must not reject */
  async run<Result>(key: string, task: () => Promise<Result>): Promise<Result> {
    const before = this.#tails.get(key);
    const tail = before === undefined ? task() : before.then(task);
    this.#tails.set(key, tail);
    const result = await tail;
    if (this.#tails.get(key) === tail) this.#tails.delete(key);
    return result;
  }
}
