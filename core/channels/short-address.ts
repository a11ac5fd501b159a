/** A person's address as logs may have it: enough to tell it from another one, too little to write there. */

/** @param to an email address, a phone number, or a member of the payload, which is nobody's address */
export function shortAddress(to: string): string {
  if (to.startsWith("payload.")) return to;
  const at = to.lastIndexOf("@");
  if (at > 0) return `${to.slice(0, 1)}…${to.slice(at)}`;
  return `${to.slice(0, 3)}…${to.slice(-2)}`;
}
