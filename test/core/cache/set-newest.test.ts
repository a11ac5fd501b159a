import { expect, it } from "@jest/globals";
import { setNewest } from "../../../core/cache/set-newest.ts";

it("the newest are kept to the last one, in the order in which they were set last", () => {
  const map = new Map<string, number>();
  for (const [index, key] of ["a", "b", "c", "a", "d"].entries()) setNewest(map, key, index, 3);
  expect([...map]).toEqual([
    ["c", 2],
    ["a", 3],
    ["d", 4],
  ]);
});
