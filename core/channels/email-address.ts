/**
 * Whether a text is one address that a mail can be sent to: no list of them, no name around it, nothing that would
 * begin another header. Stricter than RFC 5322, as SES is: its part before the `@` is ASCII (SES Developer Guide,
 * "Amazon SES email sending limits": no internationalized local parts; a domain is sent as Punycode).
 */
import { domainToASCII } from "node:url";

const LOCAL = "[\\w.!#$%&'*+/=?^`{|}~-]{1,64}";
const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
/** No number: what ends with one is an address of IP. */
const TOP_LEVEL = "(?:[a-z]{2,63}|xn--[a-z0-9-]{0,58}[a-z0-9])";
const ADDRESS = new RegExp(`^${LOCAL}@(?=[^@]{1,255}$)(?:${LABEL}\\.)+${TOP_LEVEL}$`, "i");
const DOMAIN = /^[\p{L}\p{M}\p{N}.-]{1,255}$/u;
const NOT_ASCII = /[^ -~]/;
const MOST = 320;

export function isEmailAddress(text: string): boolean {
  return asciiAddress(text) !== undefined;
}

/**
 * The address with its domain in Punycode, as it is sent: `ana@bücher.example` goes to `ana@xn--bcher-kva.example`.
 *
 * @returns undefined for a text that is none
 */
export function asciiAddress(text: string): string | undefined {
  const address = NOT_ASCII.test(text) ? withPunycode(text) : text;
  if (address === undefined || address.length > MOST || !ADDRESS.test(address)) return undefined;
  return /^\.|\.\.|\.@/.test(address) ? undefined : address;
}

function withPunycode(text: string): string | undefined {
  const at = text.lastIndexOf("@");
  const [local, domain] = [text.slice(0, at), text.slice(at + 1)];
  // A URL's host would take more than a domain, such as spaces that are left out.
  if (at < 1 || !DOMAIN.test(domain)) return undefined;
  const ascii = domainToASCII(domain);
  return ascii === "" ? undefined : `${local}@${ascii}`;
}
