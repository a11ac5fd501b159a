/**
 * `POST /v1/imports/uploads`: says where a file may be uploaded to, for a quarter of an hour. The key is ours, and the
 * bucket refuses what is larger than was said. Its rows are those of whoever asked, narrowed as he was then.
 */
import { randomUUID } from "node:crypto";
import { createRoute } from "@hono/zod-openapi";
import type { ApiApp } from "../../../../core/api/api-app.ts";
import { entryOf, tooContended } from "../../../../core/api/audited.ts";
import { access, principalIn, problems } from "../../../../core/api/operation.ts";
import { uploadForm } from "../../../../core/aws/upload-policy.ts";
import { uploadKey } from "../../../../core/imports/file-keys.ts";
import { submitterOf } from "../../../../core/intake/intake-record.ts";
import { UPLOAD_SECONDS, type Upload, uploadRow } from "../../../../core/jobs/import/spec.ts";
import { type ImportParts, importResource, requireMayImport } from "./import-parts.ts";
import { newUploadSchema, uploadSchema } from "./import-schema.ts";

const MS = 1000;

const route = createRoute({
  ...access("createUpload"),
  method: "post",
  path: "/imports/uploads",
  tags: ["Imports"],
  summary: "Ask where to upload a file",
  description:
    "For files of any size up to the limit of the stack. Send the fields and then the file as a form to `url` within " +
    "15 minutes; the import begins by itself, and `GET /v1/imports/{jobId}` says how far it is.",
  request: { body: { required: true, content: { "application/json": { schema: newUploadSchema } } } },
  responses: {
    ...problems("createUpload", [], true),
    201: {
      description: "It is noted, and waits for its file",
      content: { "application/json": { schema: uploadSchema } },
    },
  },
});

export function createUpload(app: ApiApp, parts: ImportParts): void {
  app.openapi(route, async (c) => {
    const principal = principalIn(c);
    const { fileName, of = "transactions", reason, ratePerSecond } = c.req.valid("json");
    const { merchantId } = principal;
    requireMayImport(of, merchantId);
    const now = parts.nowMs();
    const jobId = randomUUID();
    const about = {
      ...(fileName !== undefined && { fileName }),
      ...(merchantId !== undefined && { merchantId }),
      ...(of !== "transactions" && { of }),
      reason,
      ratePerSecond,
    };
    const upload: Upload = { jobId, ...about, requestedBy: submitterOf(principal), createdAt: now };
    const act = { action: "createUpload", resource: importResource(jobId), after: about } as const;
    const put = {
      Put: {
        TableName: parts.jobStore.table,
        Item: uploadRow(upload) as Record<string, never>,
        ConditionExpression: "attribute_not_exists(jobId)",
      },
    };
    const result = await parts.audited.write(entryOf(c, act, now), [put]);
    if (result.kind === "refused") throw tooContended("The import");
    const { s3, importsBucket: bucket, maxImportBytes: maxBytes } = parts;
    const bounds = { bucket, key: uploadKey(jobId), maxBytes, seconds: UPLOAD_SECONDS };
    const { url, fields } = await uploadForm(s3, bounds, now);
    const expiresAt = new Date(now + UPLOAD_SECONDS * MS).toISOString();
    return c.json({ jobId, url, fields: { ...fields }, maxBytes, expiresAt }, 201);
  });
}
