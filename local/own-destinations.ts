/**
 * Which destinations the stack on this machine refuses to call for itself: a merchant's URL may lead to DynamoDB, SQS
 * or Lambda of this very stack when the user allows all of loopback. The REST API is not among them: the reference
 * merchant is behind it, and it answers no other POST.
 */
import { BlockList, isIPv6 } from "node:net";
import { networkInterfaces } from "node:os";
import { parseListedDestination } from "../core/merchant/destination-list.ts";

/**
 * @param allowed entries of `delivery.allowDestinations`; only what they allow has to be refused, as no other private
 * address is ever called
 * @param ports of the stack's own services
 */
export function ownDestinations(allowed: readonly string[], ports: readonly number[]): string[] {
  const mine = addressesOfMachine();
  const refused = allowed.flatMap((entry) => {
    const listed = parseListedDestination(entry);
    // What cannot be read is reported with all other faults of the settings.
    if (listed === undefined) return [];
    const { address, fromPort, toPort } = listed;
    const isV6 = isIPv6(address);
    if (!mine.check(address, isV6 ? "ipv6" : "ipv4")) return [];
    return ports
      .filter((port) => fromPort <= port && port <= toPort)
      .map((port) => (isV6 ? `[${address}]:${port}` : `${address}:${port}`));
  });
  return [...new Set(refused)];
}

/** IPv4 addresses that are mapped into IPv6 are found too. */
function addressesOfMachine(): BlockList {
  const addresses = new BlockList();
  addresses.addSubnet("127.0.0.0", 8, "ipv4");
  addresses.addAddress("0.0.0.0", "ipv4");
  addresses.addAddress("::1", "ipv6");
  addresses.addAddress("::", "ipv6");
  for (const each of Object.values(networkInterfaces()).flatMap((list) => list ?? []))
    addresses.addAddress(each.address, each.family === "IPv6" ? "ipv6" : "ipv4");
  return addresses;
}
