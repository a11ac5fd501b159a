/**
 * Whether `npm run mutation` runs the tests of what it changes: a module that none of them imports has every change of
 * it go unnoticed, and a test that was renamed is not run any more.
 */
import { existsSync, globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import mutation from "../jest.mutation.config.json" with { type: "json" };
import stryker from "../stryker.config.json" with { type: "json" };

/** Each name that a pattern gives in braces is a pattern of its own. */
const PATTERNS = mutation.testMatch.flatMap((pattern) => {
  const [, before = pattern, names = "", after = ""] = /^(.*)\{(.*)\}(.*)$/.exec(pattern) ?? [];
  return names.split(",").map((name) => `${before}${name}${after}`.replace("<rootDir>/", ""));
});

describe("npm run mutation", () => {
  it.each(PATTERNS)("has tests at %s", (pattern) => {
    expect(globSync(pattern)).not.toEqual([]);
  });

  it.each(stryker.mutate)("runs tests that import %s", (module) => {
    expect(existsSync(module)).toBe(true);
    const tests = PATTERNS.flatMap((pattern) => globSync(pattern));
    expect(tests.filter((test) => readFileSync(test, "utf8").includes(`/${module}"`))).not.toEqual([]);
  });
});
