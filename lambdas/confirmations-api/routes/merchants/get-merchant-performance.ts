/**
 * `GET /v1/merchants/{merchantId}/performance`: how calls of a merchant went, hour by hour, from the attempts that its
 * transactions keep. Nothing is counted while delivering for it; a bounded number of reads, from the index of merchants
 * and never from that of what is due.
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { ApiApp } from "../../../../core/api/api-app.ts";
import { existingMerchant, type RegistryParts } from "../../../../core/api/existing-merchant.ts";
import { merchantParam } from "../../../../core/api/merchant-param.ts";
import { access, problems } from "../../../../core/api/operation.ts";
import { transactionsOfHours } from "../../../../core/aws/merchant-performance.ts";
import { SAMPLED_A_SLICE, SLICE_MINUTES } from "../../../../core/aws/merchant-sample.ts";
import type { ListParts } from "../../../../core/aws/merchant-transactions.ts";
import { fullHour, HOUR_MS, hoursOfCalls } from "../../../../core/merchant/performance.ts";
import { rowStateOf } from "../../../../core/transaction/row/row-state.ts";

const MOST_HOURS = 48;
const DEFAULT_HOURS = 24;
const HOURS = /^(?:[1-9]|[1-3]\d|4[0-8])$/;

const count = z.int().min(0);
const ms = z.number().min(0);

const hourSchema = z.strictObject({
  from: z.iso.datetime(),
  attempts: count,
  succeeded: count.meta({ description: "Delivered, accepted with 202, or sent by a channel" }),
  failures: z
    .array(z.strictObject({ outcome: z.string(), attempts: count }))
    .meta({ description: "By class, as in docs/using/webhook.md; the one with most attempts first" }),
  latency: z
    .strictObject({ p50Ms: ms, p95Ms: ms, maxMs: ms })
    .optional()
    .meta({ description: "Of the attempts that succeeded" }),
});

const performanceSchema = z
  .strictObject({
    merchantId: z.string(),
    from: z.iso.datetime().meta({ description: "A full hour" }),
    to: z.iso.datetime(),
    basis: z.enum(["all", "sample"]).meta({
      description:
        "Whether all transactions were looked at that occurred in these hours, or, where there are many, " +
        `${SAMPLED_A_SLICE} of each ${SLICE_MINUTES} minutes, by \`occurredAt\` as it is written, in whatever zone`,
    }),
    transactions: count.meta({ description: "That were looked at" }),
    hours: z.array(hourSchema).meta({ description: "Oldest first, by when attempts began; the last one is not over" }),
    consistency: z.literal("eventual"),
  })
  .openapi("MerchantPerformance");

const route = createRoute({
  ...access("getMerchantPerformance"),
  method: "get",
  path: "/merchants/{merchantId}/performance",
  tags: ["Merchants"],
  summary: "See how calls of a merchant went over time",
  description:
    "Success and latency of attempts, hour by hour. Of transactions that occurred in these hours, the newest ten " +
    "attempts of each; those of a version that was replaced are gone.",
  request: {
    params: merchantParam,
    query: z.strictObject({
      hours: z
        .string()
        .regex(HOURS, `expected a whole number from 1 to ${MOST_HOURS}`)
        .transform(Number)
        .default(DEFAULT_HOURS)
        .openapi({
          type: "integer",
          minimum: 1,
          maximum: MOST_HOURS,
          default: DEFAULT_HOURS,
          description: "The one that is not over among them",
        }),
    }),
  },
  responses: {
    ...problems("getMerchantPerformance", [404]),
    200: { description: "Hour by hour", content: { "application/json": { schema: performanceSchema } } },
  },
});

export interface PerformanceParts extends RegistryParts, ListParts {
  readonly nowMs: () => number;
}

export function getMerchantPerformance(app: ApiApp, parts: PerformanceParts): void {
  app.openapi(route, async (c) => {
    const { merchantId } = c.req.valid("param");
    const { hours } = c.req.valid("query");
    await existingMerchant(parts, merchantId);
    const now = parts.nowMs();
    const from = fullHour(now) - (hours - 1) * HOUR_MS;
    const { rows, isWhole } = await transactionsOfHours(merchantId, from, now, parts);
    const attempts = rows.flatMap((row) => rowStateOf(row).attempts);
    return c.json(
      {
        merchantId,
        from: new Date(from).toISOString(),
        to: new Date(now).toISOString(),
        basis: isWhole ? ("all" as const) : ("sample" as const),
        transactions: rows.length,
        hours: hoursOfCalls(attempts, from, hours).map(({ from: at, latency, failures, ...counts }) => ({
          from: new Date(at).toISOString(),
          ...counts,
          failures: [...failures],
          ...(latency !== undefined && { latency }),
        })),
        consistency: "eventual" as const,
      },
      200,
    );
  });
}
