import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  HEADER_LIMITS,
  headerFaults,
  headerLines,
  normalHeaders,
  whyNotName,
  whyNotValue,
} from "../../../../core/merchant/connection/header-rules.ts";

const FRAMING = [
  "host",
  "content-length",
  "transfer-encoding",
  "connection",
  "te",
  "trailer",
  "upgrade",
  "expect",
  "keep-alive",
  "proxy-authorization",
  "proxy-connection",
  "content-type",
  "content-encoding",
  "accept-encoding",
  "user-agent",
  "traceparent",
  "webhook-id",
  "webhook-signature",
  "webhook-anything",
];

describe("the name of a header", () => {
  it.each([...FRAMING, ...FRAMING.map((name) => name.toUpperCase())])("is never %s", (name) => {
    expect([whyNotName(name, "plain"), whyNotName(name, "secret")]).toEqual([expect.any(String), expect.any(String)]);
  });

  it.each([
    "",
    " x-a",
    "x-a ",
    "x a",
    "x-a:",
    ":authority",
    "x-a\r",
    "x-a\nhost",
    "x-a\0",
    "x-ä",
    "ｘ-a",
    "x-\u212a",
    "__proto__",
    "-a",
    "1a",
    "x".repeat(65),
  ])("is never %j", (name) => {
    expect(whyNotName(name, "secret")).toEqual(expect.any(String));
  });

  it.each(["authorization", "Cookie", "X-API-Key"])("is %s for a secret one alone", (name) => {
    expect([whyNotName(name, "plain"), whyNotName(name, "secret")]).toEqual([expect.any(String), undefined]);
  });

  it.each(["x-partner-id", "X_Legacy", "constructor", "x.y", "hosting", "webhook", "x".repeat(64)])(
    "may be %s",
    (name) => {
      expect(whyNotName(name, "plain")).toBeUndefined();
    },
  );
});

describe("the value of a header", () => {
  it.each([
    "",
    " ",
    " a",
    "a ",
    "\ta",
    "a\r\nx-b: 2",
    "a\nb",
    "a\rb",
    "a\0b",
    "a\u007fb",
    "a\u0085b",
    "a\u2028b",
    "naïve",
    "上",
    "\ud800",
    "嘊嘍x-b: 2",
    "a".repeat(2049),
  ])("is never %j", (value) => {
    expect(whyNotValue(value)).toEqual(expect.any(String));
  });

  it.each(["a", "two words", "a\tb", 'W/"e", x=1; y', "~!@#$%^&*()", "a".repeat(2048)])("may be %j", (value) => {
    expect(whyNotValue(value)).toBeUndefined();
  });

  it("is decided in a time that grows with its length alone", () => {
    expect(whyNotValue(`a${" ".repeat(2000)}`)).toEqual(expect.any(String));
    expect(whyNotValue(` \t`.repeat(1_000_000))).toEqual(expect.any(String));
  });
});

describe("the headers of a merchant", () => {
  it("come to lines that hold each name and value once, whatever was given", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: "binary" }), fc.string({ unit: "binary" })), (given) => {
        if (headerFaults(given, "secret").length > 0) return;
        const lines = headerLines(normalHeaders(given));
        const parts = lines.split("\r\n");
        expect(parts.pop()).toBe("");
        expect(parts.map((line) => line.split(": ")[0])).toEqual(
          Object.keys(given)
            .map((name) => name.toLowerCase())
            .toSorted(),
        );
        expect(lines).toMatch(/^(?:[a-z][a-z0-9._-]*: [\x20-\x7e\t]+\r\n)*$/);
      }),
    );
  });

  it("are bounded in number and in bytes, together", () => {
    const many = Object.fromEntries(Array.from({ length: HEADER_LIMITS.count + 1 }, (_, nth) => [`x-${nth}`, "1"]));
    expect(headerFaults(many, "plain")).toEqual([{ detail: expect.stringMatching(/21 headers, expected at most 20/) }]);
    const large = { "x-a": "a".repeat(2048), "x-b": "b".repeat(2048) };
    expect(headerFaults(large, "plain")).toEqual([{ detail: expect.stringMatching(/bytes of headers, expected/) }]);
  });

  it("are never told with their values", () => {
    const faults = headerFaults({ authorization: "Bearer hush", "x-a": "hush\r\n" }, "plain");
    expect(faults).toHaveLength(2);
    expect(JSON.stringify(faults)).not.toContain("hush");
  });
});
