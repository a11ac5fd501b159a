/**
 * `GET /v1/failures` and `GET /v1/failures/counts`: what failed of a merchant, and how many by reason and fault. Both
 * go through the failed index with the same filter, so that the counts are of what the list has. A count reads a
 * bounded number of entries and goes on with a cursor: however many there are, all are counted.
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { OperationId } from "../../../../core/access/operations.ts";
import type { Principal } from "../../../../core/access/principal.ts";
import { authorize } from "../../../../core/access/authorize.ts";
import type { ApiApp } from "../../../../core/api/api-app.ts";
import { invalidParameter } from "../../../../core/api/api-error.ts";
import { pageQuery, readCursor, writeCursor } from "../../../../core/api/cursor.ts";
import { access, principalIn, problems } from "../../../../core/api/operation.ts";
import {
  countMerchantFailures,
  type FailedEntry,
  type FailureFilter,
  faultOf,
  listMerchantFailures,
} from "../../../../core/aws/merchant-failures.ts";
import type { ListParts } from "../../../../core/aws/merchant-transactions.ts";
import { stringOf } from "../../../../core/transaction/attribute-value.ts";
import { shardsSchema } from "../transactions/place-schema.ts";
import { summaryOf } from "../transactions/transaction-view.ts";
import { failureCountsSchema, failureFilterShape, failurePageSchema } from "./failure-schema.ts";

const listQuery = z.strictObject({ ...failureFilterShape, ...pageQuery });
const countQuery = z.strictObject({ ...failureFilterShape, cursor: pageQuery.cursor });
type Given = z.infer<typeof countQuery>;

const listRoute = createRoute({
  ...access("listFailures"),
  method: "get",
  path: "/failures",
  tags: ["Transactions"],
  summary: "List what failed of a merchant",
  description: "By reason, and within a reason the newest first, whenever it occurred.",
  request: { query: listQuery },
  responses: {
    ...problems("listFailures"),
    200: { description: "A page", content: { "application/json": { schema: failurePageSchema } } },
  },
});

const countRoute = createRoute({
  ...access("countFailures"),
  method: "get",
  path: "/failures/counts",
  tags: ["Transactions"],
  summary: "Count what failed of a merchant, by reason and fault",
  description:
    "Of what `GET /v1/failures` lists with the same filter. Each request counts some thousands: where there are " +
    "more, go on with `nextCursor` and add up.",
  request: { query: countQuery },
  responses: {
    ...problems("countFailures"),
    200: { description: "Counts of a page", content: { "application/json": { schema: failureCountsSchema } } },
  },
});

export interface FailuresParts extends ListParts {
  readonly nowMs: () => number;
}

/** Years from 0 to 9999, as keys sort by time as a text. */
const FIRST_MS = 0;
const AFTER_MS = Date.UTC(10_000, 0);

const sealedSchema = z.strictObject({
  toMs: z.int().min(FIRST_MS).max(AFTER_MS),
  reason: z.int().min(0).optional(),
  isByReason: z.literal(true).optional(),
  shards: shardsSchema,
});

export function getFailures(app: ApiApp, parts: FailuresParts): void {
  app.openapi(listRoute, async (c) => {
    const principal = principalIn(c);
    const { limit, cursor, ...given } = c.req.valid("query");
    const merchantId = merchantOf(given, principal);
    if (isForeign(principal, "listFailures", merchantId))
      return c.json({ items: [], consistency: "eventual" as const }, 200);
    const bound = { list: "failures", ...given, merchantId };
    const place = readCursor(cursor, principal, bound, sealedSchema);
    const filter = filterOf(given, merchantId, place?.toMs ?? parts.nowMs());
    const { entries, next } = await listMerchantFailures(filter, limit, place, parts);
    return c.json(
      {
        items: entries.map((entry) => itemOf(entry, merchantId)),
        ...(next !== undefined && {
          nextCursor: writeCursor(principal, bound, { toMs: filter.toMs, ...next }),
        }),
        consistency: "eventual" as const,
      },
      200,
    );
  });
  app.openapi(countRoute, async (c) => {
    const principal = principalIn(c);
    const { cursor, ...given } = c.req.valid("query");
    const merchantId = merchantOf(given, principal);
    const bound = { list: "counts of failures", ...given, merchantId };
    const place = readCursor(cursor, principal, bound, sealedSchema);
    const filter = filterOf(given, merchantId, place?.toMs ?? parts.nowMs());
    const { counts, next } = isForeign(principal, "countFailures", merchantId)
      ? { counts: new Map<string, number>(), next: undefined }
      : await countMerchantFailures(filter, place, parts);
    const items = [...counts]
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([reason, count]) => ({ reason, fault: faultOf(reason), count }));
    return c.json(
      {
        items,
        total: items.reduce((sum, { count }) => sum + count, 0),
        isComplete: next === undefined,
        ...(next !== undefined && {
          nextCursor: writeCursor(principal, bound, { toMs: filter.toMs, ...next }),
        }),
        consistency: "eventual" as const,
      },
      200,
    );
  });
}

function itemOf({ code, failedAt, row }: FailedEntry, merchantId: string) {
  const failed = {
    transactionId: stringOf(row["transactionId"]) ?? "",
    reason: code,
    fault: faultOf(code),
    failedAt: new Date(failedAt).toISOString(),
  };
  // What it says by now is another merchant's to see.
  if (stringOf(row["merchantId"]) !== merchantId) return failed;
  const { version, outcome, amount, currency, occurredAt, attemptCount, failure } = summaryOf(row);
  return {
    ...failed,
    ...(failure !== undefined && { says: failure.reason }),
    ...(version !== undefined && { version }),
    ...(outcome !== undefined && { outcome }),
    ...(amount !== undefined && { amount }),
    ...(currency !== undefined && { currency }),
    ...(occurredAt !== undefined && { occurredAt }),
    attemptCount,
  };
}

function merchantOf({ merchantId }: Given, principal: Principal): string {
  const whose = merchantId ?? principal.merchantId;
  if (whose === undefined) throw invalidParameter("merchantId", "expected the id of a merchant");
  return whose;
}

/** As with one that nobody registered. */
function isForeign(principal: Principal, operation: OperationId, merchantId: string): boolean {
  return authorize(principal, operation, { merchantId }).kind === "foreign";
}

/** @param untilMs without a given end, of all pages */
function filterOf({ reason, fault, from, to }: Given, merchantId: string, untilMs: number): FailureFilter {
  const fromMs = from === undefined ? FIRST_MS : Math.max(Date.parse(from), FIRST_MS);
  const toMs = to === undefined ? untilMs : Math.min(Date.parse(to), AFTER_MS);
  if (from !== undefined && fromMs >= toMs) throw invalidParameter("from", "got a time that is not before `to`");
  const isOfATime = from !== undefined || to !== undefined;
  return { merchantId, reason, fault, fromMs, toMs: Math.max(toMs, fromMs + 1), isOfATime };
}
