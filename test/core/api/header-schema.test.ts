import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { headerNamesSchema, headerValueSchema } from "../../../core/api/header-schema.ts";
import { type HeaderKind, whyNotName, whyNotValue } from "../../../core/merchant/connection/header-rules.ts";

const KINDS: readonly HeaderKind[] = ["plain", "secret"];
const NAMES = [
  "x-partner-id",
  "X-Partner.Id_2",
  "a",
  "Host",
  "hosts",
  "HOST",
  "Webhook-Id",
  "webhook",
  "proxy-authorization",
  "Proxy",
  "Authorization",
  "COOKIE",
  "x-api-key",
  "Content-Type",
  "content-types",
  "1st",
  "x y",
  "x:y",
  "é",
  "",
  "x".repeat(64),
  "x".repeat(65),
];

/** As a validator of JSON Schema has it. */
function isName(name: string, kind: HeaderKind): boolean {
  const { pattern, maxLength, not } = headerNamesSchema(kind).propertyNames;
  return new RegExp(pattern, "u").test(name) && name.length <= maxLength && !new RegExp(not.pattern, "u").test(name);
}

describe.each(KINDS)("what the document says of %s headers", (kind) => {
  it("takes the names that are taken, and no other", () => {
    const wrong = NAMES.filter((name) => isName(name, kind) !== (whyNotName(name, kind) === undefined));
    expect(wrong).toEqual([]);
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[A-Za-z][A-Za-z0-9._-]{0,70}$/)), (name) => {
        expect(isName(name, kind)).toBe(whyNotName(name, kind) === undefined);
      }),
    );
  });

  it("needs no look-around, which expressions of other languages have not", () => {
    expect(JSON.stringify(headerNamesSchema(kind))).not.toMatch(/\(\?[=!<]/);
  });
});

describe("what the document says of a header's value", () => {
  it("takes the values that are taken, and no other", () => {
    const { pattern = "", minLength = 0, maxLength = 0 } = headerValueSchema().meta() as Record<string, never>;
    const isValue = (text: string) =>
      new RegExp(pattern, "u").test(text) && text.length >= minLength && text.length <= maxLength;
    const texts = ["a", "a b", "a\tb", " a", "a ", "", "a\r\nb", "é", "x".repeat(2048), "x".repeat(2049)];
    expect(texts.filter((text) => isValue(text) !== (whyNotValue(text) === undefined))).toEqual([]);
  });
});
