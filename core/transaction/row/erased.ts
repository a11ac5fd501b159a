/**
 * Whether a row was erased: `erasedAt`, for the version that `erasedVersion` names. `erasure.ts` has what is taken
 * away.
 */
import { type AttributeMap, numberOf } from "../attribute-value.ts";
import { versionOf } from "../transaction.ts";

/** Epoch milliseconds, and the version that was erased. A producer may write the first alone, in any type. */
export const ERASED_AT = "erasedAt";
export const ERASED_VERSION = "erasedVersion";

/** Of one whose version cannot be read. */
export const NO_VERSION = 0;

/** Whether something of the version that the row has was erased, by us or by its producer. */
export function isErased(row: AttributeMap): boolean {
  if (row[ERASED_AT] === undefined) return false;
  return row[ERASED_VERSION] === undefined || isErasedByUs(row);
}

/** When the version that the row has was erased on request, epoch milliseconds; undefined where it was not. */
export function erasedAtOf(row: AttributeMap): number | undefined {
  return isErasedByUs(row) ? numberOf(row[ERASED_AT]) : undefined;
}

function isErasedByUs(row: AttributeMap): boolean {
  return row[ERASED_AT] !== undefined && numberOf(row[ERASED_VERSION]) === (versionOf(row) ?? NO_VERSION);
}
