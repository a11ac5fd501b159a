/**
 * Where the CPU time of a run goes: of this process, with the functions' threads, the producer and the merchants in it,
 * and of each program that it has started, by name, read from `/proc` (Linux).
 */
import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";

/** Of `/proc/<pid>/stat`: a hundredth of a second on every Linux that Node runs on. */
const TICK_MS = 10;
const PROGRAM = /\.(?:ts|mjs|jar)$/;

/** Milliseconds of CPU by program. */
export type CpuByProgram = Readonly<Record<string, number>>;

interface Process {
  readonly parent: number;
  readonly program: string;
  readonly cpuMs: number;
}

/** @returns what was used since the processes' start; nothing where there is no `/proc` */
export function cpuByProgram(): CpuByProgram {
  const all = new Map(processIds().flatMap((pid) => processOf(pid) ?? []));
  const used: Record<string, number> = {};
  for (const [pid, { program, cpuMs }] of all) if (isOurs(pid, all)) used[program] = (used[program] ?? 0) + cpuMs;
  return used;
}

/** @returns milliseconds of CPU an item */
export function cpuMsEach(before: CpuByProgram, after: CpuByProgram, items: number): CpuByProgram {
  const each = Object.entries(after).map(([program, ms]) => [program, (ms - (before[program] ?? 0)) / items] as const);
  return Object.fromEntries(each.filter(([, ms]) => ms > 0));
}

function processIds(): number[] {
  try {
    return readdirSync("/proc").map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

/** One that has ended meanwhile is left out. */
function processOf(pid: number): [[number, Process]] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name in brackets may hold blanks.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const cpuMs = (Number(fields[11]) + Number(fields[12])) * TICK_MS;
    return [[pid, { parent: Number(fields[1]), program: programOf(pid), cpuMs }]];
  } catch {
    return undefined;
  }
}

/** The last file of its command line that is a program: what comes before are modules that it loads first. */
function programOf(pid: number): string {
  const words = readFileSync(`/proc/${pid}/cmdline`, "latin1").split("\0");
  return basename(words.findLast((word) => PROGRAM.test(word)) ?? words[0] ?? "");
}

function isOurs(pid: number, all: ReadonlyMap<number, Process>): boolean {
  for (let each: number | undefined = pid; each !== undefined && each > 1; each = all.get(each)?.parent)
    if (each === process.pid) return true;
  return false;
}
