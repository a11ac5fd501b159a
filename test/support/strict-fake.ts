/** Fakes that throw on whatever a test did not fake, so that no code path goes on unnoticed with `undefined`. */
export function strictFake<T extends object>(name: string, members: Partial<T>): T {
  return new Proxy(members, {
    get(target, property, receiver) {
      // A promise that resolves with a fake asks it for `then`; jest's matchers ask for symbols.
      if (property in target || property === "then" || typeof property === "symbol")
        return Reflect.get(target, property, receiver) as unknown;
      throw new Error(`${name}.${property} is not faked in this test`);
    },
  }) as T;
}

/** A function that must not be called. */
export function neverCalled(name: string): (...args: never[]) => never {
  return () => {
    throw new Error(`${name} was called, and must not be in this test`);
  };
}
