/**
 * Remembers what was loaded for a while, so that a busy function does not ask for the same merchant at each request.
 * What fails to load, or is not worth keeping, is asked for again; when full, everything is forgotten.
 */
export interface ExpiringCacheOptions<Value> {
  readonly load: (key: string) => Promise<Value>;
  /** Whether a value is worth remembering. */
  readonly keep: (value: Value) => boolean;
  readonly ttlMs: number;
  readonly maxEntries: number;
  readonly nowMs: () => number;
}

export class ExpiringCache<Value> {
  readonly #options: ExpiringCacheOptions<Value>;
  readonly #entries = new Map<string, { readonly value: Promise<Value>; readonly untilMs: number }>();

  constructor(options: ExpiringCacheOptions<Value>) {
    this.#options = options;
  }

  get(key: string): Promise<Value> {
    const { load, keep, ttlMs, maxEntries, nowMs } = this.#options;
    const known = this.#entries.get(key);
    if (known !== undefined && nowMs() < known.untilMs) return known.value;
    if (this.#entries.size >= maxEntries) this.#entries.clear();
    const value = load(key);
    const entry = { value, untilMs: nowMs() + ttlMs };
    this.#entries.set(key, entry);
    const forget = () => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
    };
    value.then((loaded) => keep(loaded) || forget(), forget);
    return value;
  }
}
