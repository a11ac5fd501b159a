import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { build } from "esbuild";
import { BESIDE, consoleFiles } from "../../../lib/console/console-files.ts";
import { CONSOLE_FOLDER, shippedConsole } from "../../../lib/console/shipped-console.ts";

/** In the place of the builder: each build is another one. */
const BUILDER = `
import { mkdirSync, writeFileSync } from "node:fs";
mkdirSync(process.argv[2], { recursive: true });
writeFileSync(process.argv[2] + "/index.html", String(process.hrtime.bigint()));
`;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "console-root-"));
  write("package.json", `{"type":"module"}`);
  write("package-lock.json", "{}");
  write("tsconfig.json", "{}");
  for (const path of BESIDE) write(path, "");
  write("console/build.ts", BUILDER);
  write("console/src/main.tsx", "");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function built(): string {
  return readFileSync(join(consoleFiles(root), "index.html"), "utf8");
}

describe("the console's files of a checkout", () => {
  it("are built once, and again when something that they are made of has changed", () => {
    const first = built();
    expect(built()).toBe(first);
    for (const path of ["console/src/main.tsx", ...BESIDE, "package-lock.json", "tsconfig.json"]) {
      const before = built();
      write(path, `// ${path}`);
      expect(built()).not.toBe(before);
    }
  });

  it("are made of what the console imports from beside its folder, and of nothing else there", async () => {
    const repository = resolve(import.meta.dirname, "../../..");
    const { metafile } = await build({
      absWorkingDir: repository,
      entryPoints: ["./console/src/main.ts"],
      outdir: root,
      write: false,
      bundle: true,
      metafile: true,
      format: "esm",
      packages: "external",
      alias: { "node:crypto": join(repository, "console/src/node-crypto.ts") },
      logLevel: "silent",
    });
    const beside = Object.keys(metafile.inputs).filter((path) => !path.startsWith("console/"));
    expect(beside.toSorted()).toEqual(BESIDE.toSorted());
  });

  it("stay as they were where they cannot be built, which is said with the builder's words", () => {
    const first = built();
    write("console/build.ts", `throw new Error("main.tsx has no end");`);
    expect(() => built()).toThrow("main.tsx has no end");
    write("console/build.ts", BUILDER);
    expect(built()).toBe(first);
  });
});

describe("the console's files of the installed package", () => {
  it("are those beside its code, and where there are none it says what to do", () => {
    expect(() => shippedConsole(root)).toThrow("hand over the folder of consoleFiles()");
    rmSync(join(root, CONSOLE_FOLDER), { recursive: true });
    write(`${CONSOLE_FOLDER}/index.html`, "");
    expect(shippedConsole(root)).toBe(join(root, CONSOLE_FOLDER));
  });
});
