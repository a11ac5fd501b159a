/**
 * Waits for a condition instead of a time. What takes long is looked at less often: each look costs this machine what
 * the stack may need.
 */
import { setTimeout as pause } from "node:timers/promises";
import { patienceByNowMs, patienceMs } from "../support/machine-speed.ts";

const PATIENCE_MS = 90_000;
const FIRST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 1000;
/** Of the time that it has waited already. */
const PAUSE_SHARE = 0.1;

/** @param look resolves with undefined as long as it is not so. @param quietMs on a machine that does nothing else */
export async function waitFor<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  quietMs = PATIENCE_MS,
): Promise<T> {
  const waitMs = patienceMs(quietMs);
  const startedAt = Date.now();
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    const waitedMs = Date.now() - startedAt;
    if (waitedMs > waitMs && waitedMs > patienceByNowMs(quietMs))
      throw new Error(`Waited ${waitedMs} ms and still not so: ${what}`);
    await pause(Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, waitedMs * PAUSE_SHARE)));
  }
}
