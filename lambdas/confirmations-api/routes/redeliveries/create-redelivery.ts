/**
 * `POST /v1/redeliveries`: sends transactions again that were delivered or given up, some by id or many by filter, or
 * counts them first. The API only notes what is asked for; `run-jobs` does it.
 */
import { randomUUID } from "node:crypto";
import { createRoute, z } from "@hono/zod-openapi";
import type { ApiApp } from "../../../../core/api/api-app.ts";
import { ApiError } from "../../../../core/api/api-error.ts";
import { entryOf, tooContended } from "../../../../core/api/audited.ts";
import { access, principalIn, problems, requireAccess } from "../../../../core/api/operation.ts";
import { type Job, jobRow } from "../../../../core/jobs/job.ts";
import type { RedeliverySpec } from "../../../../core/jobs/redelivery/spec.ts";
import { LIVE } from "../../../../core/merchant/merchant-environment.ts";
import { INDEX_LAG_MS } from "../../../../core/jobs/slice-times.ts";
import { sendPartsOf } from "../send-parts.ts";
import { type RedeliveryParts, redeliveryResource, shown } from "./redelivery-parts.ts";
import { type GivenFilter, newRedeliverySchema, redeliverySchema } from "./redelivery-schema.ts";
import { filterOf } from "./redelivery-view.ts";

const ASK_AGAIN_SECONDS = "1";
/** Parts that share the work on a filter. */
const MOST_PARTS = 4;
const BESIDE_IDS: ReadonlySet<string> = new Set(["transactionIds", "merchantId", "includeElsewhere"]);

const route = createRoute({
  ...access("createRedelivery"),
  method: "post",
  path: "/redeliveries",
  tags: ["Redeliveries"],
  summary: "Send transactions again",
  description:
    "By id, or all that a filter matches as of now. With `dryRun` it only counts, and `start` sends what was " +
    "counted. A token that is narrowed to a merchant sends its own.",
  request: { body: { required: true, content: { "application/json": { schema: newRedeliverySchema } } } },
  responses: {
    ...problems("createRedelivery", [404], true),
    202: {
      description: "It is noted; how far it is is at `location`",
      headers: z.object({ location: z.string(), "retry-after": z.string() }),
      content: { "application/json": { schema: redeliverySchema } },
    },
  },
});

export function createRedelivery(app: ApiApp, parts: RedeliveryParts): void {
  app.openapi(route, async (c) => {
    const principal = principalIn(c);
    const { filter, reason, ratePerSecond, dryRun } = c.req.valid("json");
    const merchantId = filter.merchantId ?? principal.merchantId;
    requireAccess(principal, "createRedelivery", { merchantId }, "merchant");
    checkFilter(filter, merchantId);
    const now = parts.nowMs();
    const isById = filter.transactionIds !== undefined;
    const job: Job = {
      jobId: randomUUID(),
      kind: "redelivery",
      state: dryRun ? "counting" : "running",
      asked: {
        spec: specFor(filter, isById ? undefined : merchantId),
        ...(merchantId !== undefined && { merchantId }),
        reason,
        requestedBy: principal.subject,
        ratePerSecond,
        asOf: now,
        createdAt: now,
        parts: isById ? 1 : Math.min(MOST_PARTS, parts.merchantShards),
      },
      ...(!dryRun && { startedAt: now }),
    };
    const after = {
      filter: filterOf(job),
      reason,
      ratePerSecond,
      dryRun,
      ...(merchantId !== undefined && { merchantId }),
    };
    const act = { action: "createRedelivery", resource: redeliveryResource(job.jobId), after } as const;
    const put = {
      Put: {
        TableName: parts.jobStore.table,
        Item: jobRow(job) as Record<string, never>,
        ConditionExpression: "attribute_not_exists(jobId)",
      },
    };
    await parts.openJobs.note(job.jobId, now);
    const result = await parts.audited.write(entryOf(c, act, now), [put]);
    if (result.kind === "refused") throw tooContended("The redelivery");
    await sendPartsOf(job, redeliveryResource(job.jobId), dryRun ? "count" : "run", parts, INDEX_LAG_MS);
    c.header("location", `/v1/redeliveries/${job.jobId}`);
    c.header("retry-after", ASK_AGAIN_SECONDS);
    return c.json(await shown(job, parts), 202);
  });
}

function specFor(filter: GivenFilter, merchantId: string | undefined): RedeliverySpec {
  const { transactionIds, state, reason, from, to, includeElsewhere } = filter;
  const isOfMany = transactionIds === undefined && merchantId === undefined;
  return {
    ...(transactionIds !== undefined && { transactionIds: [...new Set(transactionIds)] }),
    ...(merchantId !== undefined && { merchantId }),
    ...(isOfMany && { environment: filter.environment ?? LIVE }),
    ...(state !== undefined && { state }),
    ...(reason !== undefined && { reason }),
    ...(from !== undefined && { from: Date.parse(from) }),
    ...(to !== undefined && { to: Date.parse(to) }),
    ...(includeElsewhere === true && { includeElsewhere }),
  };
}

function checkFilter(filter: GivenFilter, merchantId: string | undefined): void {
  const { transactionIds, state, reason, from, to } = filter;
  if (transactionIds !== undefined) {
    const other = Object.keys(filter).find((name) => !BESIDE_IDS.has(name));
    if (other !== undefined) throw invalid(other, "got one beside transactionIds, expected ids alone");
    return;
  }
  if (merchantId === undefined && state !== "FAILED")
    throw invalid("merchantId", "got none, expected a merchant, transactionIds, or state FAILED for all merchants");
  if (merchantId !== undefined && filter.environment !== undefined)
    throw invalid("environment", "got one beside a merchant, which has its own; expected it without one");
  if (reason !== undefined && state !== "FAILED")
    throw invalid("reason", "got one without state FAILED; only what failed has a reason");
  if (from !== undefined && to !== undefined && Date.parse(from) >= Date.parse(to))
    throw invalid("from", "got a time that is not before `to`");
}

function invalid(name: string, detail: string): ApiError {
  return new ApiError("API_BODY_INVALID", `filter.${name}: ${detail}.`, {
    errors: [{ pointer: `/filter/${name}`, detail }],
  });
}
