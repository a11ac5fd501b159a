/** Which operations of the API the console calls, as its code says: each call names method and path in one place. */
import { globSync, readFileSync } from "node:fs";

export interface CalledOperation {
  /** In capital letters. */
  readonly method: string;
  /** With its parameters in braces. */
  readonly path: string;
}

/** Each is called by such a function, and each such function calls one. */
const CALLER = /\(client\) =>/g;
const CALL = /client\s*\.(GET|POST|PUT|PATCH|DELETE)\(\s*"([^"]+)"/g;

/** Each once. @throws Error where a call does not name its method and path in its place */
export function calledOperations(): CalledOperation[] {
  const calls = globSync("console/src/**/*.{ts,tsx}").flatMap((file) => {
    const text = readFileSync(file, "utf8");
    const found = [...text.matchAll(CALL)].map(([, method = "", path = ""]) => `${method} ${path}`);
    const callers = [...text.matchAll(CALLER)].length;
    if (found.length !== callers)
      throw new Error(`${file} has ${callers} calls; expected method and path of each, got those of ${found.length}.`);
    return found;
  });
  return [...new Set(calls)].map((call) => {
    const [method = "", path = ""] = call.split(" ");
    return { method, path };
  });
}
