import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { smsSize, whySmsTooLarge } from "../../../core/channels/sms-size.ts";

describe("the size of an SMS", () => {
  it.each([
    ["160 characters of GSM", "a".repeat(160), { encoding: "GSM 03.38", characters: 160, parts: 1 }],
    ["one more", "a".repeat(161), { encoding: "GSM 03.38", characters: 161, parts: 2 }],
    ["twice 153", "a".repeat(306), { encoding: "GSM 03.38", characters: 306, parts: 2 }],
    ["letters of GSM with accents", "éèùìòÇñüà", { encoding: "GSM 03.38", characters: 9, parts: 1 }],
    ["those of its extension, each as two", "€{}[]", { encoding: "GSM 03.38", characters: 10, parts: 1 }],
    ["80 of them", "€".repeat(81), { encoding: "GSM 03.38", characters: 162, parts: 2 }],
    ["one letter outside of GSM", `${"a".repeat(69)}á`, { encoding: "UCS-2", characters: 70, parts: 1 }],
    ["one more", `${"a".repeat(70)}ç`, { encoding: "UCS-2", characters: 71, parts: 2 }],
    ["twice 67", "ж".repeat(134), { encoding: "UCS-2", characters: 134, parts: 2 }],
    ["an emoji, which is two units", "😀", { encoding: "UCS-2", characters: 2, parts: 1 }],
  ])("is that of its encoding: %s", (_, text, size) => {
    expect(smsSize(text)).toEqual(size);
  });

  it("is bounded by its encoding", () => {
    expect(whySmsTooLarge("a".repeat(1530))).toBeUndefined();
    expect(whySmsTooLarge("a".repeat(1531))).toMatch(/1531 characters, of which it takes 1530/);
    expect(whySmsTooLarge("á".repeat(630))).toBeUndefined();
    expect(whySmsTooLarge("á".repeat(631))).toMatch(/631 characters, some of them not in GSM 03.38, .* 630/);
    expect(whySmsTooLarge("€".repeat(766))).toMatch(/1532/);
  });

  it("grows with its text, and has a part at least", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (one, other) => {
        expect(smsSize(one).parts).toBeGreaterThanOrEqual(1);
        expect(smsSize(one + other).parts).toBeGreaterThanOrEqual(smsSize(one).parts);
      }),
    );
  });
});
