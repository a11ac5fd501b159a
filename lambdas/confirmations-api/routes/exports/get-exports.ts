/** `GET /v1/exports`, `GET /v1/exports/{jobId}` and `…/file`: which there are, how far, and where the file is. */
import { createRoute, z } from "@hono/zod-openapi";
import type { ApiApp } from "../../../../core/api/api-app.ts";
import { ApiError } from "../../../../core/api/api-error.ts";
import { pageQuery, readCursor, writeCursor } from "../../../../core/api/cursor.ts";
import { access, principalIn, problems } from "../../../../core/api/operation.ts";
import { presignedUrl } from "../../../../core/aws/presigned-url.ts";
import { exportKey } from "../../../../core/imports/file-keys.ts";
import { exportCountsOf, exportSpecOf } from "../../../../core/jobs/export/spec.ts";
import { jobPlaceSchema } from "../job-place.ts";
import { existingExport, type ExportParts, shownExport } from "./export-parts.ts";
import { exportFileSchema, exportPageSchema, exportParam, exportSchema } from "./export-schema.ts";
import { exportView, fileUntil } from "./export-view.ts";

const FILE_SECONDS = 300;
const MS = 1000;

const listRoute = createRoute({
  ...access("listExports"),
  method: "get",
  path: "/exports",
  tags: ["Exports"],
  summary: "List exports",
  description: "Newest first, kept for 90 days. Of one that is under way `GET /v1/exports/{jobId}` has the counts.",
  request: { query: z.strictObject(pageQuery) },
  responses: {
    ...problems("listExports"),
    200: { description: "A page", content: { "application/json": { schema: exportPageSchema } } },
  },
});

const getRoute = createRoute({
  ...access("getExport"),
  method: "get",
  path: "/exports/{jobId}",
  tags: ["Exports"],
  summary: "See how far an export is",
  description: "Read consistently, for 90 days.",
  request: { params: exportParam },
  responses: {
    ...problems("getExport", [404]),
    200: { description: "The export", content: { "application/json": { schema: exportSchema } } },
  },
});

const fileRoute = createRoute({
  ...access("getExportFile"),
  method: "get",
  path: "/exports/{jobId}/file",
  tags: ["Exports"],
  summary: "Get the file of an export",
  description:
    "It is there, whole, once the export is done, for as many days as files are kept. The address takes a `Range`, " +
    "so that whoever was interrupted goes on where he was; ask again for one that is over.",
  request: { params: exportParam },
  responses: {
    ...problems("getExportFile", [404, 409]),
    200: { description: "Where it is", content: { "application/json": { schema: exportFileSchema } } },
  },
});

export function getExports(app: ApiApp, parts: ExportParts): void {
  app.openapi(listRoute, async (c) => {
    const principal = principalIn(c);
    const { limit, cursor } = c.req.valid("query");
    const place = readCursor(cursor, principal, {}, jobPlaceSchema);
    const { jobs, next } = await parts.listExports(limit, place);
    const { merchantId } = principal;
    const own = jobs.filter((job) => merchantId === undefined || exportSpecOf(job).merchantId === merchantId);
    return c.json(
      {
        items: own.map((job) => exportView(job, job.totals ?? {}, parts.keptDays)),
        ...(next !== undefined && { nextCursor: writeCursor(principal, {}, next) }),
        consistency: "eventual" as const,
      },
      200,
    );
  });
  app.openapi(getRoute, async (c) => {
    const job = await existingExport(parts, c.req.valid("param").jobId, principalIn(c), "getExport");
    return c.json(await shownExport(job, parts), 200);
  });
  app.openapi(fileRoute, async (c) => {
    const { jobId } = c.req.valid("param");
    const job = await existingExport(parts, jobId, principalIn(c), "getExportFile");
    const until = fileUntil(job, parts.keptDays);
    const now = parts.nowMs();
    if (until === undefined)
      throw new ApiError(
        "API_EXPORT_CONFLICT",
        "got a request for the file of an export that has none; GET shows its state.",
      );
    if (now >= until)
      throw new ApiError(
        "API_EXPORT_CONFLICT",
        `got a request for a file that was kept until ${new Date(until).toISOString()}; export it anew.`,
      );
    const key = exportKey(jobId, exportSpecOf(job).format);
    const url = await presignedUrl(parts.s3, { bucket: parts.importsBucket, key }, now, FILE_SECONDS);
    const { bytes } = exportCountsOf(job.totals ?? {});
    return c.json({ url, expiresAt: new Date(now + FILE_SECONDS * MS).toISOString(), bytes }, 200);
  });
}
