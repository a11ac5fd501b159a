/**
 * `npm run search`: goes through every schedule of the scopes, small and large, and says how many there were, whether
 * that were all, and what was violated, with the steps that lead to it. `--guards` takes each guard out in turn and
 * says how many schedules it took to notice, by search and by chance.
 */
import { type Command, JSON_OPTION } from "../../local/command-line/command.ts";
import { CommandLineError, optionsOf, wholeNumber } from "../../local/command-line/parse.ts";
import { runCommand } from "../../local/command-line/run-command.ts";
import { explore, replay } from "./explore.ts";
import { explorerWithout, GUARDS } from "./guards.ts";
import { LARGE, SMALL } from "./scopes.ts";
import type { Scope } from "./world.ts";

const SCOPES = [...SMALL, ...LARGE];
const RANDOM_SCHEDULES = 1000;

const SEARCH_COMMAND = {
  name: "npm run search",
  does: "Goes through every order of steps of the scopes, and says how many there were and what was violated.",
  code: "SEARCH_OPTIONS_INVALID",
  options: {
    json: JSON_OPTION,
    guards: { type: "boolean", default: false, says: "instead: takes each guard out and says when that is noticed" },
    scope: { type: "string", takes: "<name>", says: "scopes whose name has this in it (all)" },
    max: { type: "string", default: "1000000", takes: "<number>", says: "orders of each scope at most" },
    replay: { type: "string", takes: "<json>", says: "one order of the first scope, as a search printed it" },
  },
} as const satisfies Command;

interface SearchOptions {
  readonly json: boolean;
  readonly guards: boolean;
  readonly maxSchedules: number;
  readonly chosen: readonly [Scope, ...Scope[]];
  readonly replay?: string | undefined;
}

function parseSearchOptions(args: readonly string[]): SearchOptions {
  return optionsOf(SEARCH_COMMAND, args, ({ values: { json, guards, scope = "", max, replay: steps } }) => {
    const [first, ...more] = SCOPES.filter(({ name }) => name.includes(scope));
    if (first === undefined)
      throw new CommandLineError(
        `--scope takes a part of the name of one of ${SCOPES.length} scopes, got ${JSON.stringify(scope)}`,
      );
    const maxSchedules = wholeNumber("--max", max, 1, Number.MAX_SAFE_INTEGER);
    return { json, guards, maxSchedules, chosen: [first, ...more], replay: steps };
  });
}

async function main(args: readonly string[]): Promise<void> {
  const options = parseSearchOptions(args);
  const [first] = options.chosen;
  if (options.replay !== undefined) {
    const violations = await replay(first, JSON.parse(options.replay) as string[]);
    process.stdout.write(`${JSON.stringify({ scope: first.name, violations })}\n`);
    if (violations.length > 0) process.exitCode = 1;
  } else if (options.guards) await takeOutGuards(first, options);
  else await searchScopes(options);
}

async function searchScopes({ chosen: scopes, json, maxSchedules }: SearchOptions): Promise<void> {
  for (const scope of scopes) {
    const found = await explore(scope, { maxSchedules });
    const { schedules, states, isFrontierEmpty, violations } = found;
    const line =
      `${scope.name}: ${schedules} schedules, ${states} states, frontier ` +
      `${isFrontierEmpty ? "empty" : "not empty"}, ${violations.length} violations`;
    process.stdout.write(`${json ? JSON.stringify(found) : line}\n`);
    if (violations.length > 0) process.exitCode = 1;
    if (!json) for (const { what, schedule } of violations.slice(0, 1)) tellOf(what, schedule);
  }
}

function tellOf(what: readonly string[], schedule: readonly string[]): void {
  process.stdout.write(`  ${what.join("; ")}\n  --replay '${JSON.stringify(schedule)}'\n`);
}

/** @param otherwise scope of guards whose own is not there */
async function takeOutGuards(otherwise: Scope, { json, maxSchedules }: SearchOptions): Promise<void> {
  for (const guard of GUARDS) {
    const scope = SCOPES.find(({ name }) => name === guard.scope) ?? otherwise;
    const explorer = await explorerWithout(guard);
    const found = await explorer.explore(scope, { maxSchedules, isOneEnough: true });
    const byChance = await explorer.wander(scope, RANDOM_SCHEDULES, Math.random);
    const reported = { guard: guard.name, scope: scope.name, schedules: found.schedules, violations: found.violations };
    const line =
      `without "${guard.name}": found after ${found.schedules} schedules, by ${byChance} of ` +
      `${RANDOM_SCHEDULES} random ones`;
    process.stdout.write(`${json ? JSON.stringify({ ...reported, byChance, ofRandom: RANDOM_SCHEDULES }) : line}\n`);
    if (found.violations.length === 0) process.exitCode = 1;
  }
}

await runCommand(SEARCH_COMMAND, process.argv.slice(2), main);
