/**
 * `GET /v1/transactions`: a merchant's transactions by time; those that failed by reason. From indexes that follow the
 * table, so an answer may be a moment old; the rows themselves are read as they are.
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { ApiApp } from "../../../../core/api/api-app.ts";
import { invalidParameter } from "../../../../core/api/api-error.ts";
import { pageQuery, readCursor, writeCursor } from "../../../../core/api/cursor.ts";
import { access, principalIn, problems } from "../../../../core/api/operation.ts";
import { authorize } from "../../../../core/access/authorize.ts";
import { listMerchantTransactions, type ListParts } from "../../../../core/aws/merchant-transactions.ts";
import { merchantIdSchema } from "../../../../core/intake/submission.ts";
import { FAILURE_FAULTS, type FailureCode } from "../../../../core/transaction/failure-faults.ts";
import { INSTANT_FORM, isInstant } from "../../../../core/transaction/instant.ts";
import { STATES } from "../../../../core/transaction/row/row-state.ts";
import { placeSchema } from "./place-schema.ts";
import { summarySchema } from "./transaction-schema.ts";
import { summaryOf } from "./transaction-view.ts";

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 7;
const MAX_DAYS = 92;
const REASONS = Object.keys(FAILURE_FAULTS) as [FailureCode, ...FailureCode[]];

const instantQuery = z.string().refine(isInstant, `expected ${INSTANT_FORM}`);

const querySchema = z.strictObject({
  merchantId: merchantIdSchema.optional().openapi({
    description: "Whose; a token that is narrowed to a merchant may leave it out",
    example: "acme",
  }),
  from: instantQuery.optional().openapi({
    format: "date-time",
    description: `Of \`occurredAt\`, included. ${DEFAULT_DAYS} days before \`to\` unless given, at most ${MAX_DAYS}`,
  }),
  to: instantQuery.optional().openapi({
    format: "date-time",
    description: "Of `occurredAt`, not included. A day from now unless given",
  }),
  state: z.enum(STATES).optional().openapi({
    description: "`FAILED` comes from an index of its own; for others the pages of all are gone through, and are short",
  }),
  reason: z.enum(REASONS).optional().openapi({ description: "Why it failed; goes with `state=FAILED`" }),
  ...pageQuery,
});

const pageSchema = z
  .strictObject({
    items: z.array(summarySchema),
    nextCursor: z.string().optional().meta({
      description: "There may be more; a page may be short, or empty, and go on",
    }),
    consistency: z.literal("eventual").meta({
      description: "From an index that follows its table, usually within a second",
    }),
  })
  .openapi("TransactionPage");

const route = createRoute({
  ...access("listTransactions"),
  method: "get",
  path: "/transactions",
  tags: ["Transactions"],
  summary: "List a merchant's transactions",
  description:
    "Newest day first, within a day by `occurredAt`; with `state=FAILED` by reason, and within a reason the newest " +
    "first.",
  request: { query: querySchema },
  responses: {
    ...problems("listTransactions"),
    200: { description: "A page", content: { "application/json": { schema: pageSchema } } },
  },
});

export interface ListTransactionsParts extends ListParts {
  readonly nowMs: () => number;
}

export function listTransactions(app: ApiApp, parts: ListTransactionsParts): void {
  app.openapi(route, async (c) => {
    const principal = principalIn(c);
    const query = c.req.valid("query");
    const merchantId = query.merchantId ?? principal.merchantId;
    if (merchantId === undefined) throw invalidParameter("merchantId", "expected the id of a merchant");
    if (query.reason !== undefined && query.state !== "FAILED")
      throw invalidParameter("reason", "got one without state=FAILED; only what failed has a reason");
    const { fromMs, toMs } = timesOf(query, parts.nowMs());
    const { limit, cursor, state, reason } = query;
    const filters = { merchantId, from: query.from, to: query.to, state, reason };
    // As with one that nobody registered.
    if (authorize(principal, "listTransactions", { merchantId }).kind === "foreign")
      return c.json({ items: [], consistency: "eventual" as const }, 200);
    // Without a given end, the pages of a list are of one time.
    const place = readCursor(cursor, principal, filters, sealedSchema);
    const filter = { merchantId, fromMs: place?.fromMs ?? fromMs, toMs: place?.toMs ?? toMs, state, reason };
    const { rows, next } = await listMerchantTransactions(filter, limit, place?.place, parts);
    const sealed = next && { fromMs: filter.fromMs, toMs: filter.toMs, place: next };
    return c.json(
      {
        items: rows.map(summaryOf),
        ...(sealed !== undefined && { nextCursor: writeCursor(principal, filters, sealed) }),
        consistency: "eventual" as const,
      },
      200,
    );
  });
}

/** The bounds hold for a cursor that somebody made up, too. */
const sealedSchema = z
  .strictObject({ fromMs: z.int(), toMs: z.int(), place: placeSchema })
  .refine(({ fromMs, toMs }) => fromMs < toMs && toMs - fromMs <= MAX_DAYS * DAY_MS)
  .refine(({ fromMs, toMs }) => isDate(fromMs) && isDate(toMs));

function isDate(ms: number): boolean {
  return !Number.isNaN(new Date(ms).getTime());
}

function timesOf(
  { from, to }: { readonly from?: string | undefined; readonly to?: string | undefined },
  nowMs: number,
): { readonly fromMs: number; readonly toMs: number } {
  const toMs = to === undefined ? nowMs + DAY_MS : Date.parse(to);
  const fromMs = from === undefined ? toMs - DEFAULT_DAYS * DAY_MS : Date.parse(from);
  if (fromMs >= toMs) throw invalidParameter("from", "got a time that is not before `to`");
  if (toMs - fromMs > MAX_DAYS * DAY_MS)
    throw invalidParameter("from", `got more than ${MAX_DAYS} days; ask for less at once`);
  return { fromMs, toMs };
}
