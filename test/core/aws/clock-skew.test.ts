import { describe, expect, it } from "@jest/globals";
import { agreedSkewMs } from "../../../core/aws/clock-skew.ts";

describe("the skew that two services agree on", () => {
  it.each([
    ["ahead of both", 600_000, 598_000, 598_000],
    ["behind both", -600_000, -598_000, -598_000],
    ["ahead of one and right by the other", 600_000, 0, 0],
    ["ahead of one and behind the other", 600_000, -600_000, 0],
    ["right", 0, 0, 0],
    ["unknown to both", undefined, undefined, 0],
    ["known to the one alone", 600_000, undefined, 0],
    ["known to the other alone", undefined, 600_000, 0],
  ])("of a clock that is %s", (_, one, other, agreed) => {
    expect(agreedSkewMs(one, other)).toBe(agreed);
  });
});
