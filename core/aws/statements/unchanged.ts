/** A condition that an attribute is still as it was seen. */
import type { AttributeValue } from "../../transaction/attribute-value.ts";
import type { Update } from "./statement.ts";

/** Characters of a text that a condition compares; DynamoDB limits the size of an expression. */
const MAX_COMPARED = 1000;

/**
 * A stream may show other types than the table holds (an empty map, base64), so only texts and numbers are compared.
 */
export function unchanged(update: Update, name: string, seen: AttributeValue | undefined): void {
  if (seen === undefined) update.where(`${name} IS MISSING`);
  else if (seen.N !== undefined || (seen.S !== undefined && seen.S.length < MAX_COMPARED))
    update.where(`${name}=?`, seen);
}
