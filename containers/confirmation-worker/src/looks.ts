/** What a task does every few seconds, beside its messages. */
import { PAUSE_LOOK_EVERY_MS, PUBLISH_EVERY_MS } from "../../../core/settings/worker-rhythm.ts";
import type { ClockLook } from "./clock/clock-look.ts";
import type { DependencyBreaker } from "../../../core/confirmation/tables/dependency-breaker.ts";
import type { PauseSwitch } from "./receive/pause-switch.ts";

const TABLES_EVERY_MS = 1000;

export interface LooksParts {
  readonly publish: () => void;
  readonly pauseSwitch: Pick<PauseSwitch, "look">;
  readonly clockLook: Pick<ClockLook, "look">;
  readonly breaker: Pick<DependencyBreaker, "look">;
}

/**
 * Resolves when both services have said what time it is, if they answer at all: nothing is received before.
 *
 * @returns what ends it
 */
export async function startLooks({ publish, pauseSwitch, clockLook, breaker }: LooksParts): Promise<() => void> {
  const publishing = setInterval(publish, PUBLISH_EVERY_MS);
  const look = async () => {
    await pauseSwitch.look();
    await clockLook.look();
  };
  await look();
  const looking = setInterval(() => void look(), PAUSE_LOOK_EVERY_MS);
  const probing = setInterval(() => void breaker.look(), TABLES_EVERY_MS);
  return () => {
    for (const timer of [publishing, looking, probing]) clearInterval(timer);
  };
}
