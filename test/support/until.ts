/** Waits for a condition, turn by turn of the event loop; fails rather than hangs. */
import { patienceByNowMs, patienceMs } from "./machine-speed.ts";

const MAX_WAIT_MS = 20_000;

export async function until(condition: () => boolean, what = condition.toString()): Promise<void> {
  const waitMs = patienceMs(MAX_WAIT_MS);
  const startedAt = performance.now();
  while (!condition()) {
    const waitedMs = performance.now() - startedAt;
    if (waitedMs > waitMs && waitedMs > patienceByNowMs(MAX_WAIT_MS))
      throw new Error(`waited ${Math.round(waitedMs)} ms in vain for: ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
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
