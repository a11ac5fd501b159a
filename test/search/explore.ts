/**
 * A depth-first search over the real code: each schedule begins anew, takes the steps that led to where something else
 * could have come next, and goes on from there, until it ends or comes to a state that was seen before. When no such
 * place is left, everything was looked at.
 */
import { Turns } from "./turns.ts";
import { type Scope, World } from "./world.ts";

export interface Found {
  readonly scope: string;
  /** Schedules that were run, whole or to a state that was known. */
  readonly schedules: number;
  readonly states: number;
  /** Whether everything that could happen within the scope was looked at. */
  readonly isFrontierEmpty: boolean;
  readonly violations: readonly Violation[];
}

export interface Violation {
  readonly what: readonly string[];
  /** Steps that lead to it, to be taken again by `replay`. */
  readonly schedule: readonly string[];
}

export interface Bounds {
  readonly maxSchedules: number;
  /** Stops at the first one. @default goes on to the end */
  readonly isOneEnough?: boolean;
}

/** The same search, of code that may lack something. */
export interface Explorer {
  readonly explore: typeof explore;
  readonly wander: typeof wander;
}

/** Steps taken so far; the newest first. */
interface Path {
  readonly label: string;
  readonly before: Path | undefined;
}

/** Far more than any schedule takes that ends. */
const MOST_STEPS = 1000;

export async function explore(scope: Scope, { maxSchedules, isOneEnough = false }: Bounds): Promise<Found> {
  const seen = new Set<string>();
  const frontier: (Path | undefined)[] = [undefined];
  const violations: Violation[] = [];
  let schedules = 0;
  await inTurns(async (begin) => {
    while (frontier.length > 0 && schedules < maxSchedules) {
      schedules += 1;
      const violation = await follow(begin(scope), frontier.pop(), seen, frontier);
      if (violation === undefined) continue;
      violations.push(violation);
      if (isOneEnough) break;
    }
  });
  return { scope: scope.name, schedules, states: seen.size, isFrontierEmpty: frontier.length === 0, violations };
}

/** Takes the first step of each state, and puts the others on the frontier. */
async function follow(
  world: World,
  start: Path | undefined,
  seen: Set<string>,
  frontier: (Path | undefined)[],
): Promise<Violation | undefined> {
  for (const label of labelsOf(start)) await take(world, label);
  for (let path = start, steps = 0; steps < MOST_STEPS; steps += 1) {
    world.watch.look();
    const choices = world.choices();
    if (choices.length === 0) world.watch.end();
    if (world.watch.violations.length > 0) return { what: world.watch.violations, schedule: labelsOf(path) };
    const state = world.state();
    if (choices.length === 0 || seen.has(state)) return undefined;
    seen.add(state);
    const before = path;
    const [first, ...others] = choices;
    for (const { label } of others.toReversed()) frontier.push({ label, before });
    if (first === undefined) return undefined;
    path = { label: first.label, before };
    await world.take(first);
  }
  return { what: [`does not end within ${MOST_STEPS} steps`], schedule: labelsOf(start) };
}

/** The same with each step drawn. @returns how many of the schedules found something */
export async function wander(scope: Scope, schedules: number, random: () => number): Promise<number> {
  let found = 0;
  await inTurns(async (begin) => {
    for (let schedule = 0; schedule < schedules; schedule += 1) if (await draw(begin(scope), random)) found += 1;
  });
  return found;
}

async function draw(world: World, random: () => number): Promise<boolean> {
  for (let steps = 0; steps < MOST_STEPS; steps += 1) {
    world.watch.look();
    const choices = world.choices();
    const drawn = choices[Math.floor(random() * choices.length)];
    if (drawn === undefined) world.watch.end();
    if (drawn === undefined || world.watch.violations.length > 0) break;
    await world.take(drawn);
  }
  return world.watch.violations.length > 0;
}

/** Takes a schedule again. @returns what it violates */
export async function replay(scope: Scope, schedule: readonly string[]): Promise<readonly string[]> {
  return inTurns(async (begin) => {
    const world = begin(scope);
    for (const label of schedule) {
      await take(world, label);
      world.watch.look();
    }
    if (world.choices().length === 0) world.watch.end();
    return world.watch.violations;
  });
}

async function inTurns<Result>(work: (begin: (scope: Scope) => World) => Promise<Result>): Promise<Result> {
  const turns = new Turns();
  turns.install();
  try {
    return await work((scope) => new World(scope, turns));
  } finally {
    turns.remove();
  }
}

async function take(world: World, label: string): Promise<void> {
  const choices = world.choices();
  const choice = choices.find((one) => one.label === label);
  if (choice === undefined)
    throw new Error(`"${label}" could not come next; there were ${choices.map((one) => one.label).join(", ")}`);
  await world.take(choice);
}

function labelsOf(path: Path | undefined): string[] {
  const labels: string[] = [];
  for (let at = path; at !== undefined; at = at.before) labels.push(at.label);
  return labels.toReversed();
}
