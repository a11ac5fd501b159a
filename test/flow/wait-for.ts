/** Waits for a condition instead of a time. */
import { setTimeout as pause } from "node:timers/promises";

const PATIENCE_MS = 90_000;
const LOOK_EVERY_MS = 25;

/** @param look resolves with undefined as long as it is not so */
export async function waitFor<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  const until = Date.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > until) throw new Error(`Waited ${patienceMs} ms and still not so: ${what}`);
    await pause(LOOK_EVERY_MS);
  }
}
