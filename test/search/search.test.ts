/** All that can happen within small scopes, over the real code; and the guards without which something would. */
import { describe, expect, it } from "@jest/globals";
import { explore, replay } from "./explore.ts";
import { explorerWithout, GUARDS } from "./guards.ts";
import { LARGE, SMALL } from "./scopes.ts";

/** More than any of them takes: a search that is cut off proves nothing. */
const MAX_SCHEDULES = 10_000;

describe("every schedule of a small scope", () => {
  it.each(SMALL.map((scope) => [scope.name, scope] as const))("holds: %s", async (_, scope) => {
    const { violations, isFrontierEmpty, schedules } = await explore(scope, { maxSchedules: MAX_SCHEDULES });
    expect(violations).toEqual([]);
    expect(isFrontierEmpty).toBe(true);
    expect(schedules).toBeGreaterThan(scope.most);
  });
});

describe("a search of code that lacks a guard", () => {
  it.each(GUARDS.map((guard) => [guard.name, guard] as const))("notices: %s", async (_, guard) => {
    const scope = [...SMALL, ...LARGE].find(({ name }) => name === guard.scope);
    if (scope === undefined) throw new Error(`there is no scope ${guard.scope}`);
    const { explore: exploreWithout } = await explorerWithout(guard);
    const { violations } = await exploreWithout(scope, { maxSchedules: MAX_SCHEDULES, isOneEnough: true });
    expect(violations).toHaveLength(1);
    // The same steps do no harm where the guard is in its place, or cannot be taken there.
    const schedule = violations[0]?.schedule ?? [];
    expect(await replay(scope, schedule).catch((error: unknown) => [String(error)])).not.toEqual(violations[0]?.what);
  });
});
