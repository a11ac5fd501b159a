/** Which operations of the API the console calls, as its code says: each call names method and path in one place. */
import { globSync, readFileSync } from "node:fs";

export interface CalledOperation {
  /** In capital letters. */
  readonly method: string;
  /** With its parameters in braces. */
  readonly path: string;
}

const CALL = /client\s*\.(GET|POST|PUT|PATCH|DELETE)\(\s*"([^"]+)"/g;

/** Each once. */
export function calledOperations(): CalledOperation[] {
  const calls = globSync("console/src/**/*.{ts,tsx}").flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(CALL)].map(([, method = "", path = ""]) => `${method} ${path}`),
  );
  return [...new Set(calls)].map((call) => {
    const [method = "", path = ""] = call.split(" ");
    return { method, path };
  });
}
