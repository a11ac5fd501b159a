/**
 * By which merchants are found by the beginning of their id: an attribute of a row of the Merchants table that holds
 * how its id begins, and an index by it. Each write of the API has it. A row without, from a build before or from
 * whoever writes rows themselves, gets it from the next manifest run of the audit; until then its whole id alone finds
 * it.
 */
import type { AttributeMap } from "../transaction/attribute-value.ts";
import { whyReserved } from "./reserved-ids.ts";

export const ID_START = "idStart";

/** Partition of the index in which ids are that begin so. @param text an id, or the beginning of one; not empty */
export function idStartOf(text: string): string {
  return String.fromCodePoint(text.codePointAt(0) ?? 0);
}

/** What a row of this id has for it. Empty for ids that are nobody's: they are not found. */
export function idStartAttributes(merchantId: string): AttributeMap {
  return whyReserved(merchantId) === undefined ? { [ID_START]: { S: idStartOf(merchantId) } } : {};
}
