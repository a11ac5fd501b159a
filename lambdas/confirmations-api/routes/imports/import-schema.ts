/** Imports of uploaded files as they are asked for and shown. */
import { z } from "@hono/zod-openapi";
import { FILE_FAULTS } from "../../../../core/imports/file-fault.ts";
import { ROW_KINDS } from "../../../../core/imports/columns.ts";
import { IMPORT_RATE, MAX_IMPORT_RATE } from "../../../../core/jobs/import/spec.ts";

const MOST_REASON = 500;
const MOST_NAME = 255;

export const rowKindSchema = z.enum(ROW_KINDS).meta({
  description:
    "What its rows are: transactions to submit, or what an old system confirmed (`transactionId`, " +
    "`version`, `merchantId`, `confirmedAt`)",
});

const words = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .refine((text) => text.isWellFormed() && text.trim() !== "", "expected words of well-formed Unicode");

export const newUploadSchema = z
  .strictObject({
    fileName: words(MOST_NAME).optional().meta({
      description: "What its owner calls it, for whoever looks at it later; it names nothing in the bucket",
      example: "november.csv",
    }),
    of: rowKindSchema.optional(),
    reason: words(MOST_REASON)
      .default("imported by hand")
      .meta({ description: "Why, for whoever looks at it later", example: "November of the old system" }),
    ratePerSecond: z.int().min(1).max(MAX_IMPORT_RATE).default(IMPORT_RATE).meta({
      description: "Most rows that are submitted in a second, 1,000 at a time",
    }),
  })
  .openapi("NewUpload");

export const uploadSchema = z
  .strictObject({
    jobId: z.string().meta({ description: "Of the import, which begins once the file is there" }),
    url: z.url().meta({ description: "To send the file to: POST, multipart/form-data" }),
    fields: z
      .record(z.string(), z.string())
      .meta({ description: "Fields of the form, as they are; `file` comes after them" }),
    maxBytes: z.int(),
    expiresAt: z.iso.datetime(),
  })
  .openapi("Upload");

export const IMPORT_STATES = ["waiting", "running", "paused", "canceled", "refused", "done"] as const;

const count = z.int().min(0);

export const importSchema = z
  .strictObject({
    jobId: z.string(),
    state: z.enum(IMPORT_STATES).meta({
      description: "`waiting` for its file, `refused` where the file could not be read: nothing of it was written",
    }),
    fileName: z.string().optional(),
    of: rowKindSchema,
    merchantId: z.string().optional().meta({ description: "Whose rows alone it may have" }),
    reason: z.string(),
    ratePerSecond: z.int(),
    requestedBy: z.string(),
    createdAt: z.string(),
    startedAt: z.string().optional().meta({ description: "When its file was looked through" }),
    doneAt: z.string().optional(),
    bytes: count.optional(),
    counts: z
      .strictObject({
        rows: count.meta({ description: "Of the file" }),
        accepted: count.meta({ description: "In the table now, or before" }),
        rejected: count,
        skipped: count.meta({ description: "Not looked at, as it was canceled" }),
      })
      .openapi("ImportCounts"),
    refusal: z
      .strictObject({
        code: z.enum(FILE_FAULTS),
        reason: z.string(),
        line: z.int().optional(),
        byte: z.int().optional().meta({ description: "Of the file, from 0" }),
      })
      .optional(),
  })
  .openapi("ImportJob");
export type ImportView = z.infer<typeof importSchema>;

export const importPageSchema = z
  .strictObject({
    items: z.array(importSchema),
    nextCursor: z.string().optional().meta({ description: "There may be more; a page may be short, or empty" }),
    consistency: z.literal("eventual").meta({ description: "Which there are; each is as it is" }),
  })
  .openapi("ImportPage");

export const resultFileSchema = z
  .strictObject({
    url: z.url().meta({ description: "Of the file with the rejected rows, for a few minutes" }),
    expiresAt: z.iso.datetime(),
  })
  .openapi("ResultFile");

export const importParam = z.object({
  jobId: z.string().min(1).max(64).meta({ description: "Of the import" }),
});
