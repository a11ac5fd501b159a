/**
 * Which addresses may be called. A destination comes from a merchant, so it is hostile input: only public unicast addresses are
 * allowed, in whatever notation they came, plus what the operator listed as address and port. There is no way to turn this off.
 *
 * Refused follow the IANA special-purpose registries (RFC 6890): loopback, private, link-local with the metadata addresses, CGNAT,
 * multicast, IPv4-mapped, NAT64, 6to4, Teredo, documentation and reserved ranges.
 */
import ipaddr from "ipaddr.js";

/** One entry of the allow-list: an address and a range of ports. */
interface AllowedDestination {
  readonly address: string;
  readonly fromPort: number;
  readonly toPort: number;
}

const ENTRY = /^(?:\[(?<v6>[0-9a-fA-F:.]+)\]|(?<v4>[\d.]+)):(?<from>\d{1,5})(?:-(?<to>\d{1,5}))?$/;
/** Global unicast, the only IPv6 range that is routed publicly (RFC 4291, IANA allocation). */
const IPV6_GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR("2000::/3");

export class AllowListError extends Error {
  readonly code = "ALLOW_LIST_INVALID";
}

export class AddressGuard {
  readonly #allowed: readonly AllowedDestination[];

  /** @param entries `address:port` or `address:from-to`, IPv6 addresses in brackets */
  constructor(entries: readonly string[]) {
    this.#allowed = entries.map(parseEntry);
  }

  /** Whether the operator listed this very address and port; only then plain http is allowed. */
  isListed(address: string, port: number): boolean {
    if (this.#allowed.length === 0) return false;
    const canonical = ipaddr.parse(address).toString();
    return this.#allowed.some((entry) => entry.address === canonical && entry.fromPort <= port && port <= entry.toPort);
  }

  /** @param address an IPv4 or IPv6 address in any notation that `ipaddr.js` reads */
  isAllowed(address: string, port: number): boolean {
    return isPublic(address) || this.isListed(address, port);
  }
}

function isPublic(text: string): boolean {
  const address = ipaddr.parse(text);
  if (address.range() !== "unicast") return false;
  return address.kind() === "ipv4" || address.match(IPV6_GLOBAL_UNICAST);
}

function parseEntry(entry: string): AllowedDestination {
  const { v4, v6, from, to = from } = ENTRY.exec(entry)?.groups ?? {};
  const address = v4 ?? v6;
  if (address === undefined || !ipaddr.isValid(address) || Number(to) > 65_535 || Number(from) > Number(to)) {
    throw new AllowListError(
      `The allow-list has the entry ${JSON.stringify(entry)}; expected address:port or address:from-to, for example 127.0.0.1:9000.`,
    );
  }
  return { address: ipaddr.parse(address).toString(), fromPort: Number(from), toPort: Number(to) };
}
