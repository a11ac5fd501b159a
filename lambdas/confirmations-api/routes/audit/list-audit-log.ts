/**
 * `GET /v1/audit-log`: who did what, newest first. A token that is narrowed to a merchant sees what was done to that
 * one.
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { ApiApp } from "../../../../core/api/api-app.ts";
import { invalidParameter } from "../../../../core/api/api-error.ts";
import { pageQuery, readCursor, writeCursor } from "../../../../core/api/cursor.ts";
import { access, principalIn, problems } from "../../../../core/api/operation.ts";
import { merchantResource } from "../../../../core/audit-log/audit-entry.ts";
import type { AuditLog } from "../../../../core/aws/audit-log.ts";

export const auditEntrySchema = z
  .strictObject({
    entryId: z.string().meta({ description: "Sorts by time" }),
    at: z.string(),
    actor: z.strictObject({ subject: z.string(), clientId: z.string() }),
    action: z.string().meta({ description: "`operationId` of what was asked for", example: "pauseMerchant" }),
    resource: z.string().meta({ example: "merchants/acme" }),
    before: z.record(z.string(), z.unknown()).optional(),
    after: z.record(z.string(), z.unknown()).optional(),
    requestId: z.string(),
  })
  .openapi("AuditEntry");

const pageSchema = z
  .strictObject({
    items: z.array(auditEntrySchema),
    nextCursor: z.string().optional().meta({ description: "Left out after the last page" }),
    consistency: z.enum(["strong", "eventual"]).meta({ description: "Of one resource eventual: by a second or so" }),
  })
  .openapi("AuditLogPage");

const instantSchema = z.iso.datetime({ offset: true });

const querySchema = z.strictObject({
  ...pageQuery,
  from: instantSchema
    .optional()
    .openapi({ description: "Included; 30 days before `to` without one", format: "date-time" }),
  to: instantSchema.optional().openapi({ description: "Not included; now without one", format: "date-time" }),
  resource: z
    .string()
    .min(1)
    .max(2048)
    .refine((text) => Buffer.byteLength(text) <= 2048, "expected at most 2048 bytes")
    .optional()
    .openapi({ description: "`merchants/{merchantId}` or `everything`", example: "merchants/acme" }),
  actor: z
    .string()
    .min(1)
    .max(1024)
    .optional()
    .openapi({ description: "Subject or client of the token. Filters each page, which may be short or empty" }),
});

const DEFAULT_SPAN_MS = 30 * 86_400_000;
/** Where a page ended: an entry, or a time. Whoever makes one up gets no further than a refusal. */
const PLACE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z(?:#[0-9a-f]{1,64})?$/;
const timeSchema = z.string().refine((text) => PLACE.test(text) && !Number.isNaN(Date.parse(text.slice(0, 24))));
const placeSchema = z.strictObject({ to: timeSchema, before: timeSchema });

const route = createRoute({
  ...access("listAuditLog"),
  method: "get",
  path: "/audit-log",
  tags: ["Audit"],
  summary: "Read the audit log",
  description: "Newest first. A page may have fewer than `limit`, and the last one has no cursor.",
  request: { query: querySchema },
  responses: {
    ...problems("listAuditLog"),
    200: { description: "A page", content: { "application/json": { schema: pageSchema } } },
  },
});

export interface AuditLogParts {
  readonly auditLog: Pick<AuditLog, "page">;
  readonly nowMs: () => number;
}

export function listAuditLog(app: ApiApp, { auditLog, nowMs }: AuditLogParts): void {
  app.openapi(route, async (c) => {
    const principal = principalIn(c);
    const { limit, cursor, ...query } = c.req.valid("query");
    const own = principal.merchantId === undefined ? undefined : merchantResource(principal.merchantId);
    const at = readCursor(cursor, principal, query, placeSchema);
    // Fixed with the first page, so that what is noted meanwhile moves nothing.
    const to = at?.to ?? timeOf("to", query.to, nowMs());
    const from = timeOf("from", query.from, Date.parse(to) - DEFAULT_SPAN_MS);
    if (own !== undefined && query.resource !== undefined && query.resource !== own)
      return c.json({ items: [], consistency: "eventual" } as const, 200);
    const resource = own ?? query.resource;
    const { entries, next } = await auditLog.page({ from, to, resource, actor: query.actor }, limit, at?.before);
    return c.json(
      {
        items: [...entries],
        ...(next !== undefined && { nextCursor: writeCursor(principal, query, { to, before: next }) }),
        consistency: resource === undefined ? ("strong" as const) : ("eventual" as const),
      },
      200,
    );
  });
}

/** In the form that entries sort by. @throws ApiError for a year that does not fit it */
function timeOf(name: string, given: string | undefined, otherwise: number): string {
  const at = given === undefined ? otherwise : Date.parse(given);
  const text = Number.isNaN(at) || Math.abs(at) > 8.64e15 ? "" : new Date(at).toISOString();
  if (/^\d{4}-/.test(text)) return text;
  throw invalidParameter(name, "expected a time between the years 0 and 9999");
}
