import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { parseHttpDate } from "../../../core/http/http-date.ts";

const NOW = Date.UTC(2026, 10, 22);
const EXAMPLE = Date.UTC(1994, 10, 6, 8, 49, 37);
const seconds = fc.integer({ min: 0, max: 4_000_000_000 });

describe("a date in a header", () => {
  it.each([
    ["IMF-fixdate", "Sun, 06 Nov 1994 08:49:37 GMT"],
    ["RFC 850", "Sunday, 06-Nov-94 08:49:37 GMT"],
    ["asctime", "Sun Nov  6 08:49:37 1994"],
    ["IMF-fixdate in UTC", "Sun, 06 Nov 1994 08:49:37 UTC"],
    ["IMF-fixdate with an offset", "Sun, 06 Nov 1994 08:49:37 +0000"],
    ["IMF-fixdate with an offset of RFC 5322", "Sun, 06 Nov 1994 08:49:37 -0000"],
    ["RFC 850 in UTC", "Sunday, 06-Nov-94 08:49:37 UTC"],
  ])("is read in the form of %s", (_, text) => {
    expect(parseHttpDate(text, NOW)).toBe(EXAMPLE);
  });

  it("comes back from the form that every sender must use", () => {
    fc.assert(
      fc.property(seconds, (at) => {
        expect(parseHttpDate(new Date(at * 1000).toUTCString(), NOW)).toBe(at * 1000);
      }),
    );
  });

  it("of two digits lies in the century in which it is not more than 50 years ahead", () => {
    expect(parseHttpDate("Sunday, 06-Nov-77 08:49:37 GMT", NOW)).toBe(Date.UTC(1977, 10, 6, 8, 49, 37));
    expect(parseHttpDate("Friday, 06-Nov-76 08:49:37 GMT", NOW)).toBe(Date.UTC(2076, 10, 6, 8, 49, 37));
  });

  it("may be a leap second", () => {
    expect(parseHttpDate("Sat, 31 Dec 2016 23:59:60 GMT", NOW)).toBe(Date.UTC(2017, 0, 1));
  });

  it.each([
    "",
    "tomorrow",
    "2026-11-22T10:00:00Z",
    "Mon, 06 Nov 1994 08:49:37 GMT",
    "Thu, 30 Feb 2023 08:49:37 GMT",
    "Sun, 6 Nov 1994 08:49:37 GMT",
    "Sun, 06 Nov 1994 24:00:00 GMT",
    "Sun, 06 Nov 1994 08:60:37 GMT",
    "Sun, 06 Nov 1994 08:49:61 GMT",
    "Sun, 06 Nov 1994 08:49:37 +0100",
    "Sun, 06 Nov 1994 08:49:37 CET",
    "Sun, 06 Nov 1994 08:49:37 utc",
    "Sun Nov  6 08:49:37 1994 GMT",
    "Sun, 06 Nov 1994 08:49:37",
    "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT",
    "Sun, 06-Nov-94 08:49:37 GMT",
    "Sun Nov 6 08:49:37 1994",
    "sun, 06 nov 1994 08:49:37 gmt",
  ])("is not %j", (text) => {
    expect(parseHttpDate(text, NOW)).toBeUndefined();
  });

  it("is undefined for any other text, and never throws", () => {
    fc.assert(fc.property(fc.string(), (text) => expect(parseHttpDate(text, NOW)).toBeUndefined()));
  });
});
