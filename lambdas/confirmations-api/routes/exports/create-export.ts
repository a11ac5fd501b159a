/**
 * `POST /v1/exports`: a merchant's transactions of a time, as a file. The API only notes what is asked for; `run-jobs`
 * reads and writes, whatever there is, since a response has 6 MB at most.
 */
import { randomUUID } from "node:crypto";
import { createRoute, z } from "@hono/zod-openapi";
import type { ApiApp } from "../../../../core/api/api-app.ts";
import { ApiError } from "../../../../core/api/api-error.ts";
import { entryOf, tooContended } from "../../../../core/api/audited.ts";
import { access, principalIn, problems, requireAccess } from "../../../../core/api/operation.ts";
import { submitterOf } from "../../../../core/intake/intake-record.ts";
import { EXPORT_PARTS, type ExportSpec, MAX_EXPORT_DAYS } from "../../../../core/jobs/export/spec.ts";
import { type Job, jobRow } from "../../../../core/jobs/job.ts";
import { INDEX_LAG_MS } from "../../../../core/jobs/slice-times.ts";
import { sendPartsOf } from "../send-parts.ts";
import { type ExportParts, exportResource } from "./export-parts.ts";
import { exportSchema, newExportSchema } from "./export-schema.ts";
import { exportView } from "./export-view.ts";

const ASK_AGAIN_SECONDS = "2";
const DAY_MS = 86_400_000;

const route = createRoute({
  ...access("createExport"),
  method: "post",
  path: "/exports",
  tags: ["Exports"],
  summary: "Export a merchant's transactions",
  description:
    "All that occurred within a time, with their payloads, oldest first, as one file of CSV or JSON Lines that can " +
    "be imported again. It is made in the background; `GET /v1/exports/{jobId}` says how far it is. What comes " +
    "meanwhile may be in it.",
  request: { body: { required: true, content: { "application/json": { schema: newExportSchema } } } },
  responses: {
    ...problems("createExport", [404], true),
    202: {
      description: "It is noted; how far it is is at `location`",
      headers: z.object({ location: z.string(), "retry-after": z.string() }),
      content: { "application/json": { schema: exportSchema } },
    },
  },
});

export function createExport(app: ApiApp, parts: ExportParts): void {
  app.openapi(route, async (c) => {
    const principal = principalIn(c);
    const { format, state, reason, ratePerSecond, ...given } = c.req.valid("json");
    const now = parts.nowMs();
    const merchantId = given.merchantId ?? principal.merchantId;
    if (merchantId === undefined) throw invalid("merchantId", "got none, expected the id of a merchant");
    requireAccess(principal, "createExport", { merchantId }, "merchant");
    const { from, to } = timesOf(given, now);
    const spec: ExportSpec = { merchantId, from, to, format, ...(state !== undefined && { state }) };
    const job: Job = {
      jobId: randomUUID(),
      kind: "export",
      state: "running",
      asked: {
        spec,
        merchantId,
        reason,
        requestedBy: submitterOf(principal),
        ratePerSecond,
        asOf: now,
        createdAt: now,
        parts: EXPORT_PARTS,
      },
      startedAt: now,
    };
    const times = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
    const after = { ...spec, ...times, reason, ratePerSecond };
    const act = { action: "createExport", resource: exportResource(job.jobId), after } as const;
    const put = {
      Put: {
        TableName: parts.jobStore.table,
        Item: jobRow(job) as Record<string, never>,
        ConditionExpression: "attribute_not_exists(jobId)",
      },
    };
    await parts.openJobs.note(job.jobId, now);
    const result = await parts.audited.write(entryOf(c, act, now), [put]);
    if (result.kind === "refused") throw tooContended("The export");
    await sendPartsOf(job, exportResource(job.jobId), "run", parts, INDEX_LAG_MS);
    c.header("location", `/v1/exports/${job.jobId}`);
    c.header("retry-after", ASK_AGAIN_SECONDS);
    return c.json(exportView(job, {}, parts.keptDays), 202);
  });
}

function timesOf(given: { readonly from: string; readonly to?: string | undefined }, now: number) {
  const from = Date.parse(given.from);
  const to = given.to === undefined ? now : Date.parse(given.to);
  if (from >= to) throw invalid("from", "got a time that is not before `to`, which is now unless given");
  if (to - from > MAX_EXPORT_DAYS * DAY_MS)
    throw invalid("from", `got more than ${MAX_EXPORT_DAYS} days; ask for less at once`);
  return { from, to };
}

function invalid(name: string, detail: string): ApiError {
  return new ApiError("API_BODY_INVALID", `${name}: ${detail}.`, { errors: [{ pointer: `/${name}`, detail }] });
}
