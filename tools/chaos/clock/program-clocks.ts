/** The clocks of the programs, each behind a file of its own that holds its distance from the machine's clock. */
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isCaller } from "../caller.ts";
import type { Interposition } from "../../../local/local-stack.ts";
import { CLOCK_FILE_VARIABLE } from "./clock-file.ts";

export type ClockedProgram = "worker" | "functions";

const PRELOAD = fileURLToPath(new URL("stepped-clock.ts", import.meta.url));

export class ProgramClocks {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true });
    this.reset();
  }

  get preload(): NonNullable<Interposition["preload"]> {
    return {
      module: PRELOAD,
      environment: (program) => ({
        [CLOCK_FILE_VARIABLE]: this.#fileOf(isCaller(program) ? "worker" : "functions"),
      }),
    };
  }

  step(program: ClockedProgram, byMs: number): void {
    const file = this.#fileOf(program);
    // In one step: a program may be reading it.
    writeFileSync(`${file}.new`, String(byMs));
    renameSync(`${file}.new`, file);
  }

  reset(): void {
    this.step("worker", 0);
    this.step("functions", 0);
  }

  #fileOf(program: ClockedProgram): string {
    return join(this.#directory, `clock-${program}`);
  }
}
