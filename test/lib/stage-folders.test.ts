import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "@jest/globals";
import { DEPLOYMENT_FUNCTION_NAMES, FUNCTION_NAMES, WORKER_SERVICE } from "../../core/settings/names.ts";

const FUNCTIONS = Object.values({ ...FUNCTION_NAMES, ...DEPLOYMENT_FUNCTION_NAMES });
const root = join(import.meta.dirname, "../..");
const foldersOf = (path: string) =>
  readdirSync(join(root, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

it("finds a stage's construct, program and environment under the name that it has in AWS", () => {
  const missing = [
    ...FUNCTIONS.flatMap((name) => [`lib/${name}`, `lambdas/${name}/environment.ts`]),
    `lib/${WORKER_SERVICE}`,
    `containers/${WORKER_SERVICE}/src/environment.ts`,
  ].filter((path) => !existsSync(join(root, path)));
  expect(missing).toStrictEqual([]);
});

it("has each function's folder in the list of functions", () => {
  expect(foldersOf("lambdas").toSorted()).toStrictEqual(FUNCTIONS.toSorted());
});

it("has at the top of lib nothing but the app's stack and the pipeline that it holds", () => {
  const files = readdirSync(join(root, "lib")).filter((name) => name.endsWith(".ts"));
  expect(files.toSorted()).toStrictEqual(["confirmation-pipeline-stack.ts", "confirmation-pipeline.ts"]);
});

it("tests a folder of lib in the folder of the same name", () => {
  const folders = new Set(foldersOf("lib"));
  expect(foldersOf("test/lib").filter((name) => !folders.has(name))).toStrictEqual([]);
});
