/**
 * The bundled programs that the installed package brings along, beside its own code. A checkout has none: there
 * `bundlePrograms()` makes them of what is there now.
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { PipelineError } from "../../core/errors/pipeline-error.ts";
import { type Bundles, PROGRAMS } from "./programs.ts";

export class ProgramsMissingError extends PipelineError {
  override readonly name = "ProgramsMissingError";
  readonly code = "PROGRAMS_MISSING";
}

/** @throws ProgramsMissingError */
export function shippedPrograms(root: string = resolve(import.meta.dirname, "../..")): Bundles {
  const folder = join(root, "programs");
  const bundles = Object.entries(PROGRAMS).map(([name, program]) => [name, join(folder, program.folder)] as const);
  const missing = bundles.filter(([, path]) => !existsSync(path)).map(([, path]) => path);
  if (missing.length === 0) return Object.fromEntries(bundles) as Bundles;
  throw new ProgramsMissingError(
    `The bundled programs are not there: expected ${missing.join(", ")}. Install the package that npm pack makes, or ` +
      "hand over the bundles of bundlePrograms().",
  );
}
