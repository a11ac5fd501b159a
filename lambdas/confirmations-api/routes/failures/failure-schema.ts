/** What failed, as it is asked for and shown. */
import { z } from "@hono/zod-openapi";
import { merchantIdSchema } from "../../../../core/intake/submission.ts";
import { FAILURE_FAULTS, type FailureCode, FAULTS } from "../../../../core/transaction/failure-faults.ts";
import { INSTANT_FORM, isInstant } from "../../../../core/transaction/instant.ts";

const REASONS = Object.keys(FAILURE_FAULTS) as [FailureCode, ...FailureCode[]];
const faultSchema = z.enum(FAULTS);
const instantQuery = z.string().refine(isInstant, `expected ${INSTANT_FORM}`);
const instant = z.iso.datetime();
const count = z.int().min(0);

/** Of lists and counts alike. */
export const failureFilterShape = {
  merchantId: merchantIdSchema.optional().openapi({
    description: "Whose; a token that is narrowed to a merchant may leave it out",
    example: "acme",
  }),
  reason: z.enum(REASONS).optional().openapi({ description: "Why they failed" }),
  fault: faultSchema.optional().openapi({ description: "Whose fault the reasons are" }),
  from: instantQuery.optional().openapi({
    format: "date-time",
    description: "When they failed, included. All there are without it",
  }),
  to: instantQuery.optional().openapi({ format: "date-time", description: "Not included. Now unless given" }),
};

export const failurePageSchema = z
  .strictObject({
    items: z.array(
      z
        .strictObject({
          transactionId: z.string(),
          reason: z.string().meta({ description: "As in docs/errors.md", example: "attempts_exhausted" }),
          fault: faultSchema,
          failedAt: instant,
          says: z.string().optional().meta({ description: "The reason in words" }),
          version: z.int().optional(),
          outcome: z.string().optional(),
          amount: z.string().optional(),
          currency: z.string().optional(),
          occurredAt: z.string().optional(),
          attemptCount: count.optional(),
        })
        .openapi("FailedTransaction")
        .meta({ description: "What its producer has given to another merchant since has its reason alone" }),
    ),
    nextCursor: z.string().optional().meta({ description: "There may be more; a page may be short, or empty" }),
    consistency: z.literal("eventual").meta({ description: "From an index that follows its table" }),
  })
  .openapi("FailedTransactionPage");

export const failureCountsSchema = z
  .strictObject({
    items: z
      .array(z.strictObject({ reason: z.string(), fault: faultSchema, count }).openapi("FailureCount"))
      .meta({ description: "Each reason that there is, by name" }),
    total: count,
    isComplete: z.boolean().meta({ description: "All are counted, with the pages before; there is no `nextCursor`" }),
    nextCursor: z.string().optional().meta({ description: "There are more: the counts of all pages add up" }),
    consistency: z.literal("eventual").meta({ description: "From an index that follows its table" }),
  })
  .openapi("FailureCounts");
