/**
 * Where the documents of traces are kept on this machine: two files in the state directory, the newer of which becomes
 * the older when it is full, so that the newest thousands of traces are there and no more. One line each, with what
 * X-Ray would have against it.
 */
import { appendFile, mkdir, rename, stat } from "node:fs/promises";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Document } from "./document-faults.ts";

export interface KeptDocument {
  /** Undefined for what was no JSON object. */
  readonly document?: Document;
  /** Why X-Ray would refuse it; none for one that it takes. */
  readonly faults: readonly string[];
}

const DIRECTORY = "traces";
const NEWER = "newer.jsonl";
const OLDER = "older.jsonl";
/** About 5,000 transactions' traces. */
const FULL_BYTES = 16 * 1024 * 1024;
/** What comes within it is written at once: to open and close a file for each costs more than all else that is done. */
const LINGER_MS = 50;

export class TraceFile {
  readonly #directory: string;
  readonly #fullBytes: number;
  #bytes: number | undefined;
  #lines: string[] = [];
  #writing: Promise<void> = Promise.resolve();
  readonly #flushing = new AbortController();

  constructor(stateDirectory: string, fullBytes = FULL_BYTES) {
    this.#directory = join(stateDirectory, DIRECTORY);
    this.#fullBytes = fullBytes;
  }

  add(kept: KeptDocument): void {
    this.#lines.push(`${JSON.stringify(kept)}\n`);
    // A disk that is full costs traces and nothing else.
    if (this.#lines.length === 1) this.#writing = this.#writing.then(() => this.#writeSoon()).catch(() => undefined);
  }

  /** Resolves when all that was added is in the file. Nothing lingers from then on. */
  async flush(): Promise<void> {
    this.#flushing.abort();
    await this.#writing;
  }

  async #writeSoon(): Promise<void> {
    await sleep(LINGER_MS, undefined, { signal: this.#flushing.signal }).catch(() => undefined);
    await this.#write();
  }

  async #write(): Promise<void> {
    const text = this.#lines.join("");
    this.#lines = [];
    const newer = join(this.#directory, NEWER);
    if (this.#bytes === undefined) {
      await mkdir(this.#directory, { recursive: true });
      this.#bytes = existsSync(newer) ? (await stat(newer)).size : 0;
    }
    if (this.#bytes > this.#fullBytes) {
      await rename(newer, join(this.#directory, OLDER));
      this.#bytes = 0;
    }
    await appendFile(newer, text);
    this.#bytes += Buffer.byteLength(text);
  }
}

/**
 * What is kept, oldest first, without lines that are being written, or that a stack was killed in the middle of.
 *
 * @param naming only documents that have one of these texts somewhere, as megabytes need not be parsed for a few.
 * @default all
 */
export function readTraceFile(stateDirectory: string, naming?: readonly string[]): KeptDocument[] {
  const texts = naming?.map((text) => JSON.stringify(text).slice(1, -1));
  return [OLDER, NEWER].flatMap((name) => {
    const file = join(stateDirectory, DIRECTORY, name);
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, "utf8").split("\n").slice(0, -1);
    const named = texts === undefined ? lines : lines.filter((line) => texts.some((text) => line.includes(text)));
    return named.flatMap(keptIn);
  });
}

function keptIn(line: string): KeptDocument[] {
  try {
    return [JSON.parse(line) as KeptDocument];
  } catch {
    return [];
  }
}
