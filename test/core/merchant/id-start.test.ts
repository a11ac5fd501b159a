import { describe, expect, it } from "@jest/globals";
import { idStartAttributes, idStartOf } from "../../../core/merchant/id-start.ts";

describe("how an id begins", () => {
  it.each([
    ["acme", "a"],
    ["a", "a"],
    ["Acme", "A"],
    ["ñandú", "ñ"],
    ["🛒 shop", "🛒"],
  ])("is the first character of %s, whole", (id, start) => {
    expect(idStartOf(id)).toBe(start);
  });

  it("is in each row of a merchant, and in none of what is nobody's", () => {
    expect(idStartAttributes("acme")).toEqual({ idStart: { S: "a" } });
    for (const id of ["pipeline-canary", "*", "template of x", "rate limit of acme"])
      expect(idStartAttributes(id)).toEqual({});
  });
});
