import { randomBytes } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import { isBase64 } from "../../../core/signing/base64.ts";

describe("base64", () => {
  it("is what any encoder makes of bytes, however many", () => {
    for (let length = 1; length < 40; length += 1) {
      const bytes = randomBytes(length);
      const texts = [
        bytes.toString("base64"),
        bytes.toString("base64url"),
        bytes.toString("base64").replace(/=+$/, ""),
      ];
      expect(texts.filter((text) => !isBase64(text))).toEqual([]);
    }
  });

  it.each(["not base64", "salt!", "ä", "AAAAA", "AA=", "AAAA=", "=", "A=AA"])("is not %j", (text) => {
    expect(isBase64(text)).toBe(false);
  });
});
