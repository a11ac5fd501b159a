/**
 * A name may end with the dot of the root, `shop.example.`: to the name servers it is the same name, to certificates it
 * is none (RFC 6125), and to origins it would be another one. So URLs are used without it.
 */

/** @param url that can be parsed. @returns the same URL, where its host ends with a single dot that host without it */
export function withoutRootDot(url: string): string {
  const parsed = new URL(url);
  const { hostname } = parsed;
  if (!hostname.endsWith(".") || hostname.endsWith("..") || hostname === ".") return url;
  parsed.hostname = hostname.slice(0, -1);
  return parsed.href;
}
