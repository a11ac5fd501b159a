/**
 * What may leave the workers' subnets, as data: each public address at the ports of merchants, the VPC itself at 443,
 * where its endpoints are, and what the operator listed one by one. The rest of the private ranges is closed.
 * Name servers of the operator's own are reached over UDP and TCP; Amazon's resolver is beyond all rules.
 */
import { isIPv4 } from "node:net";
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

type Delivery = Pick<Settings["delivery"], "allowPorts" | "allowDestinations" | "nameServers" | "proxyUrl">;

export function merchantRules({ allowPorts }: Pick<Delivery, "allowPorts">): readonly EgressRule[] {
  const ports = new Set([HTTPS_PORT, ...allowPorts]);
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
    ...(proxyUrl === undefined ? [] : proxyRules(endpointOf(proxyUrl))),
  ];
}

/** A name's address is not known here; within the VPC and at public addresses its port is open then. */
function proxyRules({ host, port }: Endpoint): readonly EgressRule[] {
  return [tcp(isIPv4(host) ? `${host}/32` : ANYWHERE, port, port, "The proxy of delivery.proxyUrl")];
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
