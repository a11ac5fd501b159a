/** The page names the test for each failure: the file is there, and a test in it is still called so. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";

const page = readFileSync("docs/understanding/known-failures-of-others.md", "utf8");
/** Each failure with its tests below it, wrapped lines put together. */
const failures = page
  .split(/^(?=- )/m)
  .slice(1)
  .map((item) => item.replaceAll(/\n {2,}(?!- )/g, " "));
const named = failures.flatMap((item) => [...item.matchAll(/^ +- `(test\/[^`]+)`: (.+)$/gm)]);

describe("the page of known failures", () => {
  it("names a test for each of them", () => {
    expect(failures.length).toBeGreaterThan(0);
    expect(failures.filter((item) => !item.includes("- `test/"))).toEqual([]);
  });

  it.each(named.map(([, file = "", name = ""]) => [file, name]))("%s has a test that says: %s", (file, name) => {
    expect(readFileSync(file, "utf8")).toContain(name);
  });
});
