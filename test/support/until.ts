/** Waits for a condition, turn by turn of the event loop; fails rather than hangs. */
import { setTimeout as pause } from "node:timers/promises";
import { patienceByNowMs, patienceMs } from "./machine-speed.ts";

const MAX_WAIT_MS = 20_000;
/** What this process does itself takes few turns. What takes more is done by another, which needs a core for it. */
const BUSY_TURNS = 200;
const PAUSE_MS = 1;

export async function until(condition: () => boolean, what = condition.toString()): Promise<void> {
  const waitMs = patienceMs(MAX_WAIT_MS);
  const startedAt = performance.now();
  for (let turn = 0; !condition(); turn += 1) {
    const waitedMs = performance.now() - startedAt;
    if (waitedMs > waitMs && waitedMs > patienceByNowMs(MAX_WAIT_MS))
      throw new Error(`waited ${Math.round(waitedMs)} ms in vain for: ${what}`);
    await (turn < BUSY_TURNS ? new Promise((resolve) => setImmediate(resolve)) : pause(PAUSE_MS));
  }
}

/** Lets everything run that needs no more than the microtask queue and the end of this turn. */
export async function settle(turns = 5): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Lets promises run that wait for nothing but each other. */
export async function runPromises(count = 10): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await Promise.resolve();
}
