import { expect, it } from "@jest/globals";
import { takeOut } from "../../../core/cache/take-out.ts";

it.each([
  ["the only one", ["a"], "a", []],
  ["the first", ["a", "b", "c"], "a", ["b", "c"]],
  ["the last", ["a", "b", "c"], "c", ["a", "b"]],
  ["one that is not there", ["a", "b"], "c", ["a", "b"]],
  ["one of none", [], "a", []],
])("takes out %s, and leaves the others", (_, list, entry, left) => {
  takeOut(list, entry);
  expect(list.toSorted()).toEqual(left);
});
