import { describe, expect, it } from "@jest/globals";
import { ExactNumber, parseExactJson } from "../../../core/api/exact-json.ts";

describe("parseExactJson", () => {
  it.each(["1", "0.1", "-12.5", "123456789012345", "0"])("gives a number for %s", (text) => {
    expect(parseExactJson(`{"n":${text}}`)).toEqual({ n: Number(text) });
    expect(parseExactJson(text)).toBe(Number(text));
  });

  it.each([
    "12345678901234567890",
    "0.1000000000000000055",
    "123456789012345678e5",
    "-1.23456789012345678E-3",
    "1e309",
    "1e-400",
    "1e99999",
    "0.00001e-99999",
  ])("keeps %s as it is written, wherever it stands", (text) => {
    const exact = new ExactNumber(text);
    expect(parseExactJson(`{"n":${text},"l":[1,${text}, ${text}]}`)).toEqual({ n: exact, l: [1, exact, exact] });
  });

  it.each([
    "1e5",
    "1e0",
    "-1.5E-3",
    "10.0",
    "100000000000000000000000",
    "0e999999999",
    "-0.0E-12345",
    "1e00005",
    "25E-000001",
  ])("gives a number for %s, which is one however it is spelled", (text) => {
    expect(parseExactJson(`{"n":${text},"l":[${text}]}`)).toEqual({ n: Number(text), l: [Number(text)] });
  });

  it("leaves texts alone", () => {
    const value = { id: "1e5", long: "12345678901234567890", list: ["a, 1e5"] };
    expect(parseExactJson(JSON.stringify(value))).toEqual(value);
  });

  it("throws a SyntaxError for what is no JSON", () => {
    for (const text of ["", "{", "01", "1e", "NaN"]) expect(() => parseExactJson(text)).toThrow(SyntaxError);
  });
});
