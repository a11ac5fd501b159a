import { describe, expect, it } from "@jest/globals";
import { amountText, durationText, instantText, utcText } from "../../console/src/shown/format.ts";

/** Separators may be narrow and never break. */
function plain(text: string): string {
  return text.replaceAll(/[\u00a0\u202f]/g, " ");
}

describe("an amount", () => {
  it.each([
    ["12.50", "EUR", "en", "EUR 12.50"],
    ["12.5", "EUR", "en", "EUR 12.5"],
    ["1234567.00", "EUR", "es", "1.234.567,00 EUR"],
    ["1000", "JPY", "en", "JPY 1,000"],
    // More than a floating point holds.
    ["9007199254740993.01", "USD", "en", "USD 9,007,199,254,740,993.01"],
    ["0.12345678901234567890123", "BTC", "en", "BTC 0.12345678901234567890123"],
    ["-3.10", "USD", "en", "-USD 3.10"],
  ])("%s %s reads, in %s, %s", (amount, currency, locale, text) => {
    expect(plain(amountText(amount, currency, locale))).toBe(text);
  });

  it("is shown as it is where it is no amount, or its currency none", () => {
    expect(amountText("12,50", "EUR", "en")).toBe("12,50 EUR");
    expect(amountText("12.50", "points", "en")).toBe("12.50 points");
    expect(amountText("12.50", undefined, "en")).toBe("12.50");
    expect(amountText(undefined, undefined, "en")).toBe("");
  });
});

describe("a time", () => {
  it("is in the reader's zone, and in UTC to the millisecond for who points at it", () => {
    const instant = "2026-11-22T23:30:00.123Z";
    expect(plain(instantText(instant, "en", "Europe/Madrid"))).toBe("Nov 23, 2026, 12:30:00 AM");
    expect(plain(instantText(instant, "es", "Europe/Madrid"))).toBe("23 nov 2026, 0:30:00");
    expect(utcText(instant)).toBe("2026-11-22 23:30:00.123 UTC");
  });

  it("that is none is shown as it is", () => {
    expect(instantText("soon", "en")).toBe("soon");
    expect(utcText("soon")).toBe("soon");
  });
});

describe("a duration", () => {
  it.each([
    [0, "0 ms"],
    [999, "999 ms"],
    [1540, "1.5 sec"],
    [60_000, "1 min"],
    [90_000, "1 min 30 sec"],
    [3_600_000 * 26, "1 day 2 hr"],
  ])("of %d ms reads %s", (ms, text) => {
    expect(plain(durationText(ms, "en"))).toBe(text);
  });
});
