/** Methods that a path has routes for, to tell a wrong method (405, RFC 9110 15.5.6) from a path that is none. */
import type { Hono } from "hono";
import type { ApiEnv } from "./api-env.ts";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

export function allowedMethods(app: Pick<Hono<ApiEnv>, "routes">, path: string): string[] {
  const found = new Set(
    app.routes.filter((route) => patternOf(route.path).test(path)).map(({ method }) => method.toUpperCase()),
  );
  return METHODS.filter((method) => found.has(method));
}

const patterns = new Map<string, RegExp>();

function patternOf(path: string): RegExp {
  let pattern = patterns.get(path);
  if (pattern === undefined) {
    const text = path.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll(/:\w+/g, "[^/]+");
    patterns.set(path, (pattern = new RegExp(`^${text}$`)));
  }
  return pattern;
}
