import { expect, it } from "@jest/globals";
import fc from "fast-check";
import { quoted } from "../../../core/transaction/json-text.ts";

it("a text is quoted as JSON.stringify does it, whatever is in it", () => {
  const everyUnit = Array.from({ length: 0x1_00_00 }, (_, unit) => String.fromCharCode(unit));
  for (const unit of everyUnit)
    if (quoted(unit) !== JSON.stringify(unit)) expect(quoted(unit)).toBe(JSON.stringify(unit));
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => expect(quoted(text)).toBe(JSON.stringify(text))));
});
