/**
 * A map whose entries come and go, thousands a second, in the place of a `Map` that lives as long as the task does. A
 * `Map` that was filled up goes on with a new table, and V8 has the old table point to the new one. Once a single old
 * table lies in the old generation, it keeps all that came after it from the young generation's collector, with every
 * key and value that they held: what lives for milliseconds is then copied twice and left to a full collection. Here
 * the tables are those of two Maps, which are dropped in turn, and none of them leads to the next.
 *
 * Entries are in no order.
 */

/** Entries after which the older Map is dropped. A collection of young garbage comes about as often at full load. */
const SETS_A_TURN = 512;

export class TurnoverMap<Key, Value> {
  #newer = new Map<Key, Value>();
  #older = new Map<Key, Value>();
  #setsLeft = SETS_A_TURN;

  get(key: Key): Value | undefined {
    return this.#newer.get(key) ?? this.#older.get(key);
  }

  set(key: Key, value: Value): void {
    if (this.#setsLeft <= 0) this.#turn();
    this.#setsLeft -= 1;
    if (this.#older.size > 0) this.#older.delete(key);
    this.#newer.set(key, value);
  }

  delete(key: Key): void {
    if (!this.#newer.delete(key)) this.#older.delete(key);
  }

  get size(): number {
    return this.#newer.size + this.#older.size;
  }

  /** What is left of the older Map moves to a new one; as many sets as that are at least to come before the next. */
  #turn(): void {
    const left = this.#older;
    this.#older = this.#newer;
    this.#newer = new Map(left);
    this.#setsLeft = Math.max(SETS_A_TURN, left.size);
  }
}
