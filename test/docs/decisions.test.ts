/** Decisions have one form, numbers without gaps, a line in the index, and no reference that leads nowhere. */
import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, it } from "@jest/globals";

const paths = globSync("docs/decisions/[0-9]*.md").toSorted();
const numbers = paths.map((path) => basename(path).slice(0, 4));

describe("the decisions", () => {
  it.each(paths)("has status, date and all four sections: %s", (path) => {
    const page = readFileSync(path, "utf8");
    expect(page).toMatch(/^# .+\n\nStatus: .+\. Date: \d{4}-\d\d-\d\d\.\n/);
    const sections = [...page.matchAll(/^## (.+)$/gm)].map(([, title]) => title);
    expect(sections).toEqual(["Context", "Decision", "Alternatives", "Consequences"]);
  });

  it("have numbers from 1 on, without gaps and doubles", () => {
    expect(numbers).toEqual(paths.map((_, index) => String(index + 1).padStart(4, "0")));
  });

  it("are the lines of the index, in order, each with its title", () => {
    const index = readFileSync("docs/decisions/README.md", "utf8").replaceAll(/\n {2}/g, " ");
    const lines = [...index.matchAll(/^- \[(\d+)\]\(([^)]+)\): (.+)$/gm)].map((line) => line.slice(1));
    const titles = paths.map((path) => /^# (.+)$/m.exec(readFileSync(path, "utf8"))?.[1]);
    expect(lines).toEqual(paths.map((path, at) => [String(at + 1), basename(path), titles[at]]));
  });

  it("exist where code and pages name them", () => {
    const files = globSync("{bin,lib,core,lambdas,containers,local,tools,test,docs}/**/*.{ts,md}", {
      exclude: ["**/node_modules/**"],
    });
    const named = [...files, ".oxlintrc.json"].flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(/decisions\/(\d{4})/g)].map(([, number]) => ({ file, number })),
    );
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter(({ number }) => !numbers.includes(number as string))).toEqual([]);
  });
});
