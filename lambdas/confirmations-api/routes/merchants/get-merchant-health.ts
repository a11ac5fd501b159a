/**
 * `GET /v1/merchants/{merchantId}/health`: whether its confirmations get through, and if not why; what waits for it and
 * since when, and what failed last. A bounded number of reads, from partitions of its own.
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { ApiApp } from "../../../../core/api/api-app.ts";
import { access, problems } from "../../../../core/api/operation.ts";
import type { MerchantHealthActs } from "../../../../core/aws/merchant-health-acts.ts";
import type { MerchantWaits } from "../../../../core/aws/merchant-waits.ts";
import { contentOf } from "../../../../core/merchant/merchant-content.ts";
import { circuitAt, EVERYONE } from "../../../../core/merchant/merchant-health.ts";
import type { AttributeMap } from "../../../../core/transaction/attribute-value.ts";
import { instantOf } from "../transactions/transaction-view.ts";
import { existingMerchant, type RegistryParts } from "../../../../core/api/existing-merchant.ts";
import { ownershipOf, ownershipSchema } from "./ownership/ownership-view.ts";
import { lastFailures, waitsSince } from "./last-failures.ts";
import { merchantParam } from "../../../../core/api/merchant-param.ts";

const instant = z.iso.datetime();

const failureSchema = z
  .strictObject({
    outcome: z.string().meta({ description: "Class of the failed attempts, as in docs/using/webhook.md" }),
    attempts: z.int(),
    lastAt: instant,
    lastStatus: z.int().optional(),
    lastError: z.string().optional(),
  })
  .openapi("LastFailures");

export const healthSchema = z
  .strictObject({
    merchantId: z.string(),
    gate: z
      .enum(["open", "paused", "everything paused", "circuit open", "circuit half open"])
      .meta({ description: "Whether anything gets through to it at all" }),
    pausedAt: instant.optional(),
    everythingPausedAt: instant.optional(),
    circuit: z.strictObject({
      state: z.enum(["closed", "open", "half open"]),
      openUntil: instant.optional(),
      trips: z.int().meta({ description: "How often in a row it opened" }),
    }),
    disabledUrls: z.array(z.string()),
    ownership: ownershipSchema,
    limits: z.strictObject({
      maxConcurrency: z.int().optional(),
      rateLimitPerSecond: z.int().optional(),
      turnedAwayAt: instant.optional().meta({ description: "When something last found no room or no call left" }),
      requeuedPerSecond: z.number().optional().meta({ description: "How fast what waited goes on, where it does" }),
    }),
    waiting: z.strictObject({
      transactions: z.int(),
      isWhole: z.boolean().meta({ description: "False where there are more than were counted" }),
      since: instant.optional().meta({ description: "When the first of those looked at was written" }),
      notedAt: instant.optional().meta({ description: "When one last had to wait" }),
      firstGivenUpAt: instant.optional(),
    }),
    lastFailures: z
      .array(failureSchema)
      .meta({ description: "Of the newest failed transactions and of the first of those that wait" }),
    consistency: z.literal("eventual").meta({ description: "What waits and what failed, by a second or so" }),
  })
  .openapi("MerchantHealth");

const route = createRoute({
  ...access("getMerchantHealth"),
  method: "get",
  path: "/merchants/{merchantId}/health",
  tags: ["Merchants"],
  summary: "See how a merchant fares",
  description: "Whether its confirmations get through, and if not why; what waits for it, and what failed last.",
  request: { params: merchantParam },
  responses: {
    ...problems("getMerchantHealth", [404]),
    200: { description: "How it fares", content: { "application/json": { schema: healthSchema } } },
  },
});

export interface HealthParts extends RegistryParts {
  readonly healthActs: Pick<MerchantHealthActs, "read">;
  readonly waits: (merchantId: string) => Promise<MerchantWaits>;
  readonly failed: (merchantId: string) => Promise<readonly AttributeMap[]>;
  readonly nowMs: () => number;
}

export function getMerchantHealth(app: ApiApp, parts: HealthParts): void {
  app.openapi(route, async (c) => {
    const { merchantId } = c.req.valid("param");
    const row = await existingMerchant(parts, merchantId);
    const [health, everyone, waits, failed] = await Promise.all([
      parts.healthActs.read(merchantId),
      parts.healthActs.read(EVERYONE),
      parts.waits(merchantId),
      parts.failed(merchantId),
    ]);
    const state = circuitAt(health, parts.nowMs(), Number.POSITIVE_INFINITY);
    const { maxConcurrency, rateLimitPerSecond } = contentOf(row);
    const circuit = { state, openUntil: instantOf(health.circuitOpenUntil), trips: health.circuitTrips };
    const limits = {
      maxConcurrency,
      rateLimitPerSecond,
      turnedAwayAt: instantOf(health.turnedAwayAt || undefined),
      requeuedPerSecond: health.releaseRate,
    };
    const waiting = {
      transactions: waits.transactions,
      isWhole: waits.isWhole,
      since: instantOf(waitsSince(waits.rows)),
      notedAt: instantOf(health.waitingAt || undefined),
      firstGivenUpAt: instantOf(waits.firstGivenUpAt),
    };
    const gate =
      everyone.pausedAt !== undefined
        ? "everything paused"
        : health.pausedAt !== undefined
          ? "paused"
          : state === "closed"
            ? "open"
            : (`circuit ${state}` as const);
    return c.json(
      said({
        merchantId,
        gate,
        pausedAt: instantOf(health.pausedAt),
        everythingPausedAt: instantOf(everyone.pausedAt),
        circuit: said(circuit),
        disabledUrls: [...health.disabledUrls],
        ownership: ownershipOf(row),
        limits: said(limits),
        waiting: said(waiting),
        lastFailures: lastFailures([...failed, ...waits.rows]),
        consistency: "eventual" as const,
      }),
      200,
    );
  });
}

type Said<Shape> = { [Name in keyof Shape]: Exclude<Shape[Name], undefined> };

/** Without what there is nothing to say of. */
function said<Shape extends object>(shape: Shape): Said<Shape> {
  return Object.fromEntries(Object.entries(shape).filter(([, value]) => value !== undefined)) as Said<Shape>;
}
