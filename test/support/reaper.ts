/** Kills a program at any of its calls, as a function may be that is out of time. */
export class Killed extends Error {}

/** Ends whoever makes the nth call of any of these, before it or after it was carried out. */
export class Reaper {
  readonly #neverCarriedOut: ReadonlySet<string>;
  #left = Number.POSITIVE_INFINITY;
  #isCarriedOut = false;

  /** @param neverCarriedOut methods that give no promise. @default none */
  constructor(neverCarriedOut: readonly string[] = []) {
    this.#neverCarriedOut = new Set(neverCarriedOut);
  }

  in(calls: number, isCarriedOut: boolean): void {
    this.#left = calls;
    this.#isCarriedOut = isCarriedOut;
  }

  never(): void {
    this.#left = Number.POSITIVE_INFINITY;
  }

  over<Target extends object>(target: Target): Target {
    return new Proxy(target, {
      get: (inner, name) => {
        const method = Reflect.get(inner, name) as unknown;
        if (typeof method !== "function") return method;
        return (...args: unknown[]) => {
          const call = () => (method as (...all: unknown[]) => unknown).apply(inner, args);
          this.#left -= 1;
          if (this.#left !== 0) return call();
          if (!this.#isCarriedOut || this.#neverCarriedOut.has(String(name))) throw new Killed();
          return Promise.resolve(call()).then(() => {
            throw new Killed();
          });
        };
      },
    });
  }
}
