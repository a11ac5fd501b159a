/** A directory for one test file, gone after its tests. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "@jest/globals";

export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "local-stack-"));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
