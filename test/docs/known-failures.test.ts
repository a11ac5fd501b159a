/** The page names the test for each failure: the file is there, and a test in it is still called so. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";

const rows = readFileSync("docs/known-failures-of-others.md", "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| what") && !line.startsWith("| --"));
const named = rows.flatMap((row) => [...row.matchAll(/`(test\/[^`]+)`: (.+?)(?=<br>| *\|$)/g)]);

describe("the page of known failures", () => {
  it("names a test for each of them", () => {
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter((row) => !row.includes("`test/"))).toEqual([]);
  });

  it.each(named.map(([, file = "", name = ""]) => [file, name]))("%s has a test that says: %s", (file, name) => {
    expect(readFileSync(file, "utf8")).toContain(name);
  });
});
