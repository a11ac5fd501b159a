/** A person's address as logs may have it: enough to tell it from another one, too little to write there. */
import { isPayloadPath } from "./address-of.ts";

/** A mail address, or a telephone number. */
const ADDRESS = /[^\s<>"';,]+@[^\s<>"';,]+|\+\d[\d\s().-]{6,}\d|\d{9,}/g;

/** @param to an email address, a phone number, or a member of the payload, which is nobody's address */
export function shortAddress(to: string): string {
  return isPayloadPath(to) ? to : shortened(to);
}

/** What a service says, with the addresses in it shortened: it is kept on rows, and told in logs. */
export function withShortAddresses(said: string): string {
  return said.replaceAll(ADDRESS, (address) => shortened(address));
}

function shortened(address: string): string {
  const at = address.lastIndexOf("@");
  if (at > 0) return `${address.slice(0, 1)}…${address.slice(at)}`;
  return `${address.slice(0, 3)}…${address.slice(-2)}`;
}
