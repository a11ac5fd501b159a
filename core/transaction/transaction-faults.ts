/** What is wrong with the producer's part of a row, for a person: attribute, what was got, what was expected. */
import type { AttributeMap } from "./attribute-value.ts";
import { stringOf } from "./attribute-value.ts";
import { EVERYONE } from "../merchant/merchant-health.ts";
import { isCurrency } from "./currencies.ts";
import { INSTANT_FORM, INSTANTS, isInstant, NO_INSTANTS } from "./instant.ts";
import { DECIMAL, isBefore, isId, isMerchantId, MAX_ID_BYTES, OUTCOME, versionOf } from "./transaction.ts";

/** Characters of a value that are told. */
const MAX_REPORTED = 80;
const INSTANT = `${INSTANT_FORM}, such as ${INSTANTS.join(", ")}, not ${NO_INSTANTS.join(", ")}`;

/** @returns every fault; none for a row that can be read */
export function faultsOf(row: AttributeMap): string[] {
  const faults: string[] = [];
  const text = (
    name: string,
    isValid: (value: string) => boolean,
    expected: string,
    isOptional = false,
  ): string | undefined => {
    const attribute = row[name];
    if (attribute === undefined && isOptional) return undefined;
    const value = stringOf(attribute);
    if (value !== undefined && isValid(value)) return value;
    faults.push(`${name}: got ${describe(attribute)}, expected ${expected}`);
    return undefined;
  };

  const transactionId = text("transactionId", isId, `a string of 1 to ${MAX_ID_BYTES} bytes`) ?? "";
  if (versionOf(row) === undefined)
    faults.push(`version: got ${describe(row["version"])}, expected an integer from 1 (N)`);
  text("merchantId", isMerchantId, `a string of 1 to ${MAX_ID_BYTES} bytes, other than "${EVERYONE}", "." and ".."`);
  text("outcome", (value) => OUTCOME.test(value), "letters, digits and underscores such as APPROVED");
  text("amount", (value) => DECIMAL.test(value), 'a decimal number as a string (S), for example "12.50"');
  text("currency", isCurrency, "a code of ISO 4217 that is in use, for example EUR");
  text("occurredAt", isInstant, INSTANT);
  text("confirmationUrl", () => true, "a string (S)", true);
  const orderingKey = text("orderingKey", isId, `a string of 1 to ${MAX_ID_BYTES} bytes`, true);
  text(
    "orderingAfter",
    (value) => isBefore(value, transactionId, orderingKey),
    "the id of another transaction, beside an orderingKey",
    true,
  );
  text("deliverBy", isInstant, INSTANT, true);
  const payload = row["payload"];
  if (payload !== undefined && payload.M === undefined)
    faults.push(`payload: got ${describe(payload)}, expected a map (M)`);
  return faults;
}

/** The attribute for a person: type and value, cut short. */
function describe(attribute: AttributeMap[string] | undefined): string {
  if (attribute === undefined) return "nothing";
  const text = JSON.stringify(attribute);
  return text.length > MAX_REPORTED ? `${text.slice(0, MAX_REPORTED)}…` : text;
}
