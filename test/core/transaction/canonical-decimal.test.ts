import { expect, it } from "@jest/globals";
import fc from "fast-check";
import { canonicalDecimal } from "../../../core/transaction/canonical-decimal.ts";

it.each([
  ["12.5", ["12.5", "12.50", "012.5", "1.25e1", "1.25E+1", "125e-1", "0.0125E3"]],
  ["1000", ["1000", "1e3", "1E+3", "1000.0", "10.00e2", "0001000"]],
  ["-0.001", ["-0.001", "-1e-3", "-0.0010", "-00.001"]],
  ["0", ["0", "-0", "0.000", "0e10", "-0.0e-3", "000"]],
  [
    "12345678901234567890.12345678901234567",
    ["12345678901234567890.12345678901234567", "12345678901234567890.123456789012345670"],
  ],
])("%s has one spelling", (canonical, spellings) => {
  expect(spellings.map(canonicalDecimal)).toEqual(spellings.map(() => canonical));
});

it("is the same for numbers that are the same, and for no others", () => {
  const decimal = fc.tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.nat({ max: 12 }));
  fc.assert(
    fc.property(decimal, decimal, fc.nat({ max: 5 }), ([units, places], [others, otherPlaces], zeros) => {
      const written = `${units}${"0".repeat(zeros)}e-${places + zeros}`;
      const isSame = units * 10n ** BigInt(otherPlaces) === others * 10n ** BigInt(places);
      expect(canonicalDecimal(written)).toBe(canonicalDecimal(`${units}e-${places}`));
      expect(canonicalDecimal(written) === canonicalDecimal(`${others}e-${otherPlaces}`)).toBe(isSame);
    }),
  );
});

it("leaves alone what is no number", () => {
  expect(["", "1.2.3", "NaN", "1e99999", " 1"].map(canonicalDecimal)).toEqual(["", "1.2.3", "NaN", "1e99999", " 1"]);
});
