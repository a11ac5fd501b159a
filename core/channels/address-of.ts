/** The address that a channel leads to: its own, or one that the transaction brings along. */
import { stringOf } from "../transaction/attribute-value.ts";
import type { Transaction } from "../transaction/transaction.ts";

/** How the `to` of a channel begins that names a member of the payload. */
export const PAYLOAD_PREFIX = "payload.";

/**
 * @param to an address, or `payload.<member>`, members within members joined by dots
 * @returns undefined where the payload has no such member, or none that is a text
 */
export function addressOf(to: string, { payload }: Pick<Transaction, "payload">): string | undefined {
  if (!to.startsWith(PAYLOAD_PREFIX)) return to;
  const [first = "", ...others] = to.slice(PAYLOAD_PREFIX.length).split(".");
  const own = (map: typeof payload, name: string) =>
    map !== undefined && Object.hasOwn(map, name) ? map[name] : undefined;
  let value = own(payload, first);
  for (const name of others) value = own(value?.M, name);
  const address = stringOf(value)?.trim();
  return address === "" ? undefined : address;
}
