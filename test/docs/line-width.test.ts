import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "@jest/globals";

const ROOT = join(import.meta.dirname, "../..");
const MOST = 120;
/** An address is whole. */
const WHOLE = /https?:\/\/\S{60,}|@sha256:[0-9a-f]{64}$/;

it("no line of code is longer than 120 characters", () => {
  const files = [
    ...globSync("{bin,lib,core,lambdas,containers,local,tools,verifier,test}/**/*.{ts,mts,mjs}", {
      cwd: ROOT,
      exclude: ["**/node_modules/**"],
    }),
    ...globSync("{*.json,containers/*/Dockerfile}", { cwd: ROOT, exclude: ["package-lock.json"] }),
    ".ci/run",
    ".oxlintrc.json",
  ];
  expect(files).toContain("package.json");
  expect(files).toContain("containers/confirmation-worker/Dockerfile");
  expect(files.length).toBeGreaterThan(500);
  const tooLong = files.flatMap((file) =>
    readFileSync(join(ROOT, file), "utf8")
      .split("\n")
      .flatMap((line, index) => (line.length > MOST && !WHOLE.test(line) ? [`${file}:${index + 1}`] : [])),
  );
  expect(tooLong).toEqual([]);
});
