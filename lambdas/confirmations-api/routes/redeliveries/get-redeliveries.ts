/** `GET /v1/redeliveries` and `GET /v1/redeliveries/{jobId}`: which there are, and how far each is. */
import { createRoute, z } from "@hono/zod-openapi";
import { authorize } from "../../../../core/access/authorize.ts";
import type { ApiApp } from "../../../../core/api/api-app.ts";
import { pageQuery, readCursor, writeCursor } from "../../../../core/api/cursor.ts";
import { access, principalIn, problems } from "../../../../core/api/operation.ts";
import { merchantIdSchema } from "../../../../core/intake/submission.ts";
import { jobPlaceSchema } from "../job-place.ts";
import { existingRedelivery, type RedeliveryParts, shown } from "./redelivery-parts.ts";
import { redeliveryPageSchema, redeliveryParam, redeliverySchema } from "./redelivery-schema.ts";
import { viewOf } from "./redelivery-view.ts";

const querySchema = z.strictObject({
  merchantId: merchantIdSchema.optional().openapi({
    description: "Only this merchant's alone; pages of all are gone through, and are short",
    example: "acme",
  }),
  ...pageQuery,
});

const listRoute = createRoute({
  ...access("listRedeliveries"),
  method: "get",
  path: "/redeliveries",
  tags: ["Redeliveries"],
  summary: "List redeliveries",
  description:
    "Newest first, kept for 90 days. Of one that is under way `GET /v1/redeliveries/{jobId}` has the counts.",
  request: { query: querySchema },
  responses: {
    ...problems("listRedeliveries"),
    200: { description: "A page", content: { "application/json": { schema: redeliveryPageSchema } } },
  },
});

const getRoute = createRoute({
  ...access("getRedelivery"),
  method: "get",
  path: "/redeliveries/{jobId}",
  tags: ["Redeliveries"],
  summary: "See how far a redelivery is",
  description: "Read consistently, for 90 days.",
  request: { params: redeliveryParam },
  responses: {
    ...problems("getRedelivery", [404]),
    200: { description: "The redelivery", content: { "application/json": { schema: redeliverySchema } } },
  },
});

export function getRedeliveries(app: ApiApp, parts: RedeliveryParts): void {
  app.openapi(listRoute, async (c) => {
    const principal = principalIn(c);
    const { limit, cursor, ...query } = c.req.valid("query");
    const place = readCursor(cursor, principal, query, jobPlaceSchema);
    // As with one that nobody registered.
    if (authorize(principal, "listRedeliveries", query).kind === "foreign")
      return c.json({ items: [], consistency: "eventual" as const }, 200);
    const { jobs, next } = await parts.listRedeliveries(limit, place);
    const wanted = [principal.merchantId, query.merchantId].filter((merchantId) => merchantId !== undefined);
    const items = jobs.filter(({ asked }) => wanted.every((merchantId) => asked.merchantId === merchantId));
    return c.json(
      {
        items: items.map((job) => viewOf(job, job.totals ?? job.counted?.totals ?? {})),
        ...(next !== undefined && { nextCursor: writeCursor(principal, query, next) }),
        consistency: "eventual" as const,
      },
      200,
    );
  });
  app.openapi(getRoute, async (c) => {
    const { jobId } = c.req.valid("param");
    const job = await existingRedelivery(parts, jobId, principalIn(c), "getRedelivery");
    return c.json(await shown(job, parts), 200);
  });
}
