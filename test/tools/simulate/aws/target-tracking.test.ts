import { describe, expect, it } from "@jest/globals";
import { TargetTracking } from "../../../../tools/simulate/aws/target-tracking.ts";

/** Wishes of each second while the same value is measured. */
function wishes(value: (second: number) => number, seconds: number) {
  const policy = new TargetTracking({ target: 60, periodSeconds: 20, delaySeconds: 26 });
  return Array.from({ length: seconds }, (_, second) => {
    if (policy.isDue(second)) policy.measured(second, value(second));
    return policy.wish(second);
  });
}

describe("target tracking", () => {
  it("asks for more after three values above the target, when they are known, in proportion", () => {
    const asked = wishes(() => 90, 120);
    expect(asked.findIndex(({ kind }) => kind === "grow")).toBe(40 + 26);
    expect(asked.at(-1)).toEqual({ kind: "grow", factor: 1.5 });
  });

  it("asks for nothing near the target", () => {
    expect(wishes(() => 57, 2000).every(({ kind }) => kind === "stay")).toBe(true);
  });

  it("asks for nothing on a single value", () => {
    expect(wishes((second) => (second === 200 ? 100 : 60), 600).every(({ kind }) => kind === "stay")).toBe(true);
  });

  it("asks for fewer after a quarter of an hour clearly below", () => {
    const asked = wishes(() => 30, 1000);
    expect(asked.findIndex(({ kind }) => kind === "shrink")).toBe(880 + 26);
    expect(asked.at(-1)).toEqual({ kind: "shrink", factor: 0.5 });
  });
});
