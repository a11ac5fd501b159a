import type { networkInterfaces } from "node:os";
import { describe, expect, it } from "@jest/globals";
import { ipv6Watch } from "../../../core/delivery/own-network.ts";
import { FakeClock } from "../../support/fake-clock.ts";

type Interfaces = ReturnType<typeof networkInterfaces>;
const address = (family: "IPv4" | "IPv6", text: string, internal = false) =>
  ({ family, address: text, internal }) as NonNullable<Interfaces[string]>[number];

describe("a network", () => {
  it.each([
    ["a global address", address("IPv6", "2a05:d014::1"), true],
    ["loopback", address("IPv6", "::1", true), false],
    ["a link-local address", address("IPv6", "fe80::1%eth0"), false],
    ["an address that is local to its site", address("IPv6", "fd00::1"), false],
    ["IPv4 only", address("IPv4", "8.8.8.8"), false],
  ])("with %s: IPv6 is %s", (_, one, has) => {
    expect(ipv6Watch(new FakeClock().now, () => ({ eth0: [address("IPv4", "10.0.0.1"), one] }))()).toBe(has);
  });

  it("is looked at again after a minute", () => {
    const clock = new FakeClock();
    let interfaces: Interfaces = {};
    const hasIpv6 = ipv6Watch(clock.now, () => interfaces);
    expect(hasIpv6()).toBe(false);
    interfaces = { eth0: [address("IPv6", "2a05:d014::1")] };
    clock.advance(59_999);
    expect(hasIpv6()).toBe(false);
    clock.advance(1);
    expect(hasIpv6()).toBe(true);
  });
});
