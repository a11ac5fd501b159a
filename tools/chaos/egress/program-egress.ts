/**
 * The egress of the worker, behind a file that says whether anything gets out, and another that grows with each call
 * that did not.
 */
import { mkdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EGRESS_FILE_VARIABLE, type EgressMode, HITS_FILE_VARIABLE } from "./egress-file.ts";

export class ProgramEgress {
  readonly #file: string;
  readonly #hitsFile: string;

  constructor(directory: string) {
    mkdirSync(directory, { recursive: true });
    this.#file = join(directory, "egress");
    this.#hitsFile = join(directory, "egress-hits");
    writeFileSync(this.#hitsFile, "");
    this.set("open");
  }

  get environment(): Readonly<Record<string, string>> {
    return { [EGRESS_FILE_VARIABLE]: this.#file, [HITS_FILE_VARIABLE]: this.#hitsFile };
  }

  /** Connections and requests that did not get out so far. */
  get hits(): number {
    return statSync(this.#hitsFile).size;
  }

  set(mode: EgressMode): void {
    // In one step: the program may be reading it.
    writeFileSync(`${this.#file}.new`, mode);
    renameSync(`${this.#file}.new`, this.#file);
  }
}
