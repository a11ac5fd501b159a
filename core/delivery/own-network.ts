/**
 * Whether this machine can reach IPv6 at all: without a global address of its own an AAAA is asked for, and waited for,
 * in vain.
 */
import { networkInterfaces } from "node:os";
import ipaddr from "ipaddr.js";

/** Milliseconds for which a response is kept: networks of a task hardly ever change. */
const KEPT_MS = 60_000;
/** The only range that is routed publicly (RFC 4291, IANA allocation). */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR("2000::/3");

/** @returns asks the machine at most once a minute */
export function ipv6Watch(now: () => number, interfaces: typeof networkInterfaces = networkInterfaces): () => boolean {
  let hasIpv6 = false;
  let lookedAt = Number.NEGATIVE_INFINITY;
  return () => {
    const at = now();
    if (at - lookedAt >= KEPT_MS || at < lookedAt) {
      lookedAt = at;
      hasIpv6 = Object.values(interfaces()).some((addresses) =>
        addresses?.some(({ family, internal, address }) => family === "IPv6" && !internal && isGlobal(address)),
      );
    }
    return hasIpv6;
  };
}

function isGlobal(address: string): boolean {
  const [bare = ""] = address.split("%");
  return ipaddr.IPv6.isValid(bare) && ipaddr.IPv6.parse(bare).match(GLOBAL_UNICAST);
}
