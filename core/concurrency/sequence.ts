/**
 * Runs what has a key in common one after the other, in the order of arrival, and everything else side by side. Nearly
 * always there is nothing to wait for; then the task begins at once.
 */
import { TurnoverMap } from "../cache/turnover-map.ts";

export class Sequence {
  /** What comes last of each key. */
  readonly #tails = new TurnoverMap<string, Promise<unknown>>();

  /**
   * @param keys one, or two that may be the same
   * @param task must not reject
   */
  run<Result>([key, other = key]: readonly [string, string?], task: () => Promise<Result>): Promise<Result> {
    const before = this.#tails.get(key);
    const otherBefore = other === key ? undefined : this.#tails.get(other);
    const tail =
      before === undefined && otherBefore === undefined ? task() : Promise.all([before, otherBefore]).then(task);
    this.#tails.set(key, tail);
    if (other !== key) this.#tails.set(other, tail);
    const end = (result: Result): Result => {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
      if (other !== key && this.#tails.get(other) === tail) this.#tails.delete(other);
      return result;
    };
    return tail.then(end);
  }
}
