import { describe, expect, it } from "@jest/globals";
import { urlKey } from "../../../core/merchant/merchant-health.ts";
import { AddressGuard } from "../../../core/delivery/address-guard.ts";
import { parseDestination } from "../../../core/delivery/destination.ts";

const closed = new AddressGuard([]);
const opened = new AddressGuard(["127.0.0.1:9000", "[::1]:9000"]);
const codeOf = (url: string, guard = closed): string | undefined => {
  const parsed = parseDestination(url, guard);
  return "code" in parsed ? parsed.code : undefined;
};

describe("a merchant's URL", () => {
  it("is taken as origin, and path with its query", () => {
    expect(parseDestination("https://Merchant.Example/a/b?c=d#e", closed)).toEqual({
      origin: "https://merchant.example",
      path: "/a/b?c=d",
    });
    expect(parseDestination("https://merchant.example:8443", closed)).toEqual({
      origin: "https://merchant.example:8443",
      path: "/",
    });
  });

  it.each([
    ["https://shop.example./a?b=c", "https://shop.example"],
    ["https://shop.example.:8443/a?b=c", "https://shop.example:8443"],
    ["https://shop\u3002example\u3002/a?b=c", "https://shop.example"],
  ])("is the same with the dot of the root: %s", (url, origin) => {
    expect(parseDestination(url, closed)).toEqual({ origin, path: "/a?b=c" });
    expect(urlKey(url)).toBe(`${origin}/a?b=c`);
  });

  it("with the dot of the root is this machine all the same", () => {
    expect(codeOf("http://localhost.:9000/", closed)).toBe("url_not_allowed");
    expect(codeOf("http://localhost.:9000/", opened)).toBeUndefined();
  });

  it.each(["https://shop.example../", "https://./", "https://.shop.example/", "https://shop..example/"])(
    "with an empty label is none: %s",
    (url) => {
      expect(parseDestination(url, closed)).toMatchObject({
        code: "url_invalid",
        reason: expect.stringContaining("expected a name whose labels are not empty"),
      });
    },
  );

  it("may be a public address", () => {
    expect(codeOf("https://8.8.8.8/")).toBeUndefined();
    expect(codeOf("https://[2606:4700:4700::1111]/")).toBeUndefined();
  });

  it.each([
    ["", "url_invalid"],
    ["merchant.example/confirm", "url_invalid"],
    ["/confirm", "url_invalid"],
    ["ftp://merchant.example/", "url_invalid"],
    ["file:///etc/passwd", "url_invalid"],
    ["javascript:alert(1)", "url_invalid"],
    ["https://user@merchant.example/", "url_invalid"],
    ["https://:password@merchant.example/", "url_invalid"],
    [`https://merchant.example/${"x".repeat(2048)}`, "url_invalid"],
    ["http://merchant.example/", "url_not_allowed"],
    ["http://8.8.8.8/", "url_not_allowed"],
    ["http://localhost:9000/", "url_not_allowed"],
    ["https://127.0.0.1/", "url_not_allowed"],
    ["https://10.0.0.1:8443/", "url_not_allowed"],
    ["https://localhost/", "url_not_allowed"],
    ["https://localhost./", "url_not_allowed"],
    ["https://LOCALHOST:8443/", "url_not_allowed"],
    ["https://a.b.localhost/", "url_not_allowed"],
  ])("%s is refused as %s", (url, code) => {
    expect(codeOf(url)).toBe(code);
  });

  it.each([
    ["https://merchant.example:8443/", undefined],
    ["https://8.8.8.8:8443/", undefined],
    ["https://merchant.example:9443/", "url_port_not_allowed"],
    ["https://8.8.8.8:9443/", "url_port_not_allowed"],
    ["https://[2606:4700:4700::1111]:22/", "url_port_not_allowed"],
    ["https://merchant.example:9000/", undefined],
    ["http://127.0.0.1:9000/", undefined],
    ["https://10.0.0.1:9443/", "url_not_allowed"],
  ])("%s has a port that is opened or listed, or is refused: %s", (url, code) => {
    expect(codeOf(url, new AddressGuard(["127.0.0.1:9000"], [], [8443]))).toBe(code);
  });

  it("is never shown whole, nor its password, in the reason", () => {
    const parsed = parseDestination("https://user:hunter2@merchant.example/", closed);
    expect(JSON.stringify(parsed)).not.toContain("hunter2");
    const long = parseDestination("x".repeat(5000), closed);
    expect("reason" in long && long.reason.length).toBeLessThan(500);
  });
});

describe("an address on the list of refused destinations", () => {
  const guard = new AddressGuard(["127.0.0.1:1-65535", "[::1]:1-65535"], ["127.0.0.1:8000", "8.8.8.8:443"]);

  it.each([
    "http://127.0.0.1:8000/",
    "https://127.0.0.1:8000/",
    "http://localhost:8000/",
    "http://2130706433:8000/",
    "https://8.8.8.8/",
  ])("is not called at %s, and the reason names the list", (url) => {
    expect(parseDestination(url, guard)).toMatchObject({
      code: "url_not_allowed",
      reason: expect.stringContaining("settings.delivery.refuseDestinations"),
    });
  });

  it("leaves its other ports alone", () => {
    expect(codeOf("http://127.0.0.1:8001/", guard)).toBeUndefined();
  });
});

describe("an address on the allow-list", () => {
  it.each([
    "http://127.0.0.1:9000/",
    "https://127.0.0.1:9000/",
    "http://[::1]:9000/",
    "http://localhost:9000/",
    "http://m1.localhost:9000/x",
    "https://localhost:9000/",
    "http://shop.test:9000/x",
  ])("may be called at %s", (url) => {
    expect(codeOf(url, opened)).toBeUndefined();
  });

  it.each([
    "http://127.0.0.1:9001/",
    "http://127.0.0.1/",
    "http://127.0.0.2:9000/",
    "http://localhost:9001/",
    "http://merchant.example:9000/",
  ])("opens no other: %s", (url) => {
    expect(codeOf(url, opened)).toBe("url_not_allowed");
  });
});
