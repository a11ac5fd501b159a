/**
 * What holds of every page: its links lead somewhere, its lines are short, and the README stays one that a newcomer
 * reads.
 */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "@jest/globals";

const MAX_LINE_CHARACTERS = 120;
const MAX_README_BYTES = 10_000;
const pages = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", ...globSync("docs/**/*.md")];

function withoutCode(page: string): string {
  return page.replaceAll(/^```.*?^```/gms, "");
}

/** Anchors as GitHub makes them of headings. */
function anchorsOf(page: string): Set<string> {
  const headings = [...withoutCode(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}_\- ]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}

describe.each(pages)("%s", (path) => {
  const page = readFileSync(path, "utf8");

  it("has no link that leads nowhere", () => {
    const links = [...withoutCode(page).matchAll(/\]\(\s*([^)\s]+)\)/g)]
      .map(([, link = ""]) => link)
      .filter((link) => !/^[a-z]+:/.test(link));
    const lost = links.filter((link) => {
      const [file = "", anchor] = link.split("#");
      const target = file === "" ? path : normalize(join(dirname(path), file));
      if (!existsSync(target)) return true;
      return anchor !== undefined && !anchorsOf(readFileSync(target, "utf8")).has(anchor);
    });
    expect(lost).toEqual([]);
  });

  it(`has no line of more than ${MAX_LINE_CHARACTERS} characters`, () => {
    expect(page.split("\n").filter((line) => line.length > MAX_LINE_CHARACTERS)).toEqual([]);
  });
});

describe("the README", () => {
  it(`has at most ${MAX_README_BYTES} bytes`, () => {
    expect(readFileSync("README.md").length).toBeLessThanOrEqual(MAX_README_BYTES);
  });

  it("names npm scripts that there are", () => {
    const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };
    const named = [...readFileSync("README.md", "utf8").matchAll(/npm (?:run |(?=start|test|ci))([a-z][\w:-]*)/g)].map(
      ([, name]) => name,
    );
    const known = new Set(["ci", ...Object.keys(scripts)]);
    expect(named.filter((name) => !known.has(name as string))).toEqual([]);
  });
});
