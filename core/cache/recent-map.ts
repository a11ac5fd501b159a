/**
 * What a task remembers of merchants, bounded: what was neither set nor looked up for longest is forgotten first. In
 * two halves, the older one of which goes when the newer one is full, since a Map that loses its first entry again and
 * again grows slow.
 */
export class RecentMap<Value> {
  readonly #mostAHalf: number;
  #newer = new Map<string, Value>();
  #older = new Map<string, Value>();

  /** @param most entries that are remembered at most; the newest half of them surely is */
  constructor(most: number) {
    this.#mostAHalf = Math.ceil(most / 2);
  }

  get(key: string): Value | undefined {
    const newer = this.#newer.get(key);
    if (newer !== undefined) return newer;
    const older = this.#older.get(key);
    if (older !== undefined) this.set(key, older);
    return older;
  }

  set(key: string, value: Value): void {
    if (this.#newer.size >= this.#mostAHalf && !this.#newer.has(key)) {
      this.#older = this.#newer;
      this.#newer = new Map();
    }
    this.#newer.set(key, value);
  }

  delete(key: string): void {
    this.#newer.delete(key);
    this.#older.delete(key);
  }
  /** All that is remembered, each once. */
  *values(): Generator<Value> {
    yield* this.#newer.values();
    for (const [key, value] of this.#older) if (!this.#newer.has(key)) yield value;
  }
}
