/**
 * Which of our own source files a program is made of, as esbuild found them: those that put at least a byte into its
 * bundle.
 */
import { join, resolve } from "node:path";
import { PROGRAMS, type ProgramName, bundlePrograms } from "../../../lib/program/bundle.ts";

export const PROJECT_ROOT = resolve(import.meta.dirname, "../../..");

/** Absolute paths. */
export function sourcesOf(program: ProgramName): readonly string[] {
  const { folder, file } = PROGRAMS[program];
  const output = bundlePrograms().metafile.outputs[`.build/${folder}/${file}`];
  if (output === undefined) throw new Error(`esbuild wrote no .build/${folder}/${file}`);
  return Object.entries(output.inputs)
    .filter(([path, { bytesInOutput }]) => bytesInOutput > 0 && !path.includes("node_modules/"))
    .map(([path]) => join(PROJECT_ROOT, path));
}
