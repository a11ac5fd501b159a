/**
 * Methods that no `Request` can have (Fetch Standard, 2.2.1), under a name that it can: they are answered as any other
 * that no path has.
 */
const NO_METHOD_OF_FETCH = new Set(["CONNECT", "TRACE", "TRACK"]);
const STAND_IN = "X-";

export function fetchMethod(method: string): string {
  return NO_METHOD_OF_FETCH.has(method) ? `${STAND_IN}${method}` : method;
}

/** As the request had it. */
export function methodOf({ method }: { readonly method: string }): string {
  const name = method.slice(STAND_IN.length);
  return method.startsWith(STAND_IN) && NO_METHOD_OF_FETCH.has(name) ? name : method;
}
