import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { addDecimals, compareDecimals } from "../../../core/transaction/decimal-sum.ts";

const decimals = fc
  .record({
    isNegative: fc.boolean(),
    whole: fc.bigInt({ min: 0n, max: 10n ** 30n - 1n }),
    fraction: fc.stringMatching(/^\d{0,18}$/),
  })
  .map(({ isNegative, whole, fraction }) => `${isNegative ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`);

/** Counted in the smallest place that an amount can have, by another way than the sum's. */
function atto(decimal: string): bigint {
  const [, sign, whole = "", fraction = ""] = /^(-?)(\d+)\.?(\d*)$/.exec(decimal) ?? [];
  const size = BigInt(whole) * 10n ** 18n + BigInt(fraction.padEnd(18, "0"));
  return sign === "-" ? -size : size;
}

const sum = (amounts: readonly string[]): string => amounts.reduce(addDecimals, "0");

describe("a sum of amounts", () => {
  it("is exact, whatever their size and sign", () => {
    fc.assert(
      fc.property(fc.array(decimals, { maxLength: 30 }), (amounts) => {
        expect(atto(sum(amounts))).toBe(amounts.reduce((total, amount) => total + atto(amount), 0n));
      }),
    );
  });

  it("is written the same in whatever order they are added", () => {
    fc.assert(
      fc.property(fc.array(decimals, { maxLength: 10 }), (amounts) => {
        expect(sum(amounts.toReversed())).toBe(sum(amounts));
      }),
    );
  });

  it.each([
    [["0.1", "0.2"], "0.3"],
    [["12.50", "0"], "12.50"],
    [["9999999999999999.99", "0.01"], "10000000000000000.00"],
    [["-0.05", "0.02"], "-0.03"],
    [["-1.00", "1"], "0.00"],
    [["007", "-0"], "7"],
    [[], "0"],
  ])("of %j is %s", (amounts, expected) => {
    expect(sum(amounts)).toBe(expected);
  });
});

describe("the order of two amounts", () => {
  it("is that of the numbers, whatever their size and sign", () => {
    fc.assert(
      fc.property(decimals, decimals, (one, other) => {
        const [first, second] = [atto(one), atto(other)];
        expect(Math.sign(compareDecimals(one, other))).toBe(first < second ? -1 : Number(first > second));
        expect(compareDecimals(one, addDecimals(one, "0.00"))).toBe(0);
      }),
    );
  });
});
