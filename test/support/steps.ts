/** The turns in which a model's programs reach the outside, one step after the other. */
import type fc from "fast-check";

export interface Steps {
  /**
   * Resolves when its turn has come and it was done.
   *
   * @param actor whose step it is
   * @param failed what it comes to when it fails; it rejects without
   */
  step<T>(actor: string, name: string, act: () => T | Promise<T>, failed?: () => T): Promise<T>;
}

/** In any order that fast-check draws; none fails by itself. */
export function stepsOf(scheduler: fc.Scheduler): Steps {
  return {
    async step(_actor, name, act) {
      await scheduler.schedule(Promise.resolve(), name);
      return act();
    },
  };
}
