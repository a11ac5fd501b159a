/** Waits for a condition, never for a time. */
import { setTimeout as sleep } from "node:timers/promises";

export interface WaitOptions {
  readonly everyMs: number;
  /** Gives up at this moment, epoch milliseconds. */
  readonly untilMs: number;
  readonly isStopped: () => boolean;
}

/** @returns whether the condition came true in time */
export async function waitUntil(
  condition: () => Promise<boolean>,
  { everyMs, untilMs, isStopped }: WaitOptions,
): Promise<boolean> {
  while (!isStopped()) {
    if (await condition()) return true;
    if (Date.now() >= untilMs) return false;
    await sleep(everyMs);
  }
  return false;
}
