/** The address that a channel leads to: its own, or one that the transaction brings along. */
import { stringOf } from "../transaction/attribute-value.ts";
import type { Transaction } from "../transaction/transaction.ts";
import { isEmailAddress } from "./email-address.ts";

/** A member of the transaction's payload, such as `payload.customer.email`. */
const PAYLOAD_PATH = /^payload(?:\.[^\s.{}]{1,64}){1,8}$/u;

/**
 * Whether the `to` of a channel names a member of the payload. What is an email address is that, whatever it begins
 * with: `payload.orders@shop.example` names nobody's member.
 */
export function isPayloadPath(to: string): boolean {
  return PAYLOAD_PATH.test(to) && !isEmailAddress(to);
}

/**
 * @param to an address, or `payload.<member>`, members within members joined by dots
 * @returns undefined where the payload has no such member, or none that is a text
 */
export function addressOf(to: string, { payload }: Pick<Transaction, "payload">): string | undefined {
  if (!isPayloadPath(to)) return to;
  const [, first = "", ...others] = to.split(".");
  const own = (map: typeof payload, name: string) =>
    map !== undefined && Object.hasOwn(map, name) ? map[name] : undefined;
  let value = own(payload, first);
  for (const name of others) value = own(value?.M, name);
  const address = stringOf(value)?.trim();
  return address === "" ? undefined : address;
}
