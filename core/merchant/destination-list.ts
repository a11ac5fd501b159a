/**
 * Entries of the lists of addresses that an operator keeps, `delivery.allowDestinations`, `refuseDestinations` and
 * `nameServers`: an address in its usual notation with a port, or a range of ports for destinations. Settings and the
 * guard read them with this one function, so that what is accepted at deployment never fails in a worker.
 */
import { isIPv4, isIPv6 } from "node:net";
import ipaddr from "ipaddr.js";

/** An address and a range of ports, both ends included. */
export interface ListedDestination {
  /** In the one notation that `canonicalAddress` gives. */
  readonly address: string;
  readonly fromPort: number;
  readonly toPort: number;
}

export const DESTINATION_FORM =
  "expected address:port or address:from-to with ports from 1 to 65535, IPv6 addresses in brackets, for " +
  "example 127.0.0.1:9000";

export const SERVER_FORM = "expected address:port, an IPv6 address in brackets, for example 10.0.0.2:53";

const ENTRY = /^(?:\[(?<v6>[0-9a-fA-F:.]+)\]|(?<v4>[\d.]+)):(?<from>\d{1,5})(?:-(?<to>\d{1,5}))?$/;
const HIGHEST_PORT = 65_535;

/** @returns undefined when the entry is not of the form */
export function parseListedDestination(entry: string): ListedDestination | undefined {
  const { v4 = "", v6 = "", from, to = from } = ENTRY.exec(entry)?.groups ?? {};
  const [fromPort, toPort] = [Number(from), Number(to)];
  if (!isIPv4(v4) && !isIPv6(v6)) return undefined;
  if (fromPort < 1 || fromPort > toPort || toPort > HIGHEST_PORT) return undefined;
  return { address: canonicalAddress(v4 || v6), fromPort, toPort };
}

/** Whether it is one address with one port. */
export function isServerAddress(entry: string): boolean {
  const { fromPort, toPort } = parseListedDestination(entry) ?? {};
  return fromPort !== undefined && fromPort === toPort && !entry.includes("-");
}

/** @param address IPv4 or IPv6 in any notation that `ipaddr.js` reads */
export function canonicalAddress(address: string): string {
  return ipaddr.parse(address).toString();
}
