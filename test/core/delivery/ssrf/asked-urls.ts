/** URLs of all that must never be called, as somebody may ask for them: of literal addresses, notations, disguises. */
import { DISGUISES, FORBIDDEN_ADDRESSES, NOTATIONS } from "./corpus.ts";

const HTTPS_PORT = 443;

export const inUrl = (address: string): string => (address.includes(":") ? `[${address}]` : address);

/** By what they are. @param port beside those that schemes have by themselves; none for those alone */
export function forbiddenUrls(port?: number): Readonly<Record<string, readonly string[]>> {
  const urls = (host: string): string[] =>
    ["https", "http"].flatMap((scheme) => [
      ...(port === undefined ? [] : [`${scheme}://${host}:${port}/`]),
      `${scheme}://${host}/`,
    ]);
  const ofAddresses = Object.entries(FORBIDDEN_ADDRESSES).map(([what, addresses]) => [
    what,
    addresses.flatMap((address) => urls(inUrl(address))),
  ]);
  const ofNotations = Object.entries(NOTATIONS).map(([what, hosts]) => [what, hosts.flatMap(urls)]);
  const disguised = DISGUISES.map((disguise) => disguise(port ?? HTTPS_PORT));
  return Object.fromEntries([...ofAddresses, ...ofNotations, ["in disguise", disguised]]);
}
