import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { AddressGuard, AllowListError } from "../../../core/delivery/address-guard.ts";
import { parseDestination } from "../../../core/delivery/destination.ts";

const guard = new AddressGuard([]);

const REFUSED: Readonly<Record<string, readonly string[]>> = {
  loopback: ["127.0.0.1", "127.255.255.254", "::1"],
  private: ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"],
  "link-local and metadata": ["169.254.169.254", "169.254.170.2", "169.254.0.1", "fe80::1", "fd00:ec2::254"],
  "carrier-grade NAT": ["100.64.0.1", "100.127.255.255"],
  unspecified: ["0.0.0.0", "0.1.2.3", "::"],
  "broadcast and reserved": ["255.255.255.255", "240.0.0.1", "192.0.0.8", "198.18.0.1", "192.88.99.1"],
  documentation: ["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"],
  multicast: ["224.0.0.1", "239.255.255.250", "ff02::1", "ff0e::1"],
  "unique local and site-local": ["fc00::1", "fdff::1", "fec0::1"],
  "IPv4-mapped": ["::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:8.8.8.8", "0:0:0:0:0:ffff:a9fe:a9fe"],
  "IPv4-compatible": ["::127.0.0.1", "::8.8.8.8"],
  NAT64: ["64:ff9b::7f00:1", "64:ff9b::8.8.8.8", "64:ff9b:1::a9fe:a9fe"],
  "6to4": ["2002:7f00:1::", "2002:a9fe:a9fe::1"],
  Teredo: ["2001::1", "2001:0:53aa:64c::1"],
  "other special ranges": ["100::1", "2001:2::1", "2001:10::1", "2001:20::1", "5f00::1", "4000::1", "::ffff:0:1.2.3.4"],
};
const PUBLIC = [
  "8.8.8.8",
  "1.1.1.1",
  "9.255.255.255",
  "11.0.0.1",
  "100.63.255.255",
  "100.128.0.1",
  "126.255.255.255",
  "128.0.0.1",
  "169.253.255.255",
  "172.15.255.255",
  "172.32.0.1",
  "192.167.255.255",
  "223.255.255.255",
  "2606:4700:4700::1111",
  "2a00:1450:4001::1",
];

describe("the address guard", () => {
  it.each(Object.entries(REFUSED))("refuses %s addresses", (_, addresses) => {
    expect(addresses.filter((address) => guard.isAllowed(address, 443))).toEqual([]);
  });

  it("allows public addresses at port 443 and those that the operator opened, where it was told of ports", () => {
    const told = new AddressGuard(["8.8.8.8:9000", "127.0.0.1:9000"], [], [8443]);
    const allowed = [443, 8443, 444, 80, 9000].filter((port) => told.isAllowed("8.8.8.8", port));
    expect(allowed).toEqual([443, 8443, 9000]);
    expect([told.isClosedPort("8.8.8.8", 444), told.isClosedPort("10.0.0.1", 444)]).toEqual([true, false]);
    expect(told.isAllowed("127.0.0.1", 9000)).toBe(true);
  });

  it("allows public addresses, up to the edges of the refused ranges", () => {
    expect(PUBLIC.filter((address) => !guard.isAllowed(address, 443))).toEqual([]);
  });

  it("refuses an address that is refused in IPv4 when it is mapped, translated or tunnelled through IPv6", () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const hex = address.split(".").map((part) => Number(part).toString(16).padStart(2, "0"));
        const low = `${hex[0]}${hex[1]}:${hex[2]}${hex[3]}`;
        const wrapped = [`::ffff:${address}`, `::ffff:${low}`, `64:ff9b::${low}`, `2002:${low}::1`, `::${low}`];
        expect(wrapped.filter((one) => guard.isAllowed(one, 443))).toEqual([]);
      }),
    );
  });
});

/** An IPv4 address as inet_aton reads it: the last of fewer than four parts stands for all that are left. */
function notation(address: string, count: number, bases: readonly number[]): string {
  const bytes = address.split(".").map(Number);
  const parts = [...bytes.slice(0, count - 1), bytes.slice(count - 1).reduce((value, byte) => value * 256 + byte, 0)];
  const prefix: Readonly<Record<number, string>> = { 8: "0", 10: "", 16: "0x" };
  return parts.map((part, index) => `${prefix[bases[index] ?? 10]}${part.toString(bases[index] ?? 10)}`).join(".");
}

