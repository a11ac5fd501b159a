import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { PROGRAMS, buildPrograms } from "../../../lib/program/bundle.ts";
import { keepBundles, keptMetafile } from "../../../lib/program/kept-bundles.ts";

const SHARED = "core/shared.ts";
const PACKAGE = "node_modules/third-party/index.js";
const BUNDLE = `.build/${PROGRAMS.releaseDue.folder}/index.mjs`;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "kept-bundles-"));
  write("package.json", '{"type":"module"}');
  write("node_modules/.package-lock.json", "{}");
  write(PACKAGE, "export const theirs = 'third party';\n");
  write(SHARED, "export { theirs } from 'third-party';\nexport const ours = 'first';\n");
  for (const { entry } of Object.values(PROGRAMS)) {
    const path = `${"../".repeat(entry.split("/").length - 1)}${SHARED}`;
    write(entry, `import { ours, theirs } from "${path}";\nexport const handler = () => ours + theirs;\n`);
  }
  write("containers/confirmation-worker/Dockerfile", "FROM scratch\n");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** As somebody wrote it a while ago. */
function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  const longAgo = new Date(Date.now() - 60_000);
  utimesSync(join(root, path), longAgo, longAgo);
}

/** Which file what is kept is in: another one each time that something was bundled. */
const kept = () => statSync(join(root, ".build/bundled.json"), { throwIfNoEntry: false })?.ino;

describe("bundles", () => {
  it("are kept while nothing has changed, with what esbuild said of them", () => {
    const { metafile } = buildPrograms(root);
    const before = kept();
    expect(buildPrograms(root).metafile).toStrictEqual(metafile);
    expect(before).toBeDefined();
    expect(kept()).toBe(before);
  });

  it.each<[string, () => void]>([
    ["a source has changed", () => write(SHARED, readFileSync(join(root, SHARED), "utf8").replace("first", "second"))],
    ["a package has changed", () => write(PACKAGE, "export const theirs = 'another';\n")],
    ["another version of a package is installed", () => write("node_modules/.package-lock.json", '{"packages":{}}')],
    ["a file says how sources are to be read that was not there", () => write("tsconfig.json", "{}")],
    ["the project's own description has changed", () => write("package.json", '{"type":"module","imports":{}}')],
    ["a bundle was changed by somebody", () => write(BUNDLE, "export const handler = () => 'not this';\n")],
    ["a bundle is gone", () => rmSync(join(root, BUNDLE))],
    ["what is kept cannot be read", () => write(".build/bundled.json", "{")],
  ])("are made anew when %s", (_, change) => {
    buildPrograms(root);
    const before = kept();
    change();
    buildPrograms(root);
    expect(kept()).not.toBe(before);
    const [source, theirs] = [SHARED, PACKAGE].map((path) => readFileSync(join(root, path), "utf8"));
    const bundle = readFileSync(join(root, BUNDLE), "utf8");
    for (const text of [source?.includes("first") ? "first" : "second", /'(.*)'/.exec(theirs ?? "")?.[1] ?? ""])
      expect(bundle).toContain(text);
  });

  it("are made anew when they are to be made in another way", () => {
    const { metafile } = buildPrograms(root);
    keepBundles(root, { target: "one" }, metafile, Date.now());
    expect(keptMetafile(root, { target: "one" })).toStrictEqual(metafile);
    expect(keptMetafile(root, { target: "another" })).toBeUndefined();
  });

  it("are not kept where a source was written while they were made: it may not be what is in them", () => {
    const { metafile } = buildPrograms(root);
    const before = kept();
    write(SHARED, "export const ours = 'too late';\n");
    keepBundles(root, "how", metafile, Date.now() - 3_600_000);
    expect(kept()).toBe(before);
  });
});
