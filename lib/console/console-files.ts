/**
 * The console's files of a checkout: built when something that they are made of has changed, in a process of its own,
 * and put in place whole. Whoever has other things to do meanwhile asks for them `soon`.
 */
import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { promisify } from "node:util";
import { BundleError } from "../program/bundle.ts";

const PROJECT_ROOT = resolve(import.meta.dirname, "../..");
const FOLDER = ".build/console";
const DIGEST_FILE = ".build/console.digest";
const SCRIPT = "console/build.ts";
/** What the console is built of beside its folder; a test holds it to what the console imports. Types are left out. */
export const BESIDE = [
  "core/dashboard/show.ts",
  "core/transaction/failure-faults.ts",
  "verifier/verify-manifest.mjs",
  "verifier/verify-webhook.mjs",
];
/** Which packages there are, and how the builder reads TypeScript. */
const DECIDING = ["package-lock.json", "tsconfig.json"];
const MOST_OUTPUT_BYTES = 16 * 1024 * 1024;

let soon: Promise<string> | undefined;

/** @returns the folder. @throws BundleError with what the builder says */
export function consoleFiles(root: string = PROJECT_ROOT): string {
  const build = needed(root);
  if (build === undefined) return join(root, FOLDER);
  const { status, stderr, stdout } = spawnSync(process.execPath, [...build.args], { cwd: root, encoding: "utf8" });
  if (status !== 0) throw notBuilt(stderr + stdout);
  return build.putInPlace();
}

/** Of this checkout, built once at a time. @throws BundleError, by rejecting */
export function consoleFilesSoon(): Promise<string> {
  soon ??= builtSoon(PROJECT_ROOT).finally(() => (soon = undefined));
  return soon;
}

async function builtSoon(root: string): Promise<string> {
  const build = needed(root);
  if (build === undefined) return join(root, FOLDER);
  try {
    await promisify(execFile)(process.execPath, [...build.args], { cwd: root, maxBuffer: MOST_OUTPUT_BYTES });
  } catch (cause) {
    const { stderr = "", stdout = "" } = cause as { readonly stderr?: string; readonly stdout?: string };
    throw notBuilt(stderr + stdout, cause);
  }
  return build.putInPlace();
}

interface Build {
  /** Of Node. */
  readonly args: readonly string[];
  /** Once it has ended well. @returns the folder */
  readonly putInPlace: () => string;
}

/** @returns undefined where all is there as it would be built */
function needed(root: string): Build | undefined {
  const folder = join(root, FOLDER);
  const note = join(root, DIGEST_FILE);
  const digest = digestOf(root);
  if (existsSync(join(folder, "index.html")) && existsSync(note) && readFileSync(note, "utf8") === digest)
    return undefined;
  const unfinished = `${folder}.unfinished-${process.pid}`;
  return {
    args: [SCRIPT, unfinished],
    putInPlace() {
      rmSync(folder, { recursive: true, force: true });
      renameSync(unfinished, folder);
      writeFileSync(note, digest);
      return folder;
    },
  };
}

function notBuilt(output: string, cause?: unknown): BundleError {
  return new BundleError(`The console cannot be built:\n${output.trim()}\nCorrect what is named above.`, { cause });
}

function digestOf(root: string): string {
  const own = filesBelow(join(root, "console")).map((path) => relative(root, path));
  const digest = createHash("sha256");
  for (const file of [...own.toSorted(), ...BESIDE, ...DECIDING]) {
    const content = readFileSync(join(root, file));
    digest.update(`${file} ${content.length}\n`).update(content);
  }
  return digest.digest("hex");
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}