describe("a refused address", () => {
  // How 127.0.0.1 and 169.254.169.254 can be written in a URL.
  it.each([
    "2130706433",
    "017700000001",
    "0x7f000001",
    "0x7f.1",
    "127.1",
    "127.0.0.1.",
    "0177.0.0.1",
    "0x7F.0x0.0x0.0x1",
    "127.0.1",
    "１２７.0.0.1",
    "127。0。0。1",
    "%31%32%37.0.0.1",
    "2852039166",
    "0xa9fea9fe",
    "0251.0376.0251.0376",
    "169.254.43518",
    "[::ffff:169.254.169.254]",
    "[::ffff:a9fe:a9fe]",
    "[0000:0000:0000:0000:0000:0000:0000:0001]",
    "[::127.0.0.1]",
    "[fd00:ec2::254]",
    "0",
    "0.0.0.0",
  ])("is refused in the notation %s", (host) => {
    expect(parseDestination(`https://${host}/`, guard)).toMatchObject({
      code: expect.stringMatching(/^url_(not_allowed|invalid)$/),
    });
  });

  it("is judged alike however its parts are written: decimal, octal, hexadecimal, two or three of them in one", () => {
    const written = fc.tuple(
      fc.oneof(fc.ipV4(), fc.constantFrom("127.0.0.1", "169.254.169.254", "10.0.0.1", "192.168.1.1", "8.8.8.8")),
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.constantFrom(10, 8, 16), { minLength: 4, maxLength: 4 }),
      fc.boolean(),
    );
    fc.assert(
      fc.property(written, ([address, count, bases, hasDot]) => {
        const host = notation(address, count, bases) + (hasDot ? "." : "");
        expect(parseDestination(`https://${host}/`, guard)).toEqual(parseDestination(`https://${address}/`, guard));
      }),
    );
  });

  it.each(["[fe80::1%25eth0]", "[::1", "300.1.1.1", "0x100000000", "127.0.0.1.1.1"])(
    "is no URL at all as %s",
    (host) => {
      expect(parseDestination(`https://${host}/`, guard)).toMatchObject({ code: "url_invalid" });
    },
  );
});

describe("the allow-list", () => {
  it("opens one address at one port and nothing beside it", () => {
    const opened = new AddressGuard(["127.0.0.1:9000"]);
    expect(opened.isAllowed("127.0.0.1", 9000)).toBe(true);
    expect(opened.isAllowed("127.0.0.1", 9001)).toBe(false);
    expect(opened.isAllowed("127.0.0.2", 9000)).toBe(false);
    expect(opened.isAllowed("::ffff:127.0.0.1", 9000)).toBe(false);
    expect(opened.isAllowed("169.254.169.254", 9000)).toBe(false);
  });

  it("opens a range of ports, its ends included", () => {
    const opened = new AddressGuard(["127.0.0.1:9000-9002"]);
    expect([8999, 9000, 9002, 9003].map((port) => opened.isListed("127.0.0.1", port))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it("knows an IPv6 address in each of its notations", () => {
    const opened = new AddressGuard(["[0:0::1]:9000"]);
    expect(opened.isListed("::1", 9000)).toBe(true);
    expect(opened.isListed("0:0:0:0:0:0:0:1", 9000)).toBe(true);
    expect(opened.isListed("::2", 9000)).toBe(false);
  });

  it("does not list public addresses just because they are allowed", () => {
    expect(new AddressGuard(["127.0.0.1:9000"]).isListed("8.8.8.8", 9000)).toBe(false);
  });

  it("gives way to the list of refused destinations, as public addresses do", () => {
    const opened = new AddressGuard(["127.0.0.1:1-65535", "[::1]:9000"], ["127.0.0.1:9000-9001", "8.8.8.8:443"]);
    expect([8999, 9000, 9001, 9002].map((port) => opened.isListed("127.0.0.1", port))).toEqual([
      true,
      false,
      false,
      true,
    ]);
    expect(opened.isAllowed("127.0.0.1", 9000)).toBe(false);
    expect(opened.isAllowed("::1", 9000)).toBe(true);
    expect([opened.isAllowed("8.8.8.8", 443), opened.isAllowed("8.8.8.8", 444)]).toEqual([false, true]);
  });

  it.each([
    "127.0.0.1",
    "127.1:80",
    "127.0.0.1:0",
    "127.0.0.1:",
    "localhost:80",
    "127.0.0.1:70000",
    "127.0.0.1:9-8",
    "::1:80",
    "[1.2.3.4]x:1",
    "999.0.0.1:1",
    "*:80",
    "127.0.0.1:0x50",
  ])("refuses the entry %s", (entry) => {
    expect(() => new AddressGuard([entry])).toThrow(AllowListError);
  });
});
