/** Runs what has the same key one after the other, in the order of arrival, and everything else side by side. */
export class Sequence {
  readonly #tails = new Map<string, Promise<void>>();

  /** @param task must not reject */
  run(key: string, task: () => Promise<void>): Promise<void> {
    const before = this.#tails.get(key);
    const tail = before === undefined ? task() : before.then(task);
    this.#tails.set(key, tail);
    return tail.then(() => {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    });
  }
}
