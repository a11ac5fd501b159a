/**
 * `POST /v1/resyncs`: publishes a snapshot of each transaction to the topic of events, for consumers that missed some.
 * The API only notes what is asked for; `run-jobs` does it.
 */
import { randomUUID } from "node:crypto";
import { createRoute, z } from "@hono/zod-openapi";
import type { ApiApp } from "../../../../core/api/api-app.ts";
import { ApiError } from "../../../../core/api/api-error.ts";
import { entryOf, tooContended } from "../../../../core/api/audited.ts";
import { access, principalIn, problems } from "../../../../core/api/operation.ts";
import { type Job, jobRow } from "../../../../core/jobs/job.ts";
import { RESYNC_PARTS, type ResyncSpec, resyncTimes } from "../../../../core/jobs/resync/spec.ts";
import { INDEX_LAG_MS } from "../../../../core/jobs/slice-times.ts";
import { sendPartsOf } from "../send-parts.ts";
import { type ResyncParts, resyncResource } from "./resync-parts.ts";
import { newResyncSchema, resyncSchema, resyncView } from "./resync-schema.ts";

const ASK_AGAIN_SECONDS = "5";

const route = createRoute({
  ...access("createResync"),
  method: "post",
  path: "/resyncs",
  tags: ["Events"],
  summary: "Publish a snapshot of every transaction",
  description:
    "For a consumer of events that was down for longer than its queue, or the stream, keeps any: subscribe first, " +
    "then ask. Half a minute later rows are read. In the end comes `resync.completed`.",
  request: { body: { required: true, content: { "application/json": { schema: newResyncSchema } } } },
  responses: {
    ...problems("createResync", [409], true),
    202: {
      description: "It is noted; how far it is is at `location`",
      headers: z.object({ location: z.string(), "retry-after": z.string() }),
      content: { "application/json": { schema: resyncSchema } },
    },
  },
});

export function createResync(app: ApiApp, parts: ResyncParts): void {
  app.openapi(route, async (c) => {
    if (!parts.hasEvents)
      throw new ApiError("API_EVENTS_OFF", "got a resync where there are no events; deploy with events.enabled.");
    const { merchantId, audience, reason, ratePerSecond } = c.req.valid("json");
    const now = parts.nowMs();
    const { since, readFrom } = resyncTimes(now);
    const spec: ResyncSpec = {
      ...(merchantId !== undefined && { merchantId }),
      ...(audience !== undefined && { audience }),
      since,
    };
    const job: Job = {
      jobId: randomUUID(),
      kind: "resync",
      state: "running",
      asked: {
        spec,
        reason,
        requestedBy: principalIn(c).subject,
        ratePerSecond,
        // Nothing is read before it, and the frame waits for indexes besides.
        asOf: readFrom - INDEX_LAG_MS,
        createdAt: now,
        parts: RESYNC_PARTS,
      },
      startedAt: now,
    };
    const after = {
      reason,
      ratePerSecond,
      ...(merchantId !== undefined && { merchantId }),
      ...(audience !== undefined && { audience }),
    };
    const act = { action: "createResync", resource: resyncResource(job.jobId), after } as const;
    const put = {
      Put: {
        TableName: parts.jobStore.table,
        Item: jobRow(job) as Record<string, never>,
        ConditionExpression: "attribute_not_exists(jobId)",
      },
    };
    await parts.openJobs.note(job.jobId, now);
    const result = await parts.audited.write(entryOf(c, act, now), [put]);
    if (result.kind === "refused") throw tooContended("The resync");
    await sendPartsOf(job, resyncResource(job.jobId), "run", parts, readFrom - now);
    c.header("location", `/v1/resyncs/${job.jobId}`);
    c.header("retry-after", ASK_AGAIN_SECONDS);
    return c.json(resyncView(job, {}), 202);
  });
}
