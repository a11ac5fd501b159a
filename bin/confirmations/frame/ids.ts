/**
 * Ids that a person types. Refused before anything is asked: what no row can have, what no path of a URL can name, and
 * what nobody typed on purpose.
 */
import { EVERYONE } from "../../../core/merchant/merchant-health.ts";
import { shortly } from "../../../core/settings/settings-faults.ts";
import { isId, isMerchantId, MAX_ID_BYTES } from "../../../core/transaction/transaction.ts";
import { wrongLine } from "./command-failure.ts";

/** Steps of a path, which would lead elsewhere however they are written. */
const STEPS = new Set([".", ".."]);

/** @throws CommandFailure */
export function merchantIdFrom(text: string): string {
  return idFrom("merchant id", text, reserved(text));
}

/** @throws CommandFailure */
export function transactionIdFrom(text: string): string {
  const step = STEPS.has(text) ? ", which is no name in the path of a URL; look it up in the table" : undefined;
  return idFrom("transaction id", text, step);
}

function idFrom(what: string, text: string, why: string | undefined): string {
  const fault = typedInError(text) ?? why;
  if (fault === undefined) return text;
  throw wrongLine(`The ${what} is ${shortly(text)}${fault}`);
}

function typedInError(text: string): string | undefined {
  if (text.trim() === "" || !isId(text)) return `, expected a text of 1 to ${MAX_ID_BYTES} bytes such as my-shop`;
  if (/\p{Cc}/u.test(text) || !text.isWellFormed()) return ", expected a text without control characters";
  return undefined;
}

/** The API refuses the others that are the pipeline's own, and says why. */
function reserved(text: string): string | undefined {
  if (text === EVERYONE)
    return ", which stands for all merchants: `npx confirmations pause` and `npx confirmations resume` are for them";
  return isMerchantId(text) ? undefined : ", which is no name in the path of a URL, expected one such as my-shop";
}
