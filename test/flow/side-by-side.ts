/** Scenarios that do not get into each other's way, all begun at once: most of the time each of them waits. */
import { beforeAll, it } from "@jest/globals";

/** @param scenarios by what they show, which is the name of a test each */
export function sideBySide(scenarios: Readonly<Record<string, () => Promise<void>>>, timeoutMs: number): void {
  const running = new Map<string, Promise<void>>();

  beforeAll(() => {
    for (const [name, scenario] of Object.entries(scenarios)) {
      const outcome = scenario();
      // It is looked at when its turn comes.
      outcome.catch(() => undefined);
      running.set(name, outcome);
    }
  });

  it.each(Object.keys(scenarios))("%s", (name) => running.get(name), timeoutMs);
}
