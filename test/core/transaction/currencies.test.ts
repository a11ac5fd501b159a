import { describe, expect, it } from "@jest/globals";
import { isCurrency } from "../../../core/transaction/currencies.ts";

describe("a currency", () => {
  it("is each that this runtime knows to be in use", () => {
    expect(Intl.supportedValuesOf("currency").filter((code) => !isCurrency(code))).toEqual([]);
  });

  it.each(["EUR", "BRL", "JPY", "XCG", "CLF", "XAU", "HRK"])("is %s", (code) => {
    expect(isCurrency(code)).toBe(true);
  });

  it.each(["ZZZ", "AAA", "DEM", "eur", "EURO", "", "EUR USD"])("is not %j", (code) => {
    expect(isCurrency(code)).toBe(false);
  });
});
