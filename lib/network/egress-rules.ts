/**
 * What may leave the workers' subnets, as data: each public address at the ports of merchants, the VPC itself at 443,
 * where its endpoints are, and what the operator listed one by one. The rest of the private ranges is closed.
 * Name servers of the operator's own are reached over UDP and TCP; Amazon's resolver is beyond all rules.
 */
import { isIP, isIPv4 } from "node:net";
import { type Endpoint, endpointOf } from "../../core/http/dial.ts";
import { parseListedDestination } from "../../core/merchant/destination-list.ts";
import type { Settings } from "../../core/settings/settings.ts";

export const HTTPS_PORT = 443;
export const ANYWHERE = "0.0.0.0/0";

/** RFC 1918, carrier-grade NAT (RFC 6598), and link-local (RFC 3927). */
export const PRIVATE_RANGES = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16"];

export interface EgressRule {
  readonly cidr: string;
  readonly protocol: "tcp" | "udp";
  readonly fromPort: number;
  readonly toPort: number;
  readonly why: string;
}

type MerchantPorts = Pick<Delivery, "allowPorts" | "proxyUrl">;
type Delivery = Pick<Settings["delivery"], "allowPorts" | "allowDestinations" | "nameServers" | "proxyUrl">;

/** A proxy that is named has an address that is not known here: its port is opened as merchants' are. */
export function merchantRules({ allowPorts, proxyUrl }: MerchantPorts): readonly EgressRule[] {
  const proxy = proxyOf(proxyUrl);
  const named = proxy === undefined || isIP(proxy.host) !== 0 ? [] : [proxy.port];
  const ports = new Set([HTTPS_PORT, ...allowPorts, ...named]);
  return [...ports].map((port) => tcp(ANYWHERE, port, port, "Merchants, and AWS at 443"));
}

export function listedRules(delivery: Omit<Delivery, "allowPorts">): readonly EgressRule[] {
  const { allowDestinations, nameServers, proxyUrl } = delivery;
  return [
    ...rulesFor(allowDestinations, (cidr, from, to) => [tcp(cidr, from, to, "Listed in delivery.allowDestinations")]),
    ...rulesFor(nameServers, (cidr, from, to) => {
      const byTcp = tcp(cidr, from, to, "Listed in delivery.nameServers");
      return [byTcp, { ...byTcp, protocol: "udp" as const }];
    }),
    ...proxyRules(proxyOf(proxyUrl)),
  ];
}

function proxyRules(proxy: Endpoint | undefined): readonly EgressRule[] {
  if (proxy === undefined || !isIPv4(proxy.host)) return [];
  return [tcp(`${proxy.host}/32`, proxy.port, proxy.port, "The proxy of delivery.proxyUrl")];
}

function proxyOf(url: string | undefined): Endpoint | undefined {
  return url === undefined ? undefined : endpointOf(url);
}

/** The network has no IPv6, and a loopback address is in no network. */
function rulesFor(
  entries: readonly string[],
  rules: (cidr: string, from: number, to: number) => readonly EgressRule[],
): readonly EgressRule[] {
  return entries.flatMap((entry) => {
    const { address = "", fromPort = 0, toPort = 0 } = parseListedDestination(entry) ?? {};
    return isIPv4(address) && !address.startsWith("127.") ? rules(`${address}/32`, fromPort, toPort) : [];
  });
}

function tcp(cidr: string, fromPort: number, toPort: number, why: string): EgressRule {
  return { cidr, protocol: "tcp", fromPort, toPort, why };
}
