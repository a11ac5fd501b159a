/**
 * Runs one scenario to its end: as long as it says, and then until everything is settled that can be. What is lost is what was written
 * and is neither settled nor anywhere: counted by looking through every place where a confirmation can be, not by subtraction of totals
 * that are one another's consequence.
 */
import type { Settings } from "../../../core/settings.ts";
import { BATCHES, QUOTAS, type Quotas } from "../aws/quotas.ts";
import { SCENARIO, type ScenarioName } from "../scenarios.ts";
import type { Confirmation } from "./confirmation.ts";
import { Costs } from "./costs.ts";
import type { PolicyName } from "./policy.ts";
import { Producers } from "./producers.ts";
import { createWorld, type World } from "./world.ts";
import { TICK_MS } from "./virtual-time.ts";

export interface RunOptions {
  readonly scenario: ScenarioName;
  readonly settings: Settings;
  readonly policy: PolicyName;
  readonly seed: number;
  /** Real confirmations for each simulated one. */
  readonly sample: number;
  /** @default those of an account */
  readonly quotas?: Quotas;
  /** Seconds for which confirmations are written. @default the scenario's */
  readonly writesForSeconds?: number;
}

/** One second of a run, for the plot. */
export interface Moment {
  readonly second: number;
  readonly writtenPerSecond: number;
  readonly confirmedPerSecond: number;
  readonly backlog: number;
  readonly parked: number;
  readonly tasks: number;
  readonly inFlight: number;
}

export interface Result {
  readonly scenario: ScenarioName;
  readonly policy: PolicyName;
  readonly seed: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** The same of all merchants but the large one. */
  readonly healthyP99Ms: number;
  /** Written and neither settled nor parked, with what the table has not taken yet. */
  readonly maxBacklog: number;
  readonly maxParked: number;
  readonly maxTasks: number;
  readonly maxInFlight: number;
  readonly lost: number;
  readonly usdPerMillion: number;
  /** Seconds after the disturbance until no more was behind than comes in a second; null for never. */
  readonly drainedSeconds: number | null;
  /** Seconds in which merchants that are well got less than a tenth of what was written for them. */
  readonly healthyStoppedSeconds: number;
  readonly written: number;
  readonly confirmed: number;
  readonly deadLettered: number;
  readonly waiting: number;
  readonly duplicates: number;
  /** Deliveries that a stop of their task cut off. */
  readonly interrupted: number;
  readonly scaledIn: number;
  readonly tasksAtEnd: number;
  readonly circuitsOpened: number;
}

/** Seconds after the last write within which everything must be settled. */
const SETTLE_SECONDS = 1800;
const TICKS_A_SECOND = 1000 / TICK_MS;
const TICKS_A_LOOK = 10;
const STOPPED_SHARE = 0.1;

