import { describe, expect, it } from "@jest/globals";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { type AttributeMap, type AttributeValue, membersJson } from "../../../core/transaction/attribute-value.ts";
import { payloadDigest } from "../../../core/transaction/payload-digest.ts";

const N = (value: string): AttributeValue => ({ N: value });
const S = (value: string): AttributeValue => ({ S: value });
const M = (map: AttributeMap): AttributeValue => ({ M: map });
const L = (...list: AttributeValue[]): AttributeValue => ({ L: list });

describe("the digest of a payload", () => {
  it("is one that anybody can make from what the merchant got", () => {
    const payload = { b: L(N("1.50"), { BOOL: true }, { NULL: true }), a: M({ z: S("ü"), y: N("1E+2") }) };
    const json = '{"a":{"y":100,"z":"ü"},"b":[1.5,true,null]}';
    expect(payloadDigest(payload)).toBe(createHash("sha256").update(json).digest("base64url"));
  });

  it.each<[string, AttributeMap, AttributeMap]>([
    ["the order of members", { a: S("1"), b: S("2") }, { b: S("2"), a: S("1") }],
    [
      "the order of members inside of others",
      { a: L(M({ x: N("1"), y: N("2") })) },
      { a: L(M({ y: N("2"), x: N("1") })) },
    ],
    ["the spelling of a number", { a: N("12.5") }, { a: N("12.50") }],
    ["an exponent", { a: N("1000") }, { a: N("1E+3") }],
    ["the order of a set", { a: { SS: ["x", "y"] } }, { a: { SS: ["y", "x"] } }],
    ["the order of numbers in a set", { a: { NS: ["1", "20"] } }, { a: { NS: ["20", "1.0"] } }],
    ["how binary is held", { a: { B: "AQI=" } }, { a: { B: Uint8Array.of(1, 2) } }],
    ["the order of binary in a set", { a: { BS: ["AQ==", "Ag=="] } }, { a: { BS: ["Ag==", Uint8Array.of(1)] } }],
    ["members that no merchant gets", { a: S("1") }, { a: S("1"), amount: S("7") }],
  ])("does not depend on %s", (_, one, other) => {
    expect(payloadDigest(one)).toBe(payloadDigest(other));
  });

  it("has its members sorted by UTF-16 units, however many there are and in whatever order", () => {
    const names = fc.uniqueArray(fc.string({ unit: "binary", maxLength: 3 }), { maxLength: 40 });
    const canBeRead = (name: string) => name !== "__proto__";
    fc.assert(
      fc.property(names, (all) => {
        const mine = all.filter(canBeRead);
        const json = `{${mine
          .toSorted()
          .map((name) => `${JSON.stringify(name)}:"x"`)
          .join(",")}}`;
        const expected = createHash("sha256").update(json).digest("base64url");
        expect(payloadDigest(Object.fromEntries(mine.map((name) => [name, S("x")])))).toBe(expected);
      }),
    );
  });

  it.each<[string, AttributeMap, AttributeMap]>([
    ["another text", { a: S("1") }, { a: S("2") }],
    ["a text in the place of a number", { a: S("1") }, { a: N("1") }],
    ["another order of a list", { a: L(N("1"), N("2")) }, { a: L(N("2"), N("1")) }],
    ["a further member", { a: S("1") }, { a: S("1"), b: S("2") }],
    ["the last digit of a long number", { a: N("12345678901234567890") }, { a: N("12345678901234567891") }],
    ["a member within another", { a: M({ b: S("1") }) }, { a: M({}), b: S("1") }],
  ])("is another one for %s", (_, one, other) => {
    expect(payloadDigest(one)).not.toBe(payloadDigest(other));
  });

  it("is the same for none, for an empty one, and for one of which no merchant gets anything", () => {
    expect(payloadDigest({})).toBe(payloadDigest(undefined));
    expect(payloadDigest({ outcome: S("x") })).toBe(payloadDigest(undefined));
  });

  it("is the same whoever has read the row: the SDK lists a member named __proto__, and loses its value", () => {
    const bySdk = Object.assign(Object.create(null) as Record<string, AttributeMap[string]>, { a: S("1") });
    Object.defineProperty(bySdk, "__proto__", { value: undefined, enumerable: true });
    const read: AttributeMap = { ["__proto__"]: S("x"), a: S("1") };
    expect(payloadDigest(bySdk)).toBe(payloadDigest(read));
    expect(membersJson(bySdk)).toBe(`"a":"1"`);
    expect(membersJson(read)).toBe(`"__proto__":"x","a":"1"`);
  });
});
