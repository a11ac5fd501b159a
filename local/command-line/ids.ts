/**
 * Ids that a person types. Refused before anything is read or written: what no row can have, what the pipeline keeps
 * for itself, and what nobody typed on purpose.
 */
import { CANARY_MERCHANT_ID } from "../../core/merchant/canary.ts";
import { EVERYONE, TOKENS_PREFIX } from "../../core/merchant/merchant-health.ts";
import { shortly } from "../../core/settings/settings-faults.ts";
import { isId, isMerchantId, MAX_ID_BYTES } from "../../core/transaction/transaction.ts";
import { CommandLineError } from "./parse.ts";

/** @throws CommandLineError */
export function merchantIdFrom(text: string): string {
  const why = typedInError(text) ?? reserved(text);
  if (why === undefined) return text;
  throw new CommandLineError(`The merchant id is ${shortly(text)}${why}`);
}

/** @throws CommandLineError */
export function transactionIdFrom(text: string): string {
  const why = typedInError(text);
  if (why === undefined) return text;
  throw new CommandLineError(`The transaction id is ${shortly(text)}${why}`);
}

function typedInError(text: string): string | undefined {
  if (text.trim() === "" || !isId(text)) return `, expected a text of 1 to ${MAX_ID_BYTES} bytes such as my-shop`;
  if (/\p{Cc}/u.test(text) || !text.isWellFormed()) return ", expected a text without control characters";
  return undefined;
}

function reserved(text: string): string | undefined {
  if (text === EVERYONE) return ", which stands for all merchants: `npm run pause` and `npm run resume` are for them";
  if (text === CANARY_MERCHANT_ID) return ", which is the pipeline's own merchant, expected one of yours";
  if (text.startsWith(TOKENS_PREFIX)) return ", which is where the pipeline counts calls, expected one of yours";
  return isMerchantId(text) ? undefined : ", which is no name in the path of a URL, expected one such as my-shop";
}
