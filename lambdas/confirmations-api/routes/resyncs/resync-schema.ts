/** Resyncs as they are asked for and shown. */
import { z } from "@hono/zod-openapi";
import { type Job, JOB_STATES, type Totals } from "../../../../core/jobs/job.ts";
import { RESYNC_RATE, resyncCountsOf, resyncSpecOf } from "../../../../core/jobs/resync/spec.ts";
import { merchantIdSchema } from "../../../../core/intake/submission.ts";

const MOST_A_SECOND = 1000;
const MOST_REASON = 500;

export const newResyncSchema = z
  .strictObject({
    merchantId: merchantIdSchema.optional().meta({ description: "Of this merchant alone; all rows are read even so" }),
    audience: z
      .string()
      .regex(/^[\w.-]{1,64}$/)
      .optional()
      .meta({ description: "Whom the snapshots are for: an attribute that subscribers filter by", example: "orders" }),
    reason: z
      .string()
      .min(1)
      .max(MOST_REASON)
      .refine((text) => text.isWellFormed() && text.trim() !== "", "expected words of well-formed Unicode")
      .meta({ description: "Why, for whoever looks at it later", example: "orders was down for two days" }),
    ratePerSecond: z.int().min(1).max(MOST_A_SECOND).default(RESYNC_RATE).meta({
      description: "Most that are published in a second",
    }),
  })
  .openapi("NewResync");

const count = z.int().min(0);

export const resyncSchema = z
  .strictObject({
    jobId: z.string().meta({ description: "`resyncId` of its snapshots" }),
    state: z.enum(JOB_STATES),
    merchantId: z.string().optional(),
    audience: z.string().optional(),
    reason: z.string(),
    ratePerSecond: z.int(),
    requestedBy: z.string(),
    since: z.string().meta({ description: "`time` of its snapshots: since then every step has an event of its own" }),
    createdAt: z.string(),
    doneAt: z.string().optional(),
    counts: z
      .strictObject({
        transactions: count.meta({ description: "Found so far" }),
        published: count,
        skipped: count.meta({ description: "Gone by then, or not published as it was canceled" }),
      })
      .openapi("ResyncCounts"),
  })
  .openapi("ResyncJob");
export type ResyncView = z.infer<typeof resyncSchema>;

export const resyncPageSchema = z
  .strictObject({
    items: z.array(resyncSchema),
    nextCursor: z.string().optional().meta({ description: "There may be more; a page may be short, or empty" }),
    consistency: z.literal("eventual").meta({ description: "Which there are; each is as it is" }),
  })
  .openapi("ResyncPage");

export const resyncParam = z.object({
  jobId: z.string().min(1).max(64).meta({ description: "Of the resync" }),
});

export function resyncView(job: Job, totals: Totals): ResyncView {
  const { jobId, state, asked, doneAt } = job;
  const { merchantId, audience, since } = resyncSpecOf(job);
  return {
    jobId,
    state,
    ...(merchantId !== undefined && { merchantId }),
    ...(audience !== undefined && { audience }),
    reason: asked.reason,
    ratePerSecond: asked.ratePerSecond,
    requestedBy: asked.requestedBy,
    since: timeOf(since),
    createdAt: timeOf(asked.createdAt),
    ...(doneAt !== undefined && { doneAt: timeOf(doneAt) }),
    counts: resyncCountsOf(totals),
  };
}

function timeOf(at: number): string {
  return new Date(at).toISOString();
}
