/**
 * The most memory that this process has had at once. `maxRSS` of `process.resourceUsage` would tell that of whoever
 * started it, where that was more.
 */
import { readFileSync } from "node:fs";

const PEAK = /^VmHWM:\s+(\d+) kB$/m;
const KILOBYTES_A_MEGABYTE = 1000;
const BYTES_A_MEGABYTE = 1_000_000;

/** @returns megabytes; what it has now, where the system keeps no peak */
export function peakMegabytes(): number {
  try {
    const peak = PEAK.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
    if (peak !== undefined) return Math.round(Number(peak) / KILOBYTES_A_MEGABYTE);
  } catch {
    // No Linux.
  }
  return Math.round(process.memoryUsage.rss() / BYTES_A_MEGABYTE);
}
