/** Two cores: one for what is measured, alone, and one for everything else. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

export interface Cores {
  readonly measured: number;
  readonly world: number;
}

/** @throws Error when there are not two cores to use, or no `taskset` */
export function twoCores(): Cores {
  const allowed = /Cpus_allowed_list:\s+(\S+)/.exec(readFileSync("/proc/self/status", "latin1"))?.[1] ?? "";
  const [measured, world] = allowed.split(",").flatMap((range) => {
    const [from = 0, to = from] = range.split("-").map(Number);
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
  if (measured === undefined || world === undefined)
    throw new Error(`The benchmark needs two cores, got "${allowed}": one for what is measured, one for the rest.`);
  try {
    execFileSync("taskset", ["--version"], { stdio: "ignore" });
  } catch (cause) {
    throw new Error("The benchmark needs taskset, of the package util-linux, to keep what is measured on one core.", {
      cause,
    });
  }
  return { measured, world };
}
