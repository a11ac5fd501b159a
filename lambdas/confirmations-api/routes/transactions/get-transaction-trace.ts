/**
 * `GET /v1/transactions/{transactionId}/trace`: its path, hop by hop, as X-Ray has it. A token of one merchant is shown
 * the hops of that merchant alone, as one trace may be a producer's for many.
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { ApiApp } from "../../../../core/api/api-app.ts";
import { ApiError, notFound } from "../../../../core/api/api-error.ts";
import { access, principalIn, problems, requireAccess } from "../../../../core/api/operation.ts";
import { transactionIdSchema } from "../../../../core/intake/submission.ts";
import { rowTrace } from "../../../../core/telemetry/row-trace.ts";
import { type AttributeMap, stringOf } from "../../../../core/transaction/attribute-value.ts";
import { hopsOf } from "../../queries/trace-hops.ts";
import { tracesOfTransaction, type TracesParts } from "../../queries/transaction-traces.ts";

/** Of one answer; a transaction that waits for its merchant again and again has thousands. */
const MAX_HOPS = 1000;

const hopSchema = z
  .strictObject({
    id: z.string(),
    parentId: z.string().optional().meta({ description: "The hop or step before; it may have sent nothing itself" }),
    name: z.string().meta({ description: "The program, or what it did", example: "confirmation-worker" }),
    beganAt: z.iso.datetime(),
    durationMs: z.number(),
    isOpen: z.literal(true).optional().meta({ description: "Its end is not known, or not yet" }),
    operation: z.string().optional().meta({ description: "Of the AWS service that was called" }),
    request: z.strictObject({ method: z.string().optional(), url: z.string().optional() }).optional(),
    status: z.int().optional().meta({ description: "HTTP status that came back" }),
    annotations: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
      .optional()
      .meta({ description: "`transaction`, `merchant`, `attempt`, `outcome`" }),
    flags: z.array(z.enum(["error", "throttle", "fault"])).optional(),
  })
  .openapi("TraceHop");

export const traceSchema = z
  .strictObject({
    transactionId: z.string(),
    traces: z.array(
      z.strictObject({
        traceId: z.string().meta({ description: "Of AWS X-Ray" }),
        isComplete: z.boolean().meta({ description: "Whether all that X-Ray has of it is here" }),
        hops: z.array(hopSchema).meta({ description: "In the order of time; each names the one before it" }),
      }),
    ),
    explanation: z.string().optional().meta({ description: "Why there is none" }),
    consistency: z.literal("eventual").meta({ description: "X-Ray has a hop some seconds after it ended" }),
  })
  .openapi("TransactionTrace");

const route = createRoute({
  ...access("getTransactionTrace"),
  method: "get",
  path: "/transactions/{transactionId}/trace",
  tags: ["Transactions"],
  summary: "Follow a transaction hop by hop",
  description: "From whoever wrote it to its merchant's response, where it was sampled and is no older than 30 days.",
  request: { params: z.object({ transactionId: transactionIdSchema }) },
  responses: {
    ...problems("getTransactionTrace", [404]),
    200: {
      description: "Its traces, usually one",
      content: { "application/json": { schema: traceSchema } },
    },
  },
});

export interface TraceRouteParts extends TracesParts {
  readonly read: (transactionId: string) => Promise<AttributeMap | undefined>;
}

export function getTransactionTrace(app: ApiApp, { read, xray, nowMs }: TraceRouteParts): void {
  app.openapi(route, async (c) => {
    const { transactionId } = c.req.valid("param");
    const row = await read(transactionId);
    if (row === undefined) throw notFound("transaction");
    const principal = principalIn(c);
    requireAccess(principal, "getTransactionTrace", { merchantId: stringOf(row["merchantId"]) ?? "" }, "transaction");
    const found = await tracesOfTransaction(row, { xray, nowMs }).catch((cause: unknown) => {
      throw new ApiError("API_UNAVAILABLE", "X-Ray did not answer; send the request again.", {
        headers: { "retry-after": "1" },
        cause,
      });
    });
    const traces = found.flatMap(({ traceId, documents, isCut }) => {
      const hops = hopsOf(documents, principal.merchantId);
      const isComplete = !isCut && hops.length <= MAX_HOPS;
      return hops.length === 0 ? [] : [{ traceId, isComplete, hops: hops.slice(0, MAX_HOPS).map(mutable) }];
    });
    return c.json(
      {
        transactionId,
        traces,
        ...(traces.length === 0 && { explanation: whyNone(row) }),
        consistency: "eventual" as const,
      },
      200,
    );
  });
}

function mutable({ flags, ...hop }: ReturnType<typeof hopsOf>[number]) {
  return { ...hop, ...(flags !== undefined && { flags: [...flags] }) };
}

function whyNone(row: AttributeMap): string {
  if (rowTrace(row)?.isSampled === false) return "Whoever submitted it decided not to have it traced.";
  return (
    "It was not sampled, its trace is too old to be kept, or X-Ray does not have it yet. " +
    "The setting tracing.share says which share is sampled."
  );
}
