/** Restores as they are asked for and shown, and what they leave undecided. */
import { z } from "@hono/zod-openapi";
import { INSTANT_FORM, isInstant } from "../../../../core/transaction/instant.ts";
import { transactionIdSchema } from "../../../../core/intake/submission.ts";
import { JOB_STATES } from "../../../../core/jobs/job.ts";
import { DECISIONS, MAX_RESTORE_RATE, RESTORE_RATE } from "../../../../core/jobs/restore/spec.ts";
import { SOURCES } from "../../../../core/restore/evidence.ts";

const MOST_REASON = 500;
const MOST_IDS = 100;
const instantSchema = z.string().refine(isInstant, `expected ${INSTANT_FORM}`);

const reason = z
  .string()
  .min(1)
  .max(MOST_REASON)
  .refine((text) => text.isWellFormed() && text.trim() !== "", "expected words of well-formed Unicode");

export const newRestoreSchema = z
  .strictObject({
    fromTable: z
      .string()
      .regex(/^[\w.-]{3,255}$/)
      .meta({
        description:
          "The table that was restored from a backup. Its name begins with that of the stack's own and `-restored`; " +
          "or it is the stack's own, where the backup was restored in its place",
        example: "Transactions-restored",
      }),
    restoredTo: instantSchema.optional().meta({
      description: "Of which time it is. DynamoDB says so itself of a table that it restored",
      format: "date-time",
    }),
    damagedAt: instantSchema.optional().meta({
      description: "From when on the table was damaged. Without it, from the time of the backup on",
      format: "date-time",
    }),
    without: z
      .array(z.enum(SOURCES))
      .default([])
      .meta({ description: "Sources that are not to be asked, as they are known to be wrong" }),
    reason: reason.meta({ description: "Why, for whoever looks at it later", example: "a script deleted rows" }),
    ratePerSecond: z.int().min(1).max(MAX_RESTORE_RATE).default(RESTORE_RATE).meta({
      description: "Most rows that are written in a second",
    }),
  })
  .openapi("NewRestore");

export const newDecisionSchema = z
  .strictObject({
    decision: z.enum(DECISIONS).meta({
      description: "`send`: it is sent, though it may have been confirmed. `confirmed`: it is not, though it may not",
    }),
    transactionIds: z
      .array(transactionIdSchema)
      .min(1)
      .max(MOST_IDS)
      .optional()
      .meta({ description: "These alone; without it all that are undecided" }),
    reason: reason.meta({ description: "Why, for whoever looks at it later", example: "acme has none of them" }),
  })
  .openapi("NewRestoreDecision");

const count = z.int().min(0);

const countsSchema = z
  .strictObject({
    transactions: count.meta({ description: "Looked at: all of the backup, and what came since and is known of" }),
    same: count.meta({ description: "Nothing is to be done" }),
    restored: count.meta({ description: "Written as the backup has them" }),
    sent: count.meta({ description: "Of the restored, those that nothing says were confirmed, and that are sent" }),
    takenFromTable: count.meta({ description: "What the damaged table says came of them since counts" }),
    takenFromStream: count.meta({ description: "The same of its stream" }),
    takenFromJournal: count.meta({ description: "The same of the journal" }),
    takenFromManifests: count.meta({ description: "The same of manifests" }),
    unknown: count.meta({ description: "Perhaps confirmed in a time that no source has; nobody calls them" }),
    expired: count.meta({ description: "Terminal and gone, and their time to live is over" }),
    refused: count.meta({ description: "The table does not take them; the log says why" }),
    skipped: count.meta({ description: "Not looked at, as it was canceled" }),
    decided: count.optional().meta({ description: "Of a decision: those that it was about" }),
  })
  .openapi("RestoreCounts");

export const restoreSchema = z
  .strictObject({
    jobId: z.string(),
    state: z.enum(JOB_STATES),
    fromTable: z.string().optional().meta({ description: "Missing for a decision" }),
    restoredTo: z.string().optional(),
    damagedAt: z.string().optional(),
    sources: z.array(z.enum(SOURCES)).optional().meta({ description: "That are asked, in this order" }),
    decides: z.string().optional().meta({ description: "Of a decision: of which restore" }),
    decision: z.enum(DECISIONS).optional(),
    reason: z.string(),
    ratePerSecond: z.int(),
    requestedBy: z.string(),
    createdAt: z.string(),
    startedAt: z.string().optional(),
    doneAt: z.string().optional(),
    isStreamWhole: z.boolean().optional().meta({ description: "The stream has every change since the backup" }),
    unknownTimes: z
      .array(z.strictObject({ from: z.string(), to: z.string() }).openapi("UnknownTime"))
      .optional()
      .meta({ description: "In which something may have been confirmed that no source has" }),
    isApplied: z
      .boolean()
      .meta({ description: "All rows are written. It is over once the time to live is on, an hour later at most" }),
    timeToLive: z
      .enum(["on", "off"])
      .optional()
      .meta({ description: "Of the table, until the restore is over: off, or to be turned off still" }),
    plan: countsSchema.optional().meta({ description: "What the dry run counted" }),
    sample: z.array(z.string()).optional().meta({ description: "Ids of some that are unknown" }),
    counts: countsSchema,
  })
  .openapi("RestoreJob");
export type RestoreView = z.infer<typeof restoreSchema>;

export const restorePageSchema = z
  .strictObject({
    items: z.array(restoreSchema),
    nextCursor: z.string().optional().meta({ description: "There may be more; a page may be short, or empty" }),
    consistency: z.literal("eventual").meta({ description: "Which there are; each is as it is" }),
  })
  .openapi("RestorePage");

export const UNDECIDED_STATES = ["planned", "undecided", "decided"] as const;

export const undecidedPageSchema = z
  .strictObject({
    items: z.array(
      z
        .strictObject({
          transactionId: z.string(),
          version: z.int().optional(),
          merchantId: z.string().optional(),
          outcome: z.string().optional(),
          amount: z.string().optional(),
          currency: z.string().optional(),
          state: z.enum(UNDECIDED_STATES).meta({
            description: "`planned`: not restored yet; `decided`: by a person, or something was found out since",
          }),
        })
        .openapi("UndecidedTransaction"),
    ),
    nextCursor: z.string().optional().meta({ description: "There may be more; a page may be short, or empty" }),
    consistency: z.literal("eventual").meta({ description: "Which there are; each is as it is" }),
  })
  .openapi("UndecidedPage");

export const restoreParam = z.object({
  jobId: z.string().min(1).max(64).meta({ description: "Of the restore" }),
});
