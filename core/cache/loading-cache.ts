/**
 * Remembers what was loaded for a while, so that a busy function does not ask for the same merchant at each request,
 * nor twice at once. What fails to load, or is not worth keeping, is asked for again.
 */
import { AgingMap, type AgingMapOptions } from "./aging-map.ts";

export interface LoadingCacheOptions<Value> extends AgingMapOptions {
  readonly load: (key: string) => Promise<Value>;
  /** Whether a value is worth remembering. */
  readonly keep: (value: Value) => boolean;
}

export class LoadingCache<Value> {
  readonly #options: LoadingCacheOptions<Value>;
  readonly #loaded: AgingMap<Promise<Value>>;

  constructor(options: LoadingCacheOptions<Value>) {
    this.#options = options;
    this.#loaded = new AgingMap(options);
  }

  get(key: string): Promise<Value> {
    const { load, keep } = this.#options;
    const known = this.#loaded.get(key);
    if (known !== undefined) return known;
    const value = load(key);
    this.#loaded.set(key, value);
    const forget = () => {
      if (this.#loaded.get(key) === value) this.#loaded.delete(key);
    };
    value.then((loaded) => keep(loaded) || forget(), forget);
    return value;
  }

  /** It is loaded anew when it is asked for next. */
  forget(key: string): void {
    this.#loaded.delete(key);
  }
}
