/**
 * How modules are loaded for test files: the packages in `node_modules` once a process, as they take most of the time
 * and no test changes them; this repository's own anew for each test file, so that none finds what another one left in
 * a module. `@jest/globals` is what jest gave to the file that runs.
 *
 * @see https://nodejs.org/api/module.html#moduleregisterhooksoptions
 */
import { readFileSync } from "node:fs";
import { registerHooks, stripTypeScriptTypes } from "node:module";
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = pathToFileURL(resolve(import.meta.dirname, "../../..")).href;
const HERE = pathToFileURL(import.meta.dirname).href;
const JEST_GLOBALS = `${HERE}/jest-globals.ts`;
const FILE = "?test-file=";
const OF_A_TEST_FILE = /(?:file:\/\/)?(?<path>\/[^\s?]+)\?test-file=\d+/g;

/** Where programs that tests start keep what was compiled of them; `set-up.ts` sets it. */
export const COMPILED_PROGRAMS = "TEST_COMPILED_PROGRAMS";

const stripped = new Map<string, string>();
let testFiles = 0;

/** From now on, the repository's own modules are loaded for the next test file. */
export function nextTestFile(): void {
  testFiles += 1;
}

/** Loads a module of the test file that runs. */
export async function importForTestFile(path: string): Promise<void> {
  await import(`${pathToFileURL(path).href}${FILE}${testFiles}`);
}

export function registerModuleHooks(): void {
  // For those alone: this process would keep its modules under another name for each test file.
  process.env["NODE_COMPILE_CACHE"] ??= process.env[COMPILED_PROGRAMS];
  registerHooks({
    resolve(specifier, context, nextResolve) {
      if (specifier === "@jest/globals") return { url: JEST_GLOBALS, shortCircuit: true };
      const resolved = nextResolve(specifier, context);
      const isAnew = isOwn(resolved.url) && context.conditions.includes("import");
      return isAnew ? { ...resolved, url: `${resolved.url}${FILE}${testFiles}` } : resolved;
    },
    load(url, context, nextLoad) {
      const [file = url, testFile] = url.split(FILE);
      if (testFile === undefined || !file.endsWith(".ts")) return nextLoad(url, context);
      return { format: "module", source: withoutTypes(file), shortCircuit: true };
    },
  });
}

function isOwn(url: string): boolean {
  return url.startsWith(ROOT) && !url.includes("/node_modules/") && !url.startsWith(HERE) && !url.includes("?");
}

/** A stack as if each module had been loaded once. */
export function withoutTestFiles(stack: string): string {
  return stack.replaceAll(OF_A_TEST_FILE, "$<path>");
}

/** The lines and columns stay those of the file. */
function withoutTypes(url: string): string {
  const known = stripped.get(url);
  if (known !== undefined) return known;
  const source = stripTypeScriptTypes(readFileSync(fileURLToPath(url), "utf8"));
  stripped.set(url, source);
  return source;
}
