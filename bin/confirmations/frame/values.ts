/** Values of options, each with what it takes in the sentence that refuses another. */
import { readFileSync } from "node:fs";
import { shortly } from "../../../core/settings/settings-faults.ts";
import { wrongLine } from "./command-failure.ts";
import type { Surroundings } from "./surroundings.ts";

export function wholeNumber(option: string, min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw wrongLine(`${option} is ${shortly(text)}, expected a whole number from ${min} to ${max}`);
  };
}

export function oneOf<const Names extends readonly string[]>(
  option: string,
  names: Names,
): (text: string) => Names[number] {
  return (text) => {
    const found = names.find((name) => name.toLowerCase() === text.toLowerCase());
    if (found !== undefined) return found;
    throw wrongLine(`${option} is ${shortly(text)}, expected one of ${names.join(", ")}`);
  };
}

/** A file, or `-` for standard input. */
export async function fileText(
  file: string,
  around: Pick<Surroundings, "readInput" | "isInputTerminal">,
): Promise<string> {
  if (file === "-") {
    if (around.isInputTerminal) throw wrongLine("Standard input is a terminal; expected a file, or a pipe into it");
    return around.readInput();
  }
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw wrongLine(`The file ${shortly(file)} cannot be read: ${(cause as NodeJS.ErrnoException).code ?? "?"}`);
  }
}
