/**
 * `GET /v1/merchants/{merchantId}/cutover`: what this pipeline and the old system confirmed of a merchant's, counted
 * over a page of its transactions by time. Counts of pages add up. From the index of merchants, never from that of what
 * is due.
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { ApiApp } from "../../../../core/api/api-app.ts";
import { invalidParameter } from "../../../../core/api/api-error.ts";
import { pageQuery, readCursor, writeCursor } from "../../../../core/api/cursor.ts";
import { existingMerchant, type RegistryParts } from "../../../../core/api/existing-merchant.ts";
import { merchantParam } from "../../../../core/api/merchant-param.ts";
import { access, principalIn, problems } from "../../../../core/api/operation.ts";
import {
  listMerchantTransactions,
  type ListParts,
  type TransactionPlace,
} from "../../../../core/aws/merchant-transactions.ts";
import type { UnknownOne, UnknownOnes } from "../../../../core/aws/unknown-elsewhere.ts";
import { type Buckets, EXAMPLES, type Tally, TALLIED, tallyOf } from "../../../../core/cut-over/tally.ts";
import { switchesOf } from "../../../../core/merchant/modes.ts";
import { INSTANT_FORM, isInstant } from "../../../../core/transaction/instant.ts";
import { versionOf } from "../../../../core/transaction/transaction.ts";
import { placeSchema } from "../transactions/place-schema.ts";
import { modesMembers, modesView } from "./modes-view.ts";

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 7;
const MAX_DAYS = 92;
/** Reads of rows in one request, 100 each. */
const READS_A_PAGE = 5;
const ROWS_A_READ = 100;
const MOST_UNKNOWN_SHOWN = 5;

const instantQuery = z.string().refine(isInstant, `expected ${INSTANT_FORM}`);
const querySchema = z.strictObject({
  from: instantQuery.optional().openapi({
    format: "date-time",
    description: `Of \`occurredAt\`, included. ${DEFAULT_DAYS} days before \`to\` unless given, at most ${MAX_DAYS}`,
  }),
  to: instantQuery.optional().openapi({
    format: "date-time",
    description: "Of `occurredAt`, not included. A day from now unless given",
  }),
  cursor: pageQuery.cursor,
});

const count = z.int().min(0);
const SAYS = {
  transactions: "That were looked at, each with the version that it has",
  confirmedByPipeline: "Delivered from here",
  confirmedByOldSystem: "As the old system has said so far",
  both: "Confirmed twice",
  neither: "Given up here, or left to the old system, which has said nothing so far",
  underway: "On their way from here",
  oldSystemAlone: "Of the old system's, those that would not have been sent from here, or were given up",
  pipelineAlone: "That would have been sent from here, and of which the old system has said nothing so far",
  againstTheRule: "Said to be confirmed by the old system, though by the switches they are this pipeline's",
} as const satisfies Readonly<Record<(typeof TALLIED)[number], string>>;

const buckets = z
  .array(z.strictObject({ ms: z.number().min(0), count }))
  .meta({ description: "Milliseconds, rounded, and how many took as long" });

const cutoverSchema = z
  .strictObject({
    merchantId: z.string(),
    ...modesMembers,
    counts: z.strictObject(
      Object.fromEntries(TALLIED.map((name) => [name, count.meta({ description: SAYS[name] })])) as Record<
        (typeof TALLIED)[number],
        typeof count
      >,
    ),
    latencies: z.strictObject({ pipeline: buckets, oldSystem: buckets }).meta({
      description:
        "From `occurredAt` until it was delivered from here or left to the old system, and until that one confirmed it",
    }),
    examples: z.strictObject(
      Object.fromEntries(EXAMPLES.map((name) => [name, z.array(z.string())])) as Record<
        (typeof EXAMPLES)[number],
        z.ZodArray<z.ZodString>
      >,
    ),
    unknownHere: z
      .strictObject({ count, isMore: z.boolean(), examples: z.array(z.string()) })
      .optional()
      .meta({ description: "What the old system's log has and the table has not; with the first page alone" }),
    nextCursor: z.string().optional().meta({ description: "There are more: the counts of all pages add up" }),
    consistency: z.literal("eventual"),
  })
  .openapi("MerchantCutover");

const route = createRoute({
  ...access("getCutover"),
  method: "get",
  path: "/merchants/{merchantId}/cutover",
  tags: ["Cut-over"],
  summary: "Compare what both systems confirmed",
  description:
    "By the merchant's rows, and by what the old system said that it confirmed. Each request counts some hundred " +
    "transactions; `npx confirmations cutover status` adds up.",
  request: { params: merchantParam, query: querySchema },
  responses: {
    ...problems("getCutover", [404]),
    200: { description: "Counts of a page", content: { "application/json": { schema: cutoverSchema } } },
  },
});

