/** `GET /v1/restores`, `…/{jobId}` and `…/{jobId}/undecided`: which there are, how far each is, and what it leaves. */
import { createRoute, z } from "@hono/zod-openapi";
import type { ApiApp } from "../../../../core/api/api-app.ts";
import { pageQuery, readCursor, writeCursor } from "../../../../core/api/cursor.ts";
import { access, principalIn, problems } from "../../../../core/api/operation.ts";
import type { Job } from "../../../../core/jobs/job.ts";
import { type AttributeMap, stringOf } from "../../../../core/transaction/attribute-value.ts";
import { isUndecided, restoredByOf } from "../../../../core/transaction/row/restored-by.ts";
import { versionOf } from "../../../../core/transaction/transaction.ts";
import { jobPlaceSchema } from "../job-place.ts";
import { existingRestore, type RestoreParts, shownRestore } from "./restore-parts.ts";
import {
  restorePageSchema,
  restoreParam,
  restoreSchema,
  type UNDECIDED_STATES,
  undecidedPageSchema,
} from "./restore-schema.ts";
import { restoreView } from "./restore-view.ts";

const querySchema = z.strictObject(pageQuery);
const undecidedPlaceSchema = z.strictObject({ after: z.string().min(1) });
const TEXTS = ["merchantId", "outcome", "amount", "currency"] as const;

const listRoute = createRoute({
  ...access("listRestores"),
  method: "get",
  path: "/restores",
  tags: ["Operations"],
  summary: "List restores",
  description: "And decisions about what they left, newest first, kept for 90 days.",
  request: { query: querySchema },
  responses: {
    ...problems("listRestores"),
    200: { description: "A page", content: { "application/json": { schema: restorePageSchema } } },
  },
});

const getRoute = createRoute({
  ...access("getRestore"),
  method: "get",
  path: "/restores/{jobId}",
  tags: ["Operations"],
  summary: "See how far a restore is",
  description: "Read consistently, for 90 days.",
  request: { params: restoreParam },
  responses: {
    ...problems("getRestore", [404]),
    200: { description: "The restore", content: { "application/json": { schema: restoreSchema } } },
  },
});

const undecidedRoute = createRoute({
  ...access("listUndecided"),
  method: "get",
  path: "/restores/{jobId}/undecided",
  tags: ["Operations"],
  summary: "List transactions that a restore knows nothing of",
  description: "Perhaps confirmed in a time that no source has: nobody calls them before a person decides.",
  request: { params: restoreParam, query: querySchema },
  responses: {
    ...problems("listUndecided", [404]),
    200: { description: "A page", content: { "application/json": { schema: undecidedPageSchema } } },
  },
});

export function getRestores(app: ApiApp, parts: RestoreParts): void {
  app.openapi(listRoute, async (c) => {
    const principal = principalIn(c);
    const { limit, cursor, ...query } = c.req.valid("query");
    const { jobs, next } = await parts.listRestores(limit, readCursor(cursor, principal, query, jobPlaceSchema));
    return c.json(
      {
        items: jobs.map((job) => restoreView(job, job.totals ?? job.counted?.totals ?? {}, undefined)),
        ...(next !== undefined && { nextCursor: writeCursor(principal, query, next) }),
        consistency: "eventual" as const,
      },
      200,
    );
  });
  app.openapi(getRoute, async (c) => {
    const job = await existingRestore(parts, c.req.valid("param").jobId);
    return c.json(await shownRestore(job, parts), 200);
  });
  app.openapi(undecidedRoute, async (c) => {
    const principal = principalIn(c);
    const job = await existingRestore(parts, c.req.valid("param").jobId);
    const { limit, cursor } = c.req.valid("query");
    const query = { jobId: job.jobId };
    const place = readCursor(cursor, principal, query, undecidedPlaceSchema);
    const { transactionIds, next } = await parts.evidence.listUnknown(job.jobId, limit, place?.after);
    const rows = transactionIds.length === 0 ? new Map<string, AttributeMap>() : await parts.readRows(transactionIds);
    return c.json(
      {
        items: transactionIds.map((transactionId) => itemOf(transactionId, rows.get(transactionId), job)),
        ...(next !== undefined && { nextCursor: writeCursor(principal, query, { after: next }) }),
        consistency: "eventual" as const,
      },
      200,
    );
  });
}

function itemOf(transactionId: string, row: AttributeMap = {}, job: Job) {
  const version = versionOf(row);
  const texts = TEXTS.flatMap((name) => {
    const value = stringOf(row[name]);
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    transactionId,
    ...(version !== undefined && { version }),
    ...(Object.fromEntries(texts) as Partial<Record<(typeof TEXTS)[number], string>>),
    state: stateFor(row, job),
  };
}

function stateFor(row: AttributeMap, { jobId, startedAt }: Job): (typeof UNDECIDED_STATES)[number] {
  if (isUndecided(row) && restoredByOf(row)?.jobId === jobId) return "undecided";
  return startedAt === undefined ? "planned" : "decided";
}
