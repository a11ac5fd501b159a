import { describe, expect, it } from "@jest/globals";
import { registrableDomain } from "../../../core/delivery/registrable-domain.ts";

describe("origins that belong together", () => {
  it.each([
    ["hosts of one domain", "https://a.shop.example", "https://b.shop.example:8443"],
    ["a domain and its hosts", "https://shop.example", "https://www.shop.example"],
    ["a name with and without its last dot", "https://shop.example", "https://shop.example."],
    ["hosts below a registry of a country", "https://a.shop.co.uk", "https://b.shop.co.uk"],
    ["merchants of one platform", "https://one.platform.example", "https://two.platform.example"],
    ["hosts of one customer of a platform", "https://a.github.io", "https://pages.a.github.io"],
    ["hosts below a suffix of three labels", "https://one.shop.kawasaki.jp", "https://www.one.shop.kawasaki.jp"],
    ["addresses of one network", "https://8.8.8.8", "https://8.8.8.9:8443"],
    ["addresses of one IPv6 network", "https://[2606:4700:1::1]", "https://[2606:4700:1:ff::2]"],
  ])("are one site: %s", (_, one, other) => {
    expect(registrableDomain(one)).toBe(registrableDomain(other));
  });
});

describe("origins that have nothing to do with each other", () => {
  it.each([
    ["two domains", "https://shop.example", "https://store.example"],
    ["two domains below a registry of a country", "https://one.co.uk", "https://two.co.uk"],
    ["two customers of a platform", "https://a.github.io", "https://b.github.io"],
    ["a platform and its customer", "https://github.io", "https://a.github.io"],
    ["two domains below a suffix of three labels", "https://one.shop.kawasaki.jp", "https://two.shop.kawasaki.jp"],
    ["two public networks", "https://8.8.8.8", "https://9.9.9.9"],
    ["two programs on this machine", "http://127.0.0.1:9001", "http://127.0.0.1:9002"],
    ["the same by name", "http://m1.localhost:9001", "http://m1.localhost:9002"],
    ["two programs on a machine of one's own network", "https://10.0.0.1:9001", "https://10.0.0.1:9002"],
  ])("are two sites: %s", (_, one, other) => {
    expect(registrableDomain(one)).not.toBe(registrableDomain(other));
  });
});
