import { describe, expect, it } from "@jest/globals";
import type { Confirmation } from "../../../../tools/simulate/run/confirmation.ts";
import { DueIndex } from "../../../../tools/simulate/run/due-index.ts";

const row = (id: string) => ({ id, place: undefined, isParked: false }) as unknown as Confirmation;

describe("the due index of a simulation", () => {
  it("names what is due, the longest first, and nothing that has left or gone elsewhere", () => {
    const index = new DueIndex();
    const [one, two, three] = ["1", "2", "3"].map(row) as [Confirmation, Confirmation, Confirmation];
    for (const [at, confirmation] of [one, two, three].entries()) index.pend(confirmation, "P#0", 100 + at);
    index.leave(one);
    index.park(two, "M#m#0", 500);
    expect(index.dueIds("P#0", 1000, 10)).toEqual(["3"]);
    expect(index.dueIds("M#m#0", 1000, 10)).toEqual(["2"]);
    expect(index.dueIds("P#0", 101, 10)).toEqual([]);
    expect([index.size, index.parked]).toEqual([2, 1]);
  });

  it("finds what is parked for a shorter time behind what is parked for a longer one", () => {
    const index = new DueIndex();
    index.park(row("late"), "T#0", 900);
    index.park(row("soon"), "T#0", 100);
    expect(index.dueIds("T#0", 500, 10)).toEqual(["soon"]);
  });

  it("counts what was parked under a key and has left it", () => {
    const index = new DueIndex();
    const one = row("1");
    index.park(one, "M#m#0", 500);
    expect([index.parkedUnder("M#m#0"), index.leftFrom("M#m#0")]).toEqual([1, 0]);
    index.pend(one, "P#0", 900);
    expect([index.parkedUnder("M#m#0"), index.leftFrom("M#m#0")]).toEqual([0, 1]);
  });
});
