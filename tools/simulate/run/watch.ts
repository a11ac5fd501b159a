/**
 * Looks at a world once a second: what it has used since, the most of everything, and how long something was behind.
 */
import type { Settings } from "../../../core/settings/settings.ts";
import type { Scenario } from "../scenarios.ts";
import type { Confirmation } from "./confirmation.ts";
import { Costs } from "./costs.ts";
import type { Moment } from "./result.ts";
import type { World } from "./world.ts";

/**
 * Merchants that are well count as stopped in a second that brings them less than this part of what was written for
 * them.
 */
const STOPPED_SHARE = 0.1;
const PERCENT = 100;

export interface WatchOptions {
  readonly world: World;
  readonly settings: Settings;
  readonly scenario: Scenario;
  readonly sample: number;
}

export class Watch {
  readonly #options: WatchOptions;
  readonly #costs: Costs;
  readonly moments: Moment[] = [];
  readonly most = { backlog: 0, parked: 0, tasks: 0, inFlight: 0, unwritten: 0 };
  throttledSeconds = 0;
  healthyStoppedSeconds = 0;
  #before: ReturnType<typeof countsOf>;
  #behindAt = 0;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#costs = new Costs(options.settings, options.world.shards);
    this.#before = countsOf(options.world);
  }

  get dollars(): number {
    return this.#costs.dollars;
  }

  /** Seconds from the end of the disturbance until nothing was behind any more; null where something still is. */
  get drainedSeconds(): number | null {
    const until = this.#behindAt + 1;
    return this.moments.length === until ? null : Math.max(0, until - this.#options.scenario.disturbedUntil);
  }

  /** @param rate that is asked to be written in this second. @returns whether everything is terminal that can be */
  look(second: number, rate: number): boolean {
    const { world, settings, scenario, sample } = this.#options;
    const { table, stream, queue, index, service, large } = world;
    const before = this.#before;
    const now = countsOf(world);
    const { running } = service;
    const backlog = (table.unwritten + stream.onTheWay + queue.waiting + queue.inFlight) * sample;
    const parked = index.parked * sample;
    const inFlight = queue.inFlight * sample;
    const unwritten = table.unwritten * sample;
    this.most.unwritten = Math.max(this.most.unwritten, unwritten);
    if (unwritten > 0) this.throttledSeconds += 1;
    this.most.backlog = Math.max(this.most.backlog, backlog);
    this.most.parked = Math.max(this.most.parked, parked);
    this.most.inFlight = Math.max(this.most.inFlight, inFlight);
    this.most.tasks = Math.max(this.most.tasks, service.alive);
    const received = running.map((task) => task.received);
    for (const task of running) task.received = 0;
    this.#costs.add({
      writes: now.units - before.units,
      changes: now.changes - before.changes,
      messages: now.written - before.written,
      released: now.released - before.released,
      receivedByTask: received,
      releaseRuns: world.release.running,
      tasks: service.alive,
      calls: now.calls - before.calls,
      // Each message's row is read consistently, health rows likewise; a query of the due index costs half.
      reads:
        received.reduce((sum, count) => sum + count, 0) +
        (now.healthReads - before.healthReads) +
        (now.queries - before.queries) / 2,
      ...provisionedIn(world, settings),
    });
    const healthyRate = rate * (1 - large.share);
    const healthyConfirmed = now.healthyConfirmed - before.healthyConfirmed;
    const isDisturbed = second >= scenario.disturbedUntil && rate > 0;
    if (isDisturbed && healthyConfirmed < healthyRate * STOPPED_SHARE) this.healthyStoppedSeconds += 1;
    if (backlog + (scenario.mayWaitAtEnd ? 0 : parked) > settings.targetRatePerSecond) this.#behindAt = second;
    this.moments.push({
      second,
      writtenPerSecond: now.written - before.written,
      confirmedPerSecond: now.confirmed - before.confirmed,
      backlog,
      parked,
      tasks: running.length,
      inFlight,
    });
    this.#before = now;
    return backlog === 0 && (index.size === 0 || scenario.mayWaitAtEnd);
  }
}

/** Reads are few beside writes, and taken for as many as are to be used. */
function provisionedIn({ provisioned }: World, { targetRatePerSecond, capacity }: Settings) {
  if (provisioned === undefined) return {};
  const reads = (targetRatePerSecond * PERCENT) / capacity.utilizationPercent;
  return { provisioned: { writes: provisioned.writes, reads } };
}

function countsOf({ table, tally, release, healthTable }: World) {
  return {
    units: table.units,
    changes: table.changes,
    written: tally.written,
    confirmed: tally.confirmedCount,
    healthyConfirmed: tally.healthyConfirmed,
    calls: tally.calls,
    released: release.released,
    queries: release.queries,
    healthReads: healthTable.reads,
  };
}

/** Everything that is owed still, each once, wherever it is. */
export function pendingIn({ table, stream, queue, index }: World): Set<Confirmation> {
  const found = new Set<Confirmation>();
  for (const place of [table, stream, queue, index])
    for (const confirmation of place) if (!confirmation.isTerminal) found.add(confirmation);
  return found;
}
