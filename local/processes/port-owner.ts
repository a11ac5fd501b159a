/**
 * Tells whether a process itself listens on a port. Somebody who answers there may be another program that was quicker.
 * Linux only: sockets of the kernel's tables, matched with the process's open files.
 */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

const LISTENING = "0A";
/** Columns of /proc/net/tcp. */
const LOCAL_ADDRESS = 1;
const STATE = 3;
const INODE = 9;

/** @returns undefined where it cannot be told */
export function listensOn(pid: number, port: number): boolean | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    const inodes = new Set(["tcp", "tcp6"].flatMap((table) => listeners(table, port)));
    const directory = `/proc/${pid}/fd`;
    return readdirSync(directory).some((file) => inodes.has(socketInode(`${directory}/${file}`)));
  } catch {
    return undefined;
  }
}

function listeners(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return readFileSync(`/proc/net/${table}`, "utf8")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[STATE] === LISTENING && columns[LOCAL_ADDRESS]?.endsWith(suffix))
    .map((columns) => columns[INODE] ?? "");
}

/** Empty for what is no socket, or was closed meanwhile. */
function socketInode(file: string): string {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(file))?.[1] ?? "";
  } catch {
    return "";
  }
}
