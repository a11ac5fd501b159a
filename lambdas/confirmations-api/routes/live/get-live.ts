/**
 * `GET /v1/live`: the dashboard's panels with their numbers, and the alarms. Read from CloudWatch once in a while for
 * all who look (`core/aws/shared-reading.ts`), behind the same question whether one may see it as anything else: no
 * cache before the API would ask it.
 */
import { createRoute } from "@hono/zod-openapi";
import type { ApiApp } from "../../../../core/api/api-app.ts";
import { ApiError } from "../../../../core/api/api-error.ts";
import { access, problems } from "../../../../core/api/operation.ts";
import type { Reading } from "../../../../core/aws/shared-reading.ts";
import type { Shown } from "../../../../core/dashboard/shown.ts";
import { liveSchema } from "./live-schema.ts";
import { liveView } from "./live-view.ts";

export interface LiveParts {
  readonly live: {
    /** Undefined where there is none yet. */
    readonly read: () => Promise<Reading<Shown> | undefined>;
    /** Milliseconds for which a reading is fresh. */
    readonly keptMs: number;
  };
  readonly nowMs: () => number;
}

const RETRY_AFTER_SECONDS = "2";

const route = createRoute({
  ...access("getLive"),
  method: "get",
  path: "/live",
  tags: ["Operations"],
  summary: "See the dashboard's numbers and the alarms",
  description:
    "Of the last three hours, by the minute. CloudWatch is asked once a minute for all who look; where it does not " +
    "respond the last numbers are told, with their time and `isLate`.",
  responses: {
    ...problems("getLive"),
    200: { description: "Panels and alarms", content: { "application/json": { schema: liveSchema } } },
  },
});

export function getLive(app: ApiApp, { live, nowMs }: LiveParts): void {
  app.openapi(route, async (c) => {
    const reading = await live.read();
    if (reading === undefined)
      throw new ApiError("API_UNAVAILABLE", "CloudWatch has not responded yet, and no numbers are kept; ask again.", {
        headers: { "retry-after": RETRY_AFTER_SECONDS },
      });
    const view = liveView(reading, live.keptMs, nowMs());
    c.header("cache-control", `private, max-age=${view.freshSeconds}`);
    return c.json(view, 200);
  });
}
