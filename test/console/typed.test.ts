import { describe, expect, it } from "@jest/globals";
import { certificateMark } from "../../console/src/merchant/settings/certificate-mark.ts";
import { limitsPatch, limitTexts } from "../../console/src/merchant/settings/typed-limits.ts";
import { headersPatch, typedHeaders, typedNumber, typedWaits } from "../../console/src/merchant/settings/typed.ts";

describe("what was typed", () => {
  it("is a number, nothing, or a text of which the API says that it is none", () => {
    expect(["8", " 8 ", "", "  ", "eight", "1e400"].map(typedNumber)).toEqual([8, 8, null, null, "eight", "1e400"]);
  });

  it("is waits with commas between them", () => {
    expect(["5, 30,300", "", "5,,30"].map(typedWaits)).toEqual([[5, 30, 300], null, [5, "", 30]]);
  });

  it("is headers, one a line, whose values may have colons", () => {
    expect(typedHeaders("x-a: 1\n\n X-B :  https://b.example/?q=1 ")).toEqual({
      headers: { "x-a": "1", "X-B": "https://b.example/?q=1" },
    });
    expect(typedHeaders("")).toEqual({ headers: {} });
    expect(typedHeaders("__proto__: 1").headers).toHaveProperty(["__proto__"], "1");
  });

  it.each([
    ["x-a: 1\nnothing", 2],
    [": 1", 1],
    ["x-a: 1\n\nX-A: 2", 3],
  ])("names the line of %j that is no header, or one a second time", (text, wrongLine) => {
    expect(typedHeaders(text)).toEqual({ headers: {}, wrongLine });
  });

  it("changes of headers what is another, and takes away what is gone", () => {
    expect(headersPatch({ "x-a": "1", "x-b": "2", "x-c": "3" }, { "X-A": "1", "x-b": "22", "x-d": "4" })).toEqual({
      "x-c": null,
      "x-b": "22",
      "x-d": "4",
    });
  });
});

describe("limits that were typed", () => {
  const before = limitTexts({ rateLimitPerSecond: 50, retryScheduleSeconds: [5, 30] });

  it("change what was touched and nothing else", () => {
    expect(limitsPatch(before, before)).toEqual({});
    expect(limitsPatch(before, { ...before, maxConcurrency: "8", rateLimitPerSecond: "" })).toEqual({
      maxConcurrency: 8,
      rateLimitPerSecond: null,
    });
    expect(limitsPatch(before, { ...before, deadlineMs: "soon", retryScheduleSeconds: "5" })).toEqual({
      deadlineMs: "soon",
      retryScheduleSeconds: [5],
    });
  });
});

describe("a certificate", () => {
  const now = Date.parse("2026-11-22T10:00:00Z");

  it.each([
    ["2027-11-22T10:00:00Z", "success"],
    ["2026-12-01T10:00:00Z", "warning"],
    ["2026-11-22T09:59:59Z", "error"],
  ])("that ends at %s is marked as one that is a %s", (notAfter, mark) => {
    expect(certificateMark(notAfter, now)).toBe(mark);
  });
});
