/**
 * To whom an origin belongs, as far as its name tells: merchants of one domain that somebody registered fail together
 * for reasons of their own. What that is, the public suffix list knows, with the suffixes below which platforms let
 * their customers register: `a.github.io` and `b.github.io` are two. A public address counts by its network, any other
 * with its port, so that several programs on one machine are several merchants.
 */
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import { getDomain } from "tldts";
import { RecentMap } from "../cache/recent-map.ts";
import { isLocalName, portOf } from "./destination.ts";

const LIST = { allowPrivateDomains: true, extractHostname: false, detectIp: false } as const;
/** The smallest networks that are routed on their own. */
const NETWORK_BITS = { ipv4: 24, ipv6: 48 } as const;

const MAX_REMEMBERED = 10_000;
const remembered = new RecentMap<string>(MAX_REMEMBERED);

/** @param origin scheme, host and port, as in `Destination` */
export function registrableDomain(origin: string): string {
  const kept = remembered.get(origin);
  if (kept !== undefined) return kept;
  const domain = find(origin);
  remembered.set(origin, domain);
  return domain;
}

function find(origin: string): string {
  const url = new URL(origin);
  const host = url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  if (isIP(host) !== 0) return networkOf(ipaddr.parse(host), portOf(url));
  if (isLocalName(host)) return `localhost:${portOf(url)}`;
  // A suffix itself, such as a platform's own address, is registered by nobody else.
  return getDomain(host, LIST) ?? host;
}

function networkOf(address: ipaddr.IPv4 | ipaddr.IPv6, port: number): string {
  if (address.range() !== "unicast") return `${address.toString()}:${port}`;
  const bits = NETWORK_BITS[address.kind()];
  const bytes = address.toByteArray().slice(0, bits / 8);
  return `${bytes.join(".")}/${bits}`;
}
