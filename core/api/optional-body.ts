/** For routes whose body may be left out: nothing is taken for an empty object. Runs before validators do. */
import { createMiddleware } from "hono/factory";
import type { ApiEnv } from "./api-env.ts";

export const optionalBody = createMiddleware<ApiEnv>(async (c, next) => {
  if ((await c.req.text()) === "") c.req.json = () => Promise.resolve({} as never);
  await next();
});
