import { describe, expect, it } from "@jest/globals";
import { OPEN_GATE } from "../../../core/merchant/gate.ts";
import { KnownMerchants } from "../../../core/delivery/known-merchants.ts";

const MIB = 1024 * 1024;
const gate = { gate: OPEN_GATE, since: 0, forMs: 1 };

describe("known merchants", () => {
  it("have all that is known of each in one place", () => {
    const known = new KnownMerchants();
    known.remember("m-1").gate = gate;
    expect(known.remember("m-1")).toEqual({ merchant: undefined, gate, outcomes: undefined });
    expect(known.get("m-1")).toBe(known.remember("m-1"));
    expect(known.get("m-2")).toBeUndefined();
  });

  it.each([
    ["a heap for a hundred", 5120 * 100, 100],
    ["a heap of four gigabytes", 4096 * MIB, 200_000],
  ])("are as many as fit into %s, those that were asked for last", (_, heapBytes, most) => {
    const known = KnownMerchants.thatFit(heapBytes);
    for (let index = 0; index < 2 * most; index += 1) known.remember(`m-${index}`);
    expect(known.get(`m-${most - 1}`)).toBeUndefined();
    expect(known.get(`m-${2 * most - 1}`)).toBeDefined();
    expect(known.get(`m-${2 * most - most / 2}`)).toBeDefined();
  });
});
