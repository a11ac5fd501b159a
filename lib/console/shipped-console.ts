/**
 * The console's files that the installed package brings along, beside its own code. A checkout has none: there
 * `consoleFiles()` builds them of what is there now.
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { ProgramsMissingError } from "../program/shipped-programs.ts";

/** Below the package's own folder. */
export const CONSOLE_FOLDER = "console";

/** @throws ProgramsMissingError */
export function shippedConsole(root: string = resolve(import.meta.dirname, "../..")): string {
  const folder = join(root, CONSOLE_FOLDER);
  if (existsSync(join(folder, "index.html"))) return folder;
  throw new ProgramsMissingError(
    `The console's files are not there: expected ${join(folder, "index.html")}. Install the package that npm pack ` +
      "makes, or hand over the folder of consoleFiles().",
  );
}
