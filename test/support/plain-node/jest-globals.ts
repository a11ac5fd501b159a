/** What a test file gets from `@jest/globals`: what jest and its environment hold ready for that file. */
import type { Jest } from "@jest/environment";
import type * as given from "@jest/globals";

type Globals = Pick<
  typeof given,
  "afterAll" | "afterEach" | "beforeAll" | "beforeEach" | "describe" | "expect" | "it" | "test"
>;

export let afterAll: Globals["afterAll"];
export let afterEach: Globals["afterEach"];
export let beforeAll: Globals["beforeAll"];
export let beforeEach: Globals["beforeEach"];
export let describe: Globals["describe"];
export let expect: Globals["expect"];
export let it: Globals["it"];
export let test: Globals["test"];
export let jest: Partial<Jest>;

export function setGlobals(globals: Globals, object: Partial<Jest>): void {
  ({ afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } = globals);
  jest = object;
}
