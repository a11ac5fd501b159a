/**
 * What was bundled last, and of what. Bundling takes seconds of both cores, and most of its runs find nothing changed:
 * the bundles are kept for as long as each file that went into them, each file that decides how, and each file that
 * came out is byte for byte what it was. Whatever is in doubt is bundled anew.
 */
import { hash } from "node:crypto";
import { readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Metafile } from "esbuild";

/** By path below the root; undefined for a file that is not there. */
type Digests = Readonly<Record<string, string | undefined>>;

interface Kept {
  readonly how: string;
  readonly files: Digests;
  readonly metafile: Metafile;
}

/** They decide which file an import means, and how it is read. */
const DECIDING = ["package.json", "tsconfig.json", "node_modules/.package-lock.json"];
const KEPT_FILE = ".build/bundled.json";

/**
 * @param how all else that decides what comes out
 * @returns undefined where it has to be bundled
 */
export function keptMetafile(root: string, how: unknown): Metafile | undefined {
  const kept = readKept(root);
  if (kept?.how !== JSON.stringify(how)) return undefined;
  const isSame = Object.entries(kept.files).every(([path, digest]) => digestOf(root, path) === digest);
  return isSame && DECIDING.every((path) => kept.files[path] === digestOf(root, path)) ? kept.metafile : undefined;
}

/** @param startedAtMs what was written since then may not be what was bundled, and nothing is kept */
export function keepBundles(root: string, how: unknown, metafile: Metafile, startedAtMs: number): void {
  const paths = [...Object.keys(metafile.inputs), ...Object.keys(metafile.outputs), ...DECIDING];
  const files: Digests = Object.fromEntries(paths.map((path) => [path, digestOf(root, path)]));
  const isCertain = Object.keys(metafile.inputs).every((path) => isOlder(join(root, path), startedAtMs));
  if (!isCertain) return;
  const kept: Kept = { how: JSON.stringify(how), files, metafile };
  const unfinished = join(root, `${KEPT_FILE}.${process.pid}`);
  writeFileSync(unfinished, JSON.stringify(kept));
  renameSync(unfinished, join(root, KEPT_FILE));
}

function readKept(root: string): Kept | undefined {
  try {
    return JSON.parse(readFileSync(join(root, KEPT_FILE), "utf8")) as Kept;
  } catch {
    return undefined;
  }
}

function digestOf(root: string, path: string): string | undefined {
  try {
    return hash("sha256", readFileSync(join(root, path)), "base64url");
  } catch {
    return undefined;
  }
}

function isOlder(path: string, thanMs: number): boolean {
  const { mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? { mtimeMs: Infinity };
  return mtimeMs < thanMs;
}