export async function runScenario(options: RunOptions): Promise<{ result: Result; moments: Moment[] }> {
  const { scenario: name, settings, policy, seed, sample, quotas = QUOTAS } = options;
  const scenario = SCENARIO[name];
  const writesFor = options.writesForSeconds ?? scenario.writesForSeconds;
  const world = createWorld({ settings, policy, quotas, seed, sample, isLargeBounded: name !== "spike" });
  const { time, table, stream, queue, parking, service, tally, large, release, gates } = world;
  const producers = new Producers(world.merchants, sample, world.random);
  const costs = new Costs(settings, world.shards);
  const moments: Moment[] = [];
  const most = { backlog: 0, parked: 0, tasks: 0, inFlight: 0 };
  let before = countsOf(world);
  let behindAt = 0;
  let healthyStoppedSeconds = 0;
  let isOver = false;
  time.start(() => release.run(() => isOver));

  for (let second = 0; !isOver; second += 1) {
    large.isOut = scenario.outage !== undefined && second >= scenario.outage.from && second < scenario.outage.until;
    if (scenario.zoneLostAt === second) service.loseZone(0, second);
    service.scale(second);
    const rate = second < writesFor ? settings.targetRatePerSecond * scenario.rateFactor(second) : 0;
    for (let tick = 0; tick < TICKS_A_SECOND; tick += 1) {
      await time.advance(() => {
        for (const confirmation of producers.tick(rate)) table.insert(confirmation);
        table.carryOut();
        stream.carryOut();
        handOut(world, sample);
        service.drain();
        if (tick % TICKS_A_LOOK === 0) for (const task of service.running) task.policy.tick();
      });
    }
    const now = countsOf(world);
    const backlog = (table.unwritten + stream.onTheWay + queue.waiting + queue.inFlight) * sample;
    const parked = parking.size * sample;
    const inFlight = queue.inFlight * sample;
    most.backlog = Math.max(most.backlog, backlog);
    most.parked = Math.max(most.parked, parked);
    most.inFlight = Math.max(most.inFlight, inFlight);
    most.tasks = Math.max(most.tasks, service.alive);
    const running = service.running;
    costs.add({
      tableUnits: now.units - before.units,
      changes: now.changes - before.changes,
      messages: now.written - before.written,
      released: now.released - before.released,
      receivedByTask: running.map((task) => task.received),
      tasks: service.alive,
      calls: now.calls - before.calls,
      reads: now.received(running) + (now.gateReads - before.gateReads) * sample + (now.queries - before.queries) / 2,
    });
    for (const task of running) task.received = 0;
    const healthyWritten = rate * (1 - large.share);
    if (
      rate > 0 &&
      second >= scenario.disturbedUntil &&
      now.healthyConfirmed - before.healthyConfirmed < healthyWritten * STOPPED_SHARE
    )
      healthyStoppedSeconds += 1;
    const isBehind = backlog + (scenario.mayWaitAtEnd ? 0 : parked) > settings.targetRatePerSecond;
    if (isBehind) behindAt = second;
    moments.push({
      second,
      writtenPerSecond: now.written - before.written,
      confirmedPerSecond: now.confirmed - before.confirmed,
      backlog,
      parked,
      tasks: running.length,
      inFlight,
    });
    before = now;
    const isSettled = backlog === 0 && (parked === 0 || scenario.mayWaitAtEnd);
    isOver = second >= writesFor && (isSettled || second >= writesFor + SETTLE_SECONDS);
  }
  const { written, confirmedCount, deadLetters } = tally;
  const found = [...unsettledIn(world)].length * sample;
  const waiting = scenario.mayWaitAtEnd ? found : 0;
  const result: Result = {
    scenario: name,
    policy,
    seed,
    p50Ms: tally.all.quantile(0.5),
    p99Ms: tally.all.quantile(0.99),
    healthyP99Ms: tally.healthy.quantile(0.99),
    maxBacklog: Math.round(most.backlog),
    maxParked: most.parked,
    maxTasks: most.tasks,
    maxInFlight: most.inFlight,
    lost: producers.asked - confirmedCount - deadLetters - waiting,
    usdPerMillion: Number(((costs.dollars / Math.max(1, confirmedCount)) * 1e6).toFixed(2)),
    drainedSeconds: moments.length === behindAt + 1 ? null : Math.max(0, behindAt + 1 - scenario.disturbedUntil),
    healthyStoppedSeconds,
    written,
    confirmed: confirmedCount,
    deadLettered: deadLetters,
    waiting: found,
    duplicates: tally.duplicates,
    interrupted: service.interrupted,
    scaledIn: service.scaledIn,
    tasksAtEnd: service.running.length,
    circuitsOpened: gates.circuitsOpened,
  };
  return { result, moments };
}

/** Running tasks ask in turns; one receive brings a batch at most, and a task has some pollers. */
function handOut({ service, queue, random }: World, sample: number): void {
  const tasks = service.running;
  if (tasks.length === 0) return;
  const together = Math.max(1, Math.round(BATCHES.messages / sample));
  const first = Math.floor(random() * tasks.length);
  for (let turn = 0; turn < BATCHES.pollers && queue.waiting > 0; turn += 1) {
    for (let index = 0; index < tasks.length; index += 1) {
      const task = tasks[(first + index) % tasks.length];
      for (let count = 0; count < together && task?.hasRoom === true; count += 1) {
        const message = queue.receive();
        if (message === undefined) return;
        task.take(message);
      }
    }
  }
}

function countsOf({ table, tally, release, gates }: World) {
  return {
    units: table.units,
    changes: table.changes,
    written: tally.written,
    confirmed: tally.confirmedCount,
    healthyConfirmed: tally.healthyConfirmed,
    calls: tally.calls,
    released: release.released,
    queries: release.queries,
    gateReads: gates.reads,
    /** Each message's row is read. */
    received: (tasks: readonly { readonly received: number }[]) =>
      tasks.reduce((sum, { received }) => sum + received, 0),
  };
}

/** Everything that is owed still, each once, wherever it is. */
function unsettledIn({ table, stream, queue, parking }: World): Set<Confirmation> {
  const found = new Set<Confirmation>();
  for (const place of [table, stream, queue, parking])
    for (const confirmation of place) if (!confirmation.isSettled) found.add(confirmation);
  return found;
}
