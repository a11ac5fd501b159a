/**
 * `npm run search`: goes through every schedule of the scopes, small and large, and says how many there were, whether
 * that were all, and what was violated, with the steps that lead to it. `--guards` takes each guard out in turn and
 * says how many schedules it took to notice, by search and by chance.
 */
import { parseArgs } from "node:util";
import { explore, replay } from "./explore.ts";
import { explorerWithout, GUARDS } from "./guards.ts";
import { LARGE, SMALL } from "./scopes.ts";
import type { Scope } from "./world.ts";

const SCOPES = [...SMALL, ...LARGE];
const MAX_SCHEDULES = 1_000_000;
const RANDOM_SCHEDULES = 1000;

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    guards: { type: "boolean", default: false },
    scope: { type: "string", default: "" },
    max: { type: "string", default: String(MAX_SCHEDULES) },
    replay: { type: "string" },
  },
});
const maxSchedules = Number(values.max);
if (!Number.isSafeInteger(maxSchedules) || maxSchedules < 1)
  throw new Error(`--max: got ${values.max}, expected how many schedules of each scope to run at most`);
const chosen = SCOPES.filter(({ name }) => name.includes(values.scope));
const [first] = chosen;
if (first === undefined)
  throw new Error(`--scope: got ${values.scope}, expected a part of ${SCOPES.map(({ name }) => name).join("; ")}`);

if (values.replay !== undefined) {
  const violations = await replay(first, JSON.parse(values.replay) as string[]);
  process.stdout.write(`${JSON.stringify({ scope: first.name, violations })}\n`);
  if (violations.length > 0) process.exitCode = 1;
} else if (values.guards) await takeOutGuards(first);
else await searchScopes(chosen);

async function searchScopes(scopes: readonly Scope[]): Promise<void> {
  for (const scope of scopes) {
    const found = await explore(scope, { maxSchedules });
    const { schedules, states, isFrontierEmpty, violations } = found;
    const line =
      `${scope.name}: ${schedules} schedules, ${states} states, frontier ` +
      `${isFrontierEmpty ? "empty" : "not empty"}, ${violations.length} violations`;
    process.stdout.write(`${values.json ? JSON.stringify(found) : line}\n`);
    if (violations.length > 0) process.exitCode = 1;
    if (!values.json) for (const { what, schedule } of violations.slice(0, 1)) tellOf(what, schedule);
  }
}

function tellOf(what: readonly string[], schedule: readonly string[]): void {
  process.stdout.write(`  ${what.join("; ")}\n  --replay '${JSON.stringify(schedule)}'\n`);
}

/** @param otherwise scope of guards whose own is not there */
async function takeOutGuards(otherwise: Scope): Promise<void> {
  for (const guard of GUARDS) {
    const scope = SCOPES.find(({ name }) => name === guard.scope) ?? otherwise;
    const explorer = await explorerWithout(guard);
    const found = await explorer.explore(scope, { maxSchedules, isOneEnough: true });
    const byChance = await explorer.wander(scope, RANDOM_SCHEDULES, Math.random);
    const told = { guard: guard.name, scope: scope.name, schedules: found.schedules, violations: found.violations };
    const line =
      `without "${guard.name}": found after ${found.schedules} schedules, by ${byChance} of ` +
      `${RANDOM_SCHEDULES} random ones`;
    process.stdout.write(`${values.json ? JSON.stringify({ ...told, byChance, ofRandom: RANDOM_SCHEDULES }) : line}\n`);
    if (found.violations.length === 0) process.exitCode = 1;
  }
}
