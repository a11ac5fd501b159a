import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { RecentMap } from "../../../core/cache/recent-map.ts";

const MOST = 8;
const step = fc.tuple(
  fc.constantFrom("set", "get", "delete"),
  fc.integer({ min: 0, max: 15 }).map((index) => `m-${index}`),
);

describe("what a task remembers of merchants", () => {
  it("is bounded, never wrong, and surely holds what was used last", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const map = new RecentMap<number>(MOST);
        const all = new Map<string, number>();
        let used: string[] = [];
        for (const [index, [what, key]] of steps.entries()) {
          const isThere = map.get(key) !== undefined;
          if (isThere) expect(map.get(key)).toBe(all.get(key));
          if (what === "set") map.set(key, index);
          if (what === "set") all.set(key, index);
          if (what === "delete") map.delete(key);
          if (what === "delete") expect(map.get(key)).toBeUndefined();
          used = used.filter((other) => other !== key);
          if (map.get(key) !== undefined) used.push(key);
          for (const recent of used.slice(-MOST / 2).toReversed()) expect(map.get(recent)).toBe(all.get(recent));
          used = used.slice(-MOST / 2);
        }
      }),
    );
  });

  it("forgets what was not used for longest", () => {
    const map = new RecentMap<number>(4);
    for (const [index, key] of ["a", "b", "c", "d"].entries()) map.set(key, index);
    map.get("a");
    map.set("e", 4);
    expect(["b", "a", "e"].map((key) => map.get(key))).toEqual([undefined, 0, 4]);
  });
});

it("all that is remembered is listed, each once and with its newest value", () => {
  const map = new RecentMap<number>(4);
  for (const [key, value] of [
    ["a", 1],
    ["b", 2],
    ["c", 3],
    ["a", 4],
  ] as const)
    map.set(key, value);
  expect([...map.values()].toSorted((one, other) => one - other)).toEqual([2, 3, 4]);
});
