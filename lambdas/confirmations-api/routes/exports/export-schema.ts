/** Exports as they are asked for and shown. */
import { z } from "@hono/zod-openapi";
import { EXPORT_FORMATS } from "../../../../core/exports/export-file.ts";
import { merchantIdSchema } from "../../../../core/intake/submission.ts";
import { EXPORT_RATE, MAX_EXPORT_DAYS, MAX_EXPORT_RATE } from "../../../../core/jobs/export/spec.ts";
import { INSTANT_FORM, isInstant } from "../../../../core/transaction/instant.ts";
import { STATES } from "../../../../core/transaction/row/row-state.ts";

const MOST_REASON = 500;

const instant = z.string().refine(isInstant, `expected ${INSTANT_FORM}`);

export const newExportSchema = z
  .strictObject({
    merchantId: merchantIdSchema.optional().meta({
      description: "Whose; a token that is narrowed to a merchant may leave it out",
      example: "acme",
    }),
    from: instant.meta({
      format: "date-time",
      description: `Of \`occurredAt\`, included; at most ${MAX_EXPORT_DAYS} days before \`to\``,
      example: "2026-11-01T00:00:00Z",
    }),
    to: instant.optional().meta({
      format: "date-time",
      description: "Of `occurredAt`, not included. Now unless given",
      example: "2026-12-01T00:00:00Z",
    }),
    format: z.enum(EXPORT_FORMATS).default("csv").meta({ description: "`jsonl`: an object in JSON a line" }),
    state: z.enum(STATES).optional().meta({ description: "Those in this state alone, as they are when they are read" }),
    reason: z
      .string()
      .min(1)
      .max(MOST_REASON)
      .refine((text) => text.isWellFormed() && text.trim() !== "", "expected words of well-formed Unicode")
      .default("exported by hand")
      .meta({ description: "Why, for whoever looks at it later", example: "November, for their accounts" }),
    ratePerSecond: z.int().min(1).max(MAX_EXPORT_RATE).default(EXPORT_RATE).meta({
      description: "Most transactions that are read in a second",
    }),
  })
  .openapi("NewExport");

export const EXPORT_STATES = ["running", "paused", "canceled", "too_large", "done"] as const;

const count = z.int().min(0);

export const exportSchema = z
  .strictObject({
    jobId: z.string(),
    state: z.enum(EXPORT_STATES).meta({
      description: "`too_large`: it came to more than a file may have; ask for a shorter time",
    }),
    merchantId: z.string(),
    from: z.string(),
    to: z.string(),
    format: z.enum(EXPORT_FORMATS),
    transactionState: z.enum(STATES).optional().meta({ description: "Of those alone that it is of" }),
    reason: z.string(),
    ratePerSecond: z.int(),
    requestedBy: z.string(),
    createdAt: z.string(),
    doneAt: z.string().optional(),
    fileUntil: z.string().optional().meta({ description: "Until when its file is kept; missing while it has none" }),
    counts: z
      .strictObject({
        rows: count.meta({ description: "Transactions in the file so far" }),
        bytes: count.meta({ description: "Of the file so far" }),
      })
      .openapi("ExportCounts"),
  })
  .openapi("ExportJob");
export type ExportView = z.infer<typeof exportSchema>;

export const exportPageSchema = z
  .strictObject({
    items: z.array(exportSchema),
    nextCursor: z.string().optional().meta({ description: "There may be more; a page may be short, or empty" }),
    consistency: z.literal("eventual").meta({ description: "Which there are; each is as it is" }),
  })
  .openapi("ExportPage");

export const exportFileSchema = z
  .strictObject({
    url: z.url().meta({ description: "Of the file, to read it or a range of its bytes, for a few minutes" }),
    expiresAt: z.iso.datetime(),
    bytes: count,
  })
  .openapi("ExportFile");

export const exportParam = z.object({
  jobId: z.string().min(1).max(64).meta({ description: "Of the export" }),
});
