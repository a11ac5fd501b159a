/** Redeliveries as they are asked for and shown. */
import { z } from "@hono/zod-openapi";
import { JOB_STATES } from "../../../../core/jobs/job.ts";
import { DEFAULT_RATE, REDELIVERED_STATES, SKIPPED } from "../../../../core/jobs/redelivery/spec.ts";
import { merchantIdSchema, transactionIdSchema } from "../../../../core/intake/submission.ts";
import { ENVIRONMENTS } from "../../../../core/merchant/merchant-environment.ts";
import { FAILURE_FAULTS, type FailureCode } from "../../../../core/transaction/failure-faults.ts";
import { INSTANT_FORM, isInstant } from "../../../../core/transaction/instant.ts";

const REASONS = Object.keys(FAILURE_FAULTS) as [FailureCode, ...FailureCode[]];
const MOST_IDS = 100;

const MOST_A_SECOND = 1000;
const MOST_REASON = 500;

const instantSchema = z.string().refine(isInstant, `expected ${INSTANT_FORM}`);

const filterSchema = z
  .strictObject({
    transactionIds: z
      .array(transactionIdSchema)
      .min(1)
      .max(MOST_IDS)
      .optional()
      .meta({ description: "These, and nothing else beside them" }),
    merchantId: merchantIdSchema.optional(),
    state: z
      .enum(REDELIVERED_STATES)
      .optional()
      .meta({ description: "`FAILED`, of every merchant without `merchantId`; without a state both, of one merchant" }),
    environment: z.enum(ENVIRONMENTS).optional().meta({
      description: "Whose, of every merchant: `live` where nothing is said; goes without `merchantId`",
    }),
    reason: z.enum(REASONS).optional().meta({ description: "Why they failed; goes with `state: FAILED`" }),
    from: instantSchema.optional().meta({
      description: "When they were confirmed or given up, included",
      format: "date-time",
    }),
    includeElsewhere: z.literal(true).optional().meta({
      description: "Also what the old system confirmed, which is skipped else: its merchant may get it a second time",
    }),
    to: instantSchema.optional().meta({ description: "Not included", format: "date-time" }),
  })
  .openapi("RedeliveryFilter");
export type GivenFilter = z.infer<typeof filterSchema>;

export const newRedeliverySchema = z
  .strictObject({
    filter: filterSchema,
    reason: z
      .string()
      .min(1)
      .max(MOST_REASON)
      .refine((text) => text.isWellFormed() && text.trim() !== "", "expected words of well-formed Unicode")
      .meta({ description: "Why, for whoever looks at it later", example: "their database was restored" }),
    ratePerSecond: z.int().min(1).max(MOST_A_SECOND).default(DEFAULT_RATE).meta({
      description: "Most that are sent in a second",
    }),
    dryRun: z.boolean().default(false).meta({ description: "Counts only; it can be started after that" }),
  })
  .openapi("NewRedelivery");

const count = z.int().min(0);
const skippedBy = z.strictObject(
  Object.fromEntries(
    Object.entries(SKIPPED).map(([reason, says]) => [reason, count.optional().meta({ description: says })]),
  ),
);

const countsSchema = z
  .strictObject({
    matched: count.meta({ description: "Found so far; in the end what is sent and what is skipped" }),
    sent: count.meta({ description: "Once each; those that are not over yet are in none of the next four" }),
    delivered: count,
    failed: count,
    waiting: count.meta({ description: "Failed ones that were opened again and are on their schedule" }),
    superseded: count.meta({ description: "A higher version, or another job, came before its end" }),
    skipped: count,
    skippedBy,
  })
  .openapi("RedeliveryCounts");

export const redeliverySchema = z
  .strictObject({
    jobId: z.string(),
    state: z.enum(JOB_STATES),
    filter: filterSchema,
    merchantId: z.string().optional().meta({ description: "Whose alone it is" }),
    reason: z.string(),
    ratePerSecond: z.int(),
    requestedBy: z.string(),
    asOf: z.string().meta({ description: "What came to its end after this is none of it" }),
    createdAt: z.string(),
    startedAt: z.string().optional(),
    doneAt: z.string().optional(),
    count: count.optional().meta({ description: "Of a dry run that is over: what would be sent" }),
    sample: z.array(z.string()).optional().meta({ description: "Ids of some of them" }),
    counts: countsSchema,
  })
  .openapi("RedeliveryJob");
export type RedeliveryView = z.infer<typeof redeliverySchema>;

export const redeliveryPageSchema = z
  .strictObject({
    items: z.array(redeliverySchema),
    nextCursor: z.string().optional().meta({ description: "There may be more; a page may be short, or empty" }),
    consistency: z.literal("eventual").meta({ description: "Which there are; each is as it is" }),
  })
  .openapi("RedeliveryPage");

export const redeliveryParam = z.object({
  jobId: z.string().min(1).max(64).meta({ description: "Of the redelivery" }),
});
