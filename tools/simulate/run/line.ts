/**
 * A line that things join at its end and leave at its front; taking from the front of a long array would move all of
 * it.
 */
const TIDY_AFTER = 10_000;

export class Line<Item> {
  #items: Item[] = [];
  #first = 0;

  get length(): number {
    return this.#items.length - this.#first;
  }

  get front(): Item | undefined {
    return this.#items[this.#first];
  }

  push(item: Item): void {
    this.#items.push(item);
  }

  shift(): Item | undefined {
    if (this.#first >= this.#items.length) return undefined;
    const item = this.#items[this.#first];
    this.#first += 1;
    if (this.#first > TIDY_AFTER && this.#first * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#first);
      this.#first = 0;
    }
    return item;
  }

  /** The last one to join comes first. */
  *fromItsEnd(): Generator<Item> {
    for (let index = this.#items.length - 1; index >= this.#first; index -= 1) yield this.#items[index] as Item;
  }

  *[Symbol.iterator](): Generator<Item> {
    for (let index = this.#first; index < this.#items.length; index += 1) yield this.#items[index] as Item;
  }
}
