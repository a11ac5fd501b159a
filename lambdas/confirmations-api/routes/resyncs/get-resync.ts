/** `GET /v1/resyncs` and `…/{jobId}`, and `…/resume` and `…/cancel`: how far one is, and what is done about it. */
import { createRoute, z } from "@hono/zod-openapi";
import type { ApiApp, ApiContext } from "../../../../core/api/api-app.ts";
import { ApiError } from "../../../../core/api/api-error.ts";
import { entryOf, tooContended } from "../../../../core/api/audited.ts";
import { pageQuery, readCursor, writeCursor } from "../../../../core/api/cursor.ts";
import { access, principalIn, problems } from "../../../../core/api/operation.ts";
import { jobChange } from "../../../../core/aws/job-store.ts";
import type { Job } from "../../../../core/jobs/job.ts";
import { jobPlaceSchema } from "../job-place.ts";
import { sendPartsOf } from "../send-parts.ts";
import { existingResync, type ResyncParts, resyncResource, shownResync } from "./resync-parts.ts";
import { resyncPageSchema, resyncParam, resyncSchema, resyncView } from "./resync-schema.ts";

const content = { "application/json": { schema: resyncSchema } };

const listRoute = createRoute({
  ...access("listResyncs"),
  method: "get",
  path: "/resyncs",
  tags: ["Events"],
  summary: "List resyncs",
  description: "Newest first, kept for 90 days. Of one that is under way `GET /v1/resyncs/{jobId}` has the counts.",
  request: { query: z.strictObject(pageQuery) },
  responses: {
    ...problems("listResyncs"),
    200: { description: "A page", content: { "application/json": { schema: resyncPageSchema } } },
  },
});

const getRoute = createRoute({
  ...access("getResync"),
  method: "get",
  path: "/resyncs/{jobId}",
  tags: ["Events"],
  summary: "See how far a resync is",
  description: "Read consistently, for 90 days.",
  request: { params: resyncParam },
  responses: { ...problems("getResync", [404]), 200: { description: "The resync", content } },
});

const resumeRoute = createRoute({
  ...access("resumeResync"),
  method: "post",
  path: "/resyncs/{jobId}/resume",
  tags: ["Events"],
  summary: "Have a resync go on that stands still",
  description: "It goes on from where it was; one that goes on already is none the worse for it.",
  request: { params: resyncParam },
  responses: { ...problems("resumeResync", [404, 409]), 200: { description: "As it is then", content } },
});

const cancelRoute = createRoute({
  ...access("cancelResync"),
  method: "post",
  path: "/resyncs/{jobId}/cancel",
  tags: ["Events"],
  summary: "Cancel a resync",
  description: "For good; within a second or two nothing more is published, and no `resync.completed`.",
  request: { params: resyncParam },
  responses: { ...problems("cancelResync", [404, 409]), 200: { description: "As it is then", content } },
});

export function getResync(app: ApiApp, parts: ResyncParts): void {
  app.openapi(listRoute, async (c) => {
    const principal = principalIn(c);
    const { limit, cursor } = c.req.valid("query");
    const { jobs, next } = await parts.listResyncs(limit, readCursor(cursor, principal, {}, jobPlaceSchema));
    return c.json(
      {
        items: jobs.map((job) => resyncView(job, job.totals ?? {})),
        ...(next !== undefined && { nextCursor: writeCursor(principal, {}, next) }),
        consistency: "eventual" as const,
      },
      200,
    );
  });
  app.openapi(getRoute, async (c) => {
    const job = await existingResync(parts, c.req.valid("param").jobId);
    return c.json(await shownResync(job, parts), 200);
  });
  app.openapi(resumeRoute, async (c) => {
    const job = await existingResync(parts, c.req.valid("param").jobId);
    if (job.state !== "running") throw conflict("resume", job);
    await sendPartsOf(job, resyncResource(job.jobId), "run", parts);
    return c.json(await shownResync(job, parts), 200);
  });
  app.openapi(cancelRoute, async (c) => {
    const job = await existingResync(parts, c.req.valid("param").jobId);
    const canceled = job.state === "canceled" ? job : await cancel(c, job, parts);
    // Whoever has a part sees it; parts that nobody has are brought to their end.
    await sendPartsOf(canceled, resyncResource(canceled.jobId), "run", parts);
    return c.json(await shownResync(canceled, parts), 200);
  });
}

async function cancel(c: ApiContext, job: Job, parts: ResyncParts): Promise<Job> {
  if (job.state !== "running") throw conflict("cancel", job);
  const change = { state: "canceled" } as const;
  const noted = {
    action: "cancelResync",
    resource: resyncResource(job.jobId),
    before: { state: job.state },
    after: change,
  } as const;
  const update = { Update: jobChange(parts.jobStore.table, job.jobId, job.state, change) };
  const { kind } = await parts.audited.write(entryOf(c, noted, parts.nowMs()), [update]);
  if (kind !== "written") throw tooContended("The resync");
  return { ...job, ...change };
}

function conflict(verb: string, { state }: Job): ApiError {
  return new ApiError(
    "API_RESYNC_CONFLICT",
    `got ${verb} for a resync that is ${state}, expected one that is running.`,
  );
}
