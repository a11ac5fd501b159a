/** Waits for a condition instead of a time. */
import { setTimeout as pause } from "node:timers/promises";
import { patienceMs } from "../support/machine-speed.ts";

const PATIENCE_MS = 90_000;
const LOOK_EVERY_MS = 25;

/** @param look resolves with undefined as long as it is not so. @param quietMs on a machine that does nothing else */
export async function waitFor<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  quietMs = PATIENCE_MS,
): Promise<T> {
  const waitMs = patienceMs(quietMs);
  const until = Date.now() + waitMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > until) throw new Error(`Waited ${waitMs} ms and still not so: ${what}`);
    await pause(LOOK_EVERY_MS);
  }
}
