/** `POST /v1/pause`, `POST /v1/resume`, `GET /v1/pause`: whether anything is delivered to anybody. */
import { createRoute } from "@hono/zod-openapi";
import type { ApiApp } from "../../../../core/api/api-app.ts";
import { access, problems } from "../../../../core/api/operation.ts";
import { EVERYTHING } from "../../../../core/audit-log/audit-entry.ts";
import { EVERYONE } from "../../../../core/merchant/merchant-health.ts";
import { pause, pauseOf, type PauseParts, pauseSchema, resume } from "../merchants/pausing.ts";

const content = { "application/json": { schema: pauseSchema } };

const pauseRoute = createRoute({
  ...access("pauseEverything"),
  method: "post",
  path: "/pause",
  tags: ["Operations"],
  summary: "Pause everything",
  description: "Within a few seconds no merchant is called any more; what is to be delivered waits.",
  responses: { ...problems("pauseEverything"), 200: { description: "Everything is paused", content } },
});

const resumeRoute = createRoute({
  ...access("resumeEverything"),
  method: "post",
  path: "/resume",
  tags: ["Operations"],
  summary: "Resume everything",
  description: "Merchants that are paused one by one stay so.",
  responses: { ...problems("resumeEverything"), 200: { description: "Everything goes on", content } },
});

const getRoute = createRoute({
  ...access("getPause"),
  method: "get",
  path: "/pause",
  tags: ["Operations"],
  summary: "See whether everything is paused",
  responses: { ...problems("getPause"), 200: { description: "Whether, and since when", content } },
});

export function pauseEverything(app: ApiApp, parts: PauseParts): void {
  app.openapi(pauseRoute, async (c) => c.json(await pause(c, parts, EVERYONE, "pauseEverything", EVERYTHING), 200));
  app.openapi(resumeRoute, async (c) => c.json(await resume(c, parts, EVERYONE, "resumeEverything", EVERYTHING), 200));
  app.openapi(getRoute, async (c) => c.json(pauseOf((await parts.healthActs.read(EVERYONE)).pausedAt), 200));
}
