import { describe, expect, it } from "@jest/globals";
import { OPEN_GATE } from "../../core/gate.ts";
import { KnownMerchants } from "../../delivery/known-merchants.ts";

const MIB = 1024 * 1024;
const gate = { gate: OPEN_GATE, since: 0, forMs: 1 };

/** Of so many that were remembered one after the other, those that still are. */
function stillKnown(known: KnownMerchants, count: number): number {
  for (let index = 0; index < count; index += 1) known.remember(`m-${index}`);
  return Array.from({ length: count }, (_, index) => known.get(`m-${index}`)).filter((one) => one !== undefined).length;
}

describe("known merchants", () => {
  it("have all that is known of each in one place", () => {
    const known = new KnownMerchants();
    known.remember("m-1").gate = gate;
    expect(known.remember("m-1")).toEqual({ merchant: undefined, gate, outcomes: undefined });
    expect(known.get("m-1")).toBe(known.remember("m-1"));
    expect(known.get("m-2")).toBeUndefined();
  });

  it("are as many as fit the memory, those that were asked for last", () => {
    const known = KnownMerchants.thatFit(5120 * 100);
    expect(stillKnown(known, 1000)).toBe(100);
    expect(known.get("m-999")).toBeDefined();
    expect(known.get("m-0")).toBeUndefined();
  });

  it("are 200,000 at most", () => {
    expect(stillKnown(KnownMerchants.thatFit(4096 * MIB), 400_000)).toBe(200_000);
  });
});
