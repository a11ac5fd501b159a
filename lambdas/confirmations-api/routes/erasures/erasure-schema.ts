/** Erasures as they are asked for, and what came of them. */
import { z } from "@hono/zod-openapi";
import { transactionIdSchema } from "../../../../core/intake/submission.ts";
import { safeText } from "../../../../core/telemetry/log-fields.ts";
import { type NotErasable, NOT_ERASABLE } from "../../../../core/transaction/row/erasure.ts";
import { STATES } from "../../../../core/transaction/row/row-state.ts";

const MOST_REASON = 500;
export const MOST_IDS = 100;

const reasonSchema = z
  .string()
  .min(1)
  .max(MOST_REASON)
  .refine((text) => text.isWellFormed() && text.trim() !== "", "expected words of well-formed Unicode")
  .refine(
    (text) => safeText(text) === text,
    "got a control character, or what looks like an e-mail address, a card number or a secret; expected the number " +
      "of a case, as the audit log keeps it for good",
  )
  .meta({
    description: "Why, in the audit log for good: the number of a case, and nothing that names a person",
    example: "case 4711",
  });

export const newErasureSchema = z.strictObject({ reason: reasonSchema }).openapi("NewErasure");

export const erasureSchema = z
  .strictObject({
    transactionId: z.string(),
    state: z.enum(STATES),
    erasedAt: z.iso.datetime(),
  })
  .openapi("Erasure");

export const newErasuresSchema = z
  .strictObject({
    transactionIds: z.array(transactionIdSchema).min(1).max(MOST_IDS),
    reason: reasonSchema,
    dryRun: z.boolean().default(false).meta({ description: "Says what would become of each, and erases nothing" }),
  })
  .openapi("NewErasures");

export const ERASURE_RESULTS = [
  "erased",
  "already_erased",
  "would_erase",
  "refused",
  "not_found",
  "unavailable",
] as const;
const REFUSALS = Object.keys(NOT_ERASABLE) as [NotErasable, ...NotErasable[]];

const resultSchema = z
  .strictObject({
    transactionId: z.string(),
    result: z.enum(ERASURE_RESULTS).meta({
      description: "`unavailable`: nobody knows, as the table did not respond; ask again",
    }),
    erasedAt: z.iso.datetime().optional(),
    code: z.enum(REFUSALS).optional().meta({ description: "Why it is refused" }),
    detail: z.string().optional().meta({ description: "The same in words, with what to do" }),
  })
  .openapi("ErasureResult");
export type ErasureResult = z.infer<typeof resultSchema>;

export const erasuresSchema = z
  .strictObject({
    results: z.array(resultSchema).meta({ description: "One for each id, in the order in which they were given" }),
    erased: z.int().min(0).meta({ description: "How many are erased now, those included that were before" }),
  })
  .openapi("Erasures");
