/**
 * Which headers a merchant may add to its webhooks, plain ones and secret ones by the same rules. Whatever passes can
 * be written between the pipeline's own lines as it is: no name frames the message, signs it or is the pipeline's, and
 * no value ends its line (RFC 9110, 5.5 and 5.6.2, without the characters that servers read differently).
 */

/** Plain and secret ones each; all values of the secret ones go through KMS, which encrypts 4,096 bytes. */
export const HEADER_LIMITS = { count: 20, nameLength: 64, valueLength: 2048, bytes: 3072 } as const;

export const HEADER_NAME = /^[A-Za-z][A-Za-z0-9._-]*$/;
/** Visible ASCII, with spaces and tabs within. */
export const HEADER_VALUE = /^[\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?$/;

/** They frame the message, are about the connection, or are set by the pipeline. */
const OWN_NAMES = [
  "accept-encoding",
  "connection",
  "content-encoding",
  "content-length",
  "content-range",
  "content-type",
  "date",
  "expect",
  "host",
  "http2-settings",
  "keep-alive",
  "te",
  "traceparent",
  "tracestate",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "user-agent",
  "via",
];
const OWN_PREFIXES = ["webhook-", "proxy-"];
/** Plain ones are shown to whoever may see the merchant. */
const SECRET_NAMES = ["api-key", "authorization", "cookie", "x-amz-security-token", "x-api-key", "x-auth-token"];

export const TWICE = "got it more than once, in letters of another case; expected it once";

export type HeaderKind = "plain" | "secret";

export type Headers = Readonly<Record<string, string>>;

export interface HeaderFault {
  /** As it was given; undefined for what all of them together are. */
  readonly name?: string;
  /** Without the value, which may be a secret. */
  readonly detail: string;
}

/** Names in lower case, and beginnings of names, that cannot be added. */
export function takenNames(kind: HeaderKind): {
  readonly names: readonly string[];
  readonly prefixes: readonly string[];
} {
  return { names: kind === "plain" ? [...OWN_NAMES, ...SECRET_NAMES] : OWN_NAMES, prefixes: OWN_PREFIXES };
}

/** @returns why a header of that name cannot be added */
export function whyNotName(given: string, kind: HeaderKind): string | undefined {
  const name = given.toLowerCase();
  if (given.length > HEADER_LIMITS.nameLength || !HEADER_NAME.test(given))
    return (
      `expected a name of at most ${HEADER_LIMITS.nameLength} characters: a letter, then letters, digits, dots, ` +
      "hyphens and underscores"
    );
  if (OWN_NAMES.includes(name) || OWN_PREFIXES.some((prefix) => name.startsWith(prefix)))
    return "got a header that frames the message or is the pipeline's own, expected another one";
  if (kind === "plain" && SECRET_NAMES.includes(name))
    return "got a header that holds a secret, expected it with the secret headers, where nobody is shown it";
  return undefined;
}

export function whyNotValue(value: string): string | undefined {
  if (value.length <= HEADER_LIMITS.valueLength && HEADER_VALUE.test(value)) return undefined;
  return `expected 1 to ${HEADER_LIMITS.valueLength} characters of visible ASCII, with spaces only within`;
}

/** All that is wrong with them. */
export function headerFaults(headers: Headers, kind: HeaderKind): HeaderFault[] {
  const faults: HeaderFault[] = [];
  const seen = new Set<string>();
  for (const [name, value] of Object.entries(headers)) {
    const detail = whyNotName(name, kind) ?? whyNotValue(value) ?? (seen.has(name.toLowerCase()) ? TWICE : undefined);
    if (detail !== undefined) faults.push({ name, detail });
    seen.add(name.toLowerCase());
  }
  const { count, bytes } = HEADER_LIMITS;
  if (seen.size > count) faults.push({ detail: `got ${seen.size} headers, expected at most ${count}` });
  const length = headerLines(headers).length;
  if (length > bytes) faults.push({ detail: `got ${length} bytes of headers, expected at most ${bytes}` });
  return faults;
}

/** In one spelling, so that the same ones are equal: names in lower case, and sorted. */
export function normalHeaders(headers: Headers): Headers {
  const entries = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return Object.fromEntries(entries.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

/** As they are written: each with its CRLF. @param headers checked */
export function headerLines(headers: Headers): string {
  let lines = "";
  for (const name of Object.keys(headers)) lines += `${name}: ${headers[name]}\r\n`;
  return lines;
}