export interface CutoverParts extends RegistryParts, ListParts {
  readonly unknownOf: (merchantId: string) => Promise<UnknownOnes>;
  readonly nowMs: () => number;
}

const sealedSchema = z
  .strictObject({ fromMs: z.int(), toMs: z.int(), place: placeSchema })
  .refine(({ fromMs, toMs }) => fromMs < toMs && toMs - fromMs <= MAX_DAYS * DAY_MS)
  .refine(({ fromMs, toMs }) => isDate(fromMs) && isDate(toMs));

export function getCutover(app: ApiApp, parts: CutoverParts): void {
  app.openapi(route, async (c) => {
    const principal = principalIn(c);
    const { merchantId } = c.req.valid("param");
    const { from, to, cursor } = c.req.valid("query");
    const row = await existingMerchant(parts, merchantId);
    const switches = switchesOf(row["switches"]);
    const filters = { merchantId, from, to };
    const place = readCursor(cursor, principal, filters, sealedSchema);
    const { fromMs, toMs } = place ?? timesOf(from, to, parts.nowMs());
    const page = await pageOf({ merchantId, fromMs, toMs }, place?.place, parts);
    const unknownHere = place === undefined ? await unknownIn(merchantId, parts) : undefined;
    const sealed = page.next && { fromMs, toMs, place: page.next };
    return c.json(
      {
        merchantId,
        ...modesView(switches, parts.nowMs()),
        ...shown(tallyOf(page.rows, switches)),
        ...(unknownHere !== undefined && { unknownHere }),
        ...(sealed !== undefined && { nextCursor: writeCursor(principal, filters, sealed) }),
        consistency: "eventual" as const,
      },
      200,
    );
  });
}

function shown({ counts, latencies, examples }: Tally) {
  return {
    counts: { ...counts },
    latencies: { pipeline: listed(latencies.pipeline), oldSystem: listed(latencies.oldSystem) },
    examples: {
      both: [...examples.both],
      neither: [...examples.neither],
      oldSystemAlone: [...examples.oldSystemAlone],
      pipelineAlone: [...examples.pipelineAlone],
      againstTheRule: [...examples.againstTheRule],
    },
  };
}

function listed(all: Buckets) {
  return all.map(([ms, many]) => ({ ms, count: many }));
}

async function pageOf(
  filter: { readonly merchantId: string; readonly fromMs: number; readonly toMs: number },
  from: TransactionPlace | undefined,
  parts: ListParts,
) {
  const first = await listMerchantTransactions(filter, ROWS_A_READ, from, parts);
  const rows = [...first.rows];
  let { next } = first;
  for (let reads = 1; next !== undefined && reads < READS_A_PAGE; reads += 1) {
    const page = await listMerchantTransactions(filter, ROWS_A_READ, next, parts);
    rows.push(...page.rows);
    ({ next } = page);
  }
  return { rows, next };
}

/** What has come since is not unknown any more. */
async function unknownIn(merchantId: string, { unknownOf, table }: CutoverParts) {
  const { ones, isMore } = await unknownOf(merchantId);
  const still: UnknownOne[] = [];
  for (let from = 0; from < ones.length; from += ROWS_A_READ) {
    const some = ones.slice(from, from + ROWS_A_READ);
    const rows = await table.read([...new Set(some.map(({ transactionId }) => transactionId))]);
    for (const one of some) {
      const row = rows.get(one.transactionId);
      if (row === undefined || (versionOf(row) ?? 0) < one.version) still.push(one);
    }
  }
  const examples = still.slice(0, MOST_UNKNOWN_SHOWN).map(({ transactionId }) => transactionId);
  return { count: still.length, isMore, examples };
}

function timesOf(from: string | undefined, to: string | undefined, nowMs: number) {
  const toMs = to === undefined ? nowMs + DAY_MS : Date.parse(to);
  const fromMs = from === undefined ? toMs - DEFAULT_DAYS * DAY_MS : Date.parse(from);
  if (fromMs >= toMs) throw invalidParameter("from", "got a time that is not before `to`");
  if (toMs - fromMs > MAX_DAYS * DAY_MS)
    throw invalidParameter("from", `got more than ${MAX_DAYS} days; ask for less at once`);
  return { fromMs, toMs };
}

function isDate(ms: number): boolean {
  return !Number.isNaN(new Date(ms).getTime());
}
