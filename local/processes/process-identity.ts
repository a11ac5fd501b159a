/**
 * Tells whether a process id still means the process it was noted for: ids are given out again, so an id alone is no
 * reason to end anything. Start time and command line together identify a process on this machine.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

export interface ProcessIdentity {
  readonly pid: number;
  /** In the words of the operating system; only compared. */
  readonly startedAt: string;
  readonly command: string;
}

/**
 * Fields of /proc/<pid>/stat, counted after the name in brackets: the parent's id, and the start time in clock ticks
 * since boot.
 */
const PARENT_FIELD = 1;
const START_TIME_FIELD = 19;

/** Who has this process id now; undefined when nobody has. */
export function identify(pid: number): ProcessIdentity | undefined {
  return process.platform === "linux" ? identifyByProc(pid) : identifyByPs(pid);
}

/** Process id of the parent; undefined when nobody has this process id. */
export function parentOf(pid: number): number | undefined {
  try {
    const text =
      process.platform === "linux"
        ? statFields(pid)[PARENT_FIELD]
        : execFileSync("ps", ["-o", "ppid=", "-p", String(pid)], { encoding: "utf8" });
    return Number(text?.trim()) || undefined;
  } catch {
    return undefined;
  }
}

export function isSame(noted: ProcessIdentity, now: ProcessIdentity | undefined): boolean {
  return (
    now !== undefined && noted.pid === now.pid && noted.startedAt === now.startedAt && noted.command === now.command
  );
}

/** Whether it still runs, under whatever name: package managers change theirs. */
export function stillRuns({ pid, startedAt }: ProcessIdentity): boolean {
  return identify(pid)?.startedAt === startedAt;
}

function identifyByProc(pid: number): ProcessIdentity | undefined {
  try {
    const fields = statFields(pid);
    if (fields[0] === "Z") return undefined;
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").join(" ").trim();
    return { pid, startedAt: `${boot}/${fields[START_TIME_FIELD] ?? ""}`, command };
  } catch {
    return undefined;
  }
}

function statFields(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function identifyByPs(pid: number): ProcessIdentity | undefined {
  try {
    const line = execFileSync("ps", ["-o", "lstart=,command=", "-p", String(pid)], { encoding: "utf8" }).trim();
    /** `lstart` is always 24 characters, `Sat Nov 22 01:02:03 2026`. */
    return line === "" ? undefined : { pid, startedAt: line.slice(0, 24), command: line.slice(24).trim() };
  } catch {
    return undefined;
  }
}
