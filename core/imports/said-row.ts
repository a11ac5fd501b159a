/** A line of the log of an old system: which version of which transaction it confirmed, and when. */
import { z } from "zod";
import type { FaultAt } from "../api/problem.ts";
import { faultsOfZod } from "../api/zod-faults.ts";
import type { SaidElsewhere } from "../aws/note-elsewhere.ts";
import { merchantIdSchema, transactionIdSchema } from "../intake/submission.ts";
import { INSTANT_FORM, isInstant } from "../transaction/instant.ts";

/** In a cell it is text. */
const WHOLE_NUMBER = /^[1-9]\d{0,14}$/;

const saidSchema = z.strictObject({
  transactionId: transactionIdSchema,
  version: z
    .union([z.int().min(1).max(Number.MAX_SAFE_INTEGER), z.string().regex(WHOLE_NUMBER).transform(Number)], {
      error: "expected a whole number from 1",
    })
    .default(1),
  merchantId: merchantIdSchema.optional(),
  confirmedAt: z.string().refine(isInstant, `expected ${INSTANT_FORM}`),
});

/** @param members as they stood in the file */
export function saidIn(
  members: Readonly<Record<string, unknown>>,
): { readonly said: SaidElsewhere } | { readonly faults: readonly FaultAt[] } {
  const parsed = saidSchema.safeParse(members);
  if (!parsed.success) return { faults: faultsOfZod(parsed.error) };
  const { transactionId, version, merchantId, confirmedAt } = parsed.data;
  return { said: { transactionId, version, at: Date.parse(confirmedAt), merchantId } };
}
