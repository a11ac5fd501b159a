/**
 * Which addresses may be called. A destination comes from a merchant, so it is hostile input: only public unicast
 * addresses are allowed, in whatever notation they came, at port 443 and the ports that the operator opened, plus what
 * the operator listed as address and port, less what the operator refused so. There is no way to turn this off.
 *
 * Refused follow the IANA special-purpose registries (RFC 6890): loopback, private, link-local with the metadata
 * addresses, CGNAT, multicast, IPv4-mapped, NAT64, 6to4, Teredo, documentation and reserved ranges.
 */
import ipaddr from "ipaddr.js";
import {
  canonicalAddress,
  DESTINATION_FORM,
  type ListedDestination,
  parseListedDestination,
} from "../merchant/destination-list.ts";
import { PipelineError } from "../errors/pipeline-error.ts";

/** Global unicast, the only IPv6 range that is routed publicly (RFC 4291, IANA allocation). */
const IPV6_GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR("2000::/3");

const HTTPS_PORT = 443;

/** What an operator allows and refuses beyond what every guard does. */
export interface GuardLists {
  /** `address:port` or `address:from-to`, IPv6 addresses in brackets: may be called although not public. */
  readonly allowDestinations: readonly string[];
  /** Of the same form: must not be called, whatever is allowed. */
  readonly refuseDestinations: readonly string[];
  /** Of public addresses, beside 443. */
  readonly allowPorts: readonly number[];
}

export class AllowListError extends PipelineError {
  override readonly name = "AllowListError";
  readonly code = "ALLOW_LIST_INVALID";
}

export class AddressGuard {
  readonly #allowed: readonly ListedDestination[];
  readonly #refused: readonly ListedDestination[];
  readonly #ports: ReadonlySet<number> | undefined;

  /**
   * Entries are `address:port` or `address:from-to`, IPv6 addresses in brackets.
   *
   * @param allowed may be called although not public
   * @param refused must not be called, whatever is allowed. @default none
   * @param ports of public addresses that may be called beside 443. @default all of them
   * @throws AllowListError
   */
  constructor(allowed: readonly string[], refused: readonly string[] = [], ports?: readonly number[]) {
    this.#allowed = allowed.map(parseEntry);
    this.#refused = refused.map(parseEntry);
    this.#ports = ports && new Set([HTTPS_PORT, ...ports]);
  }

  /** @throws AllowListError */
  static of({ allowDestinations, refuseDestinations, allowPorts }: GuardLists): AddressGuard {
    return new AddressGuard(allowDestinations, refuseDestinations, allowPorts);
  }

  /** Whether the port is open for every public address. */
  allowsPort(port: number): boolean {
    return this.#ports === undefined || this.#ports.has(port);
  }

  /** Whether the operator listed this very address and port; only then plain http is allowed. */
  isListed(address: string, port: number): boolean {
    return includes(this.#allowed, address, port) && !this.isRefused(address, port);
  }

  /** Whether the operator listed this port of any address. */
  listsPort(port: number): boolean {
    return this.#allowed.some(({ fromPort, toPort }) => fromPort <= port && port <= toPort);
  }

  /** Whether the operator refused this very address and port. */
  isRefused(address: string, port: number): boolean {
    return includes(this.#refused, address, port);
  }

  /** @param address an IPv4 or IPv6 address in any notation that `ipaddr.js` reads */
  isAllowed(address: string, port: number): boolean {
    if (this.allowsPort(port) && isPublic(address)) return !this.isRefused(address, port);
    return this.isListed(address, port);
  }

  /** Whether nothing but the port is in the way. */
  isClosedPort(address: string, port: number): boolean {
    return !this.allowsPort(port) && isPublic(address) && !this.isListed(address, port);
  }
}

function isPublic(text: string): boolean {
  const address = ipaddr.parse(text);
  if (address.range() !== "unicast") return false;
  return address.kind() === "ipv4" || address.match(IPV6_GLOBAL_UNICAST);
}

function includes(entries: readonly ListedDestination[], address: string, port: number): boolean {
  if (entries.length === 0) return false;
  const canonical = canonicalAddress(address);
  return entries.some((entry) => entry.address === canonical && entry.fromPort <= port && port <= entry.toPort);
}

function parseEntry(entry: string): ListedDestination {
  const parsed = parseListedDestination(entry);
  if (parsed === undefined)
    throw new AllowListError(`A list of destinations has the entry ${JSON.stringify(entry)}; ${DESTINATION_FORM}.`);
  return parsed;
}
