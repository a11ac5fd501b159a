/** Destinations that must never be called, by what they are: as hosts of URLs, and as what names resolve to. */

/** Addresses in their plain notation; each must be refused as a literal and as the answer of a name server. */
export const FORBIDDEN_ADDRESSES: Readonly<Record<string, readonly string[]>> = {
  loopback: ["127.0.0.1", "127.0.0.2", "127.255.255.254", "::1"],
  "this host": ["0.0.0.0", "0.0.0.1", "0.255.255.255", "::"],
  private: ["10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.255.255"],
  "unique local": ["fc00::1", "fd00::1", "fdff:ffff::1"],
  "link-local": ["169.254.0.1", "169.254.255.255", "fe80::1", "febf::1", "fec0::1"],
  "metadata of instances": ["169.254.169.254", "fd00:ec2::254"],
  "metadata of tasks": ["169.254.170.2"],
  "time and names of the VPC": ["169.254.169.123", "169.254.169.253", "fd00:ec2::253"],
  "carrier-grade NAT": ["100.64.0.1", "100.100.100.200", "100.127.255.255"],
  multicast: ["224.0.0.1", "239.255.255.255", "ff02::1", "ff0e::1"],
  broadcast: ["255.255.255.255"],
  reserved: ["240.0.0.1", "255.255.255.254", "192.0.0.1", "198.18.0.1", "198.19.255.255"],
  documentation: ["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"],
  "IPv4-mapped": ["::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:10.0.0.1", "::ffff:8.8.8.8"],
  "IPv4-translated": ["::ffff:0:127.0.0.1", "::ffff:0:8.8.8.8"],
  "IPv4-compatible": ["::127.0.0.1", "::169.254.169.254", "::8.8.8.8"],
  NAT64: ["64:ff9b::127.0.0.1", "64:ff9b::169.254.169.254", "64:ff9b::8.8.8.8"],
  "local NAT64": ["64:ff9b:1::127.0.0.1", "64:ff9b:1:fffe::a9fe:a9fe"],
  "6to4": ["2002:7f00:1::1", "2002:a9fe:a9fe::1", "2002:808:808::1", "192.88.99.1"],
  Teredo: ["2001::1", "2001:0:7f00:1:8000:f227:80ff:fffe"],
  "protocol assignments": ["2001:2::1", "2001:10::1", "2001:20::1", "2001:1ff::1", "100::1", "5f00::1"],
  "not given out": ["4000::1", "e000::1", "::2"],
};

/** How else addresses of this machine and of the metadata service can be written as the host of a URL. */
export const NOTATIONS: Readonly<Record<string, readonly string[]>> = {
  decimal: ["2130706433", "2130706434", "2852039166", "0", "4294967295"],
  octal: ["0177.0.0.1", "017700000001", "0251.0376.0251.0376", "00000177.0.0.1"],
  hexadecimal: ["0x7f000001", "0x7F.0x0.0x0.0x1", "0x7f.1", "0xa9fea9fe", "0X7F000002"],
  short: ["127.1", "127.0.1", "127.2", "169.254.43518", "10.1"],
  "mixed bases": ["0x7f.0.0.01", "0177.0x0.1", "169.0xfe.0251.254"],
  "with a trailing dot": ["127.0.0.1.", "2130706433.", "0x7f.1.", "localhost.", "a.localhost."],
  "full-width digits": ["１２７.０.０.１", "１２７.1", "０x7f000001"],
  "dots of other scripts": ["127。0。0。1", "127．0．0．1", "127｡0｡0｡1", "169。254。169。254"],
  "circled digits": ["①②⑦.⓪.⓪.①", "①②⑦.1"],
  percent: ["%31%32%37.0.0.1", "127%2e0%2e0%2e1", "%6cocalhost"],
  "IPv6 in full": ["[0000:0000:0000:0000:0000:0000:0000:0001]", "[0:0:0:0:0:0:0:1]", "[0::1]", "[::0001]"],
  "IPv6 with IPv4 in it": ["[::ffff:127.0.0.1]", "[::FFFF:7F00:1]", "[0:0:0:0:0:ffff:7f00:0001]", "[::ffff:0a00:1]"],
  "IPv6 with a zone": ["[fe80::1%25eth0]", "[fe80::1%eth0]", "[::1%25lo]", "[::1%lo]"],
  "this machine by name": ["localhost", "LOCALHOST", "LocalHost", "a.b.localhost", "ｌｏｃａｌｈｏｓｔ"],
};

/** URLs that say one host to a careless reader and another to a careful one. */
export const DISGUISES: readonly ((port: number) => string)[] = [
  (port) => `https://merchant.example@127.0.0.2:${port}/`,
  (port) => `https://merchant.example:443@127.0.0.2:${port}/`,
  (port) => `https://127.0.0.2:${port}#@merchant.example/`,
  (port) => `https://127.0.0.2:${port}?@merchant.example/`,
  (port) => `https://127.0.0.2:${port}\\@merchant.example/`,
  (port) => `https:\\\\127.0.0.2:${port}\\`,
  (port) => `https:127.0.0.2:${port}/`,
  (port) => `https:///127.0.0.2:${port}/`,
  (port) => `  https://127.0.0.2:${port}/`,
  (port) => `ht\ntps://127.0.\t0.2:${port}/`,
  (port) => `HTTPS://127.0.0.2:0${port}/`,
  (port) => `https://[::ffff:127.0.0.2]:${port}/`,
  (port) => `//127.0.0.2:${port}/`,
  (port) => `gopher://127.0.0.2:${port}/`,
  (port) => `ws://127.0.0.2:${port}/`,
  () => "file:///etc/passwd",
  () => "data:text/plain,hello",
];
