/**
 * What bundling read and wrote, kept beside the packages of a checkout: while each of those files is as it was,
 * bundling again would write the same. It takes five seconds of a core, and a stack is synthesized at each start on a
 * machine. A folder without packages of its own keeps nothing.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Metafile } from "esbuild";

const FOLDER = "node_modules/.cache/confirmation-pipeline";
/** What decides which file an import is, and how it is read; npm writes the first with each change of a package. */
const INSTALLED = "node_modules/.package-lock.json";
const DECIDING = [INSTALLED, "package.json", "tsconfig.json"];
/** A module in the place of one that is for browsers only: it has no file. */
const NO_FILE = /^\(disabled\):/;

/** By which the time of a file may be behind the clock. */
const CLOCK_TICK_MS = 20;

interface Kept {
  readonly files: readonly string[];
  readonly digest: string;
}

export class KeptBundles {
  readonly #root: string;
  readonly #how: string;
  readonly #note: string;
  readonly #metafile: string;
  #read: Metafile | undefined;

  /** @param how whatever else decides what is written */
  constructor(root: string, how: string) {
    this.#root = root;
    this.#how = how;
    // Packages may be those of another checkout.
    const name = createHash("sha256").update(root).digest("hex").slice(0, 16);
    this.#note = join(root, FOLDER, `${name}.json`);
    this.#metafile = join(root, FOLDER, `${name}.metafile.json`);
  }

  /** Whether all is there, and as bundling again would make it. */
  isCurrent(): boolean {
    const kept = existsSync(this.#note) ? parsed(readFileSync(this.#note, "utf8")) : undefined;
    return kept !== undefined && existsSync(this.#metafile) && this.#digestOf(kept.files) === kept.digest;
  }

  metafile(): Metafile {
    this.#read ??= JSON.parse(readFileSync(this.#metafile, "utf8")) as Metafile;
    return this.#read;
  }

  /** @param startedAt epoch milliseconds, when bundling began: what was changed since may have been read before that */
  keep(metafile: Metafile, startedAt: number): void {
    if (!existsSync(join(this.#root, INSTALLED))) return;
    const inputs = Object.keys(metafile.inputs).filter((path) => !NO_FILE.test(path));
    if ([...DECIDING, ...inputs].some((path) => this.#isChangedSince(path, startedAt))) return;
    const files = [...DECIDING, ...inputs, ...Object.keys(metafile.outputs)];
    const digest = this.#digestOf(files);
    if (digest === undefined) return;
    mkdirSync(join(this.#root, FOLDER), { recursive: true });
    replace(this.#metafile, JSON.stringify(metafile));
    replace(this.#note, JSON.stringify({ files, digest } satisfies Kept));
  }

  #isChangedSince(path: string, time: number): boolean {
    const found = statSync(join(this.#root, path), { throwIfNoEntry: false });
    return found === undefined || found.mtimeMs >= time - CLOCK_TICK_MS;
  }

  /** Undefined where one is not there. */
  #digestOf(files: readonly string[]): string | undefined {
    const digest = createHash("sha256").update(this.#how);
    for (const file of files) {
      const path = join(this.#root, file);
      if (!existsSync(path)) return undefined;
      const content = readFileSync(path);
      digest.update(`${file} ${content.length}\n`).update(content);
    }
    return digest.digest("hex");
  }
}

function parsed(text: string): Kept | undefined {
  try {
    return JSON.parse(text) as Kept;
  } catch {
    return undefined;
  }
}

/** Whole and in one step: others may read it meanwhile. */
function replace(path: string, text: string): void {
  const unfinished = `${path}.unfinished-${process.pid}`;
  writeFileSync(unfinished, text);
  renameSync(unfinished, path);
}
