/** `GET /v1/imports`, `GET /v1/imports/{jobId}` and `…/rejected`: which there are, how far, and what was rejected. */
import { createRoute, z } from "@hono/zod-openapi";
import type { ApiApp } from "../../../../core/api/api-app.ts";
import { ApiError } from "../../../../core/api/api-error.ts";
import { pageQuery, readCursor, writeCursor } from "../../../../core/api/cursor.ts";
import { access, principalIn, problems } from "../../../../core/api/operation.ts";
import { presignedUrl } from "../../../../core/aws/presigned-url.ts";
import { resultKey } from "../../../../core/imports/file-keys.ts";
import { importSpecOf } from "../../../../core/jobs/import/spec.ts";
import { jobPlaceSchema } from "../job-place.ts";
import { existingImport, type ImportParts, shownImport } from "./import-parts.ts";
import { importPageSchema, importParam, importSchema, resultFileSchema } from "./import-schema.ts";
import { importView } from "./import-view.ts";

const RESULT_SECONDS = 300;
const MS = 1000;

const listRoute = createRoute({
  ...access("listImports"),
  method: "get",
  path: "/imports",
  tags: ["Imports"],
  summary: "List imports of uploaded files",
  description:
    "Newest first, kept for 90 days; those whose file did not come are in no list. Of one that is under way " +
    "`GET /v1/imports/{jobId}` has the counts.",
  request: { query: z.strictObject(pageQuery) },
  responses: {
    ...problems("listImports"),
    200: { description: "A page", content: { "application/json": { schema: importPageSchema } } },
  },
});

const getRoute = createRoute({
  ...access("getImport"),
  method: "get",
  path: "/imports/{jobId}",
  tags: ["Imports"],
  summary: "See how far an import is",
  description: "Read consistently, for 90 days; one whose file did not come for a day.",
  request: { params: importParam },
  responses: {
    ...problems("getImport", [404]),
    200: { description: "The import", content: { "application/json": { schema: importSchema } } },
  },
});

const rejectedRoute = createRoute({
  ...access("getRejectedRows"),
  method: "get",
  path: "/imports/{jobId}/rejected",
  tags: ["Imports"],
  summary: "Get the file with the rejected rows",
  description:
    "In the form of the file that was imported, with line, field and reason beside each row: corrected, it can be " +
    "imported as it is. It is there once the import is over, for as many days as files are kept.",
  request: { params: importParam },
  responses: {
    ...problems("getRejectedRows", [404, 409]),
    200: { description: "Where it is", content: { "application/json": { schema: resultFileSchema } } },
  },
});

export function getImports(app: ApiApp, parts: ImportParts): void {
  app.openapi(listRoute, async (c) => {
    const principal = principalIn(c);
    const { limit, cursor } = c.req.valid("query");
    const place = readCursor(cursor, principal, {}, jobPlaceSchema);
    const { jobs, next } = await parts.listImports(limit, place);
    const { merchantId } = principal;
    const items = jobs.filter(({ asked }) => merchantId === undefined || asked.merchantId === merchantId);
    return c.json(
      {
        items: items.map((job) => importView(job, job.totals ?? {})),
        ...(next !== undefined && { nextCursor: writeCursor(principal, {}, next) }),
        consistency: "eventual" as const,
      },
      200,
    );
  });
  app.openapi(getRoute, async (c) => {
    const { jobId } = c.req.valid("param");
    return c.json(await shownImport(await existingImport(parts, jobId, principalIn(c), "getImport"), parts), 200);
  });
  app.openapi(rejectedRoute, async (c) => {
    const { jobId } = c.req.valid("param");
    const found = await existingImport(parts, jobId, principalIn(c), "getRejectedRows");
    const job = "job" in found ? found.job : undefined;
    const file = job === undefined ? undefined : importSpecOf(job).file;
    if (job?.doneAt === undefined || file === undefined || (job.totals?.["rejected"] ?? 0) === 0)
      throw new ApiError(
        "API_IMPORT_CONFLICT",
        "got a request for rejected rows of an import that is not over, or that has none.",
      );
    const now = parts.nowMs();
    const key = resultKey(jobId, file.format);
    const url = await presignedUrl(parts.s3, { bucket: parts.importsBucket, key }, now, RESULT_SECONDS);
    return c.json({ url, expiresAt: new Date(now + RESULT_SECONDS * MS).toISOString() }, 200);
  });
}
