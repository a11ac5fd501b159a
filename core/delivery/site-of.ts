/**
 * To whom an origin belongs, as far as its name tells: merchants of one site fail together for reasons of their own. A
 * name counts by its last two labels, three under the likes of `co.uk`; what is merged too much only makes the egress
 * monitor slower, never wrong. A public address counts by its network, any other with its port, so that several
 * programs on one machine are several merchants.
 */
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import { RecentMap } from "../cache/recent-map.ts";
import { isLocalName, portOf } from "./destination.ts";

/** Second-level names below which registries of countries let register. */
const REGISTRY = /^(?:ac|co|com|edu|go|gob|gouv|gov|govt|gv|ltd|me|mil|ne|net|nom|or|org|plc|sch)$/;
const COUNTRY = /^[a-z]{2}$/;
/** The smallest networks that are routed on their own. */
const NETWORK_BITS = { ipv4: 24, ipv6: 48 } as const;

const MAX_REMEMBERED = 10_000;
const remembered = new RecentMap<string>(MAX_REMEMBERED);

/** @param origin scheme, host and port, as in `Destination` */
export function siteOf(origin: string): string {
  const kept = remembered.get(origin);
  if (kept !== undefined) return kept;
  const site = findSite(origin);
  remembered.set(origin, site);
  return site;
}

function findSite(origin: string): string {
  const url = new URL(origin);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) !== 0) return siteOfAddress(ipaddr.parse(host), portOf(url));
  if (isLocalName(host)) return `localhost:${portOf(url)}`;
  const labels = host.split(".").filter((label) => label !== "");
  const [last = "", second = ""] = [labels.at(-1), labels.at(-2)];
  return labels.slice(COUNTRY.test(last) && REGISTRY.test(second) ? -3 : -2).join(".");
}

function siteOfAddress(address: ipaddr.IPv4 | ipaddr.IPv6, port: number): string {
  if (address.range() !== "unicast") return `${address.toString()}:${port}`;
  const bits = NETWORK_BITS[address.kind()];
  const bytes = address.toByteArray().slice(0, bits / 8);
  return `${bytes.join(".")}/${bits}`;
}
