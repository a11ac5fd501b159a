/**
 * Runs one scenario to its end: as long as it says, and then until everything is terminal that can be. What is lost is
 * what was written and is neither terminal nor anywhere: counted by looking through every place where a confirmation
 * can be, not by subtraction of totals that are one another's consequence.
 */
import { isWaitKey } from "../../../core/transaction/row/index-keys.ts";
import type { Settings } from "../../../core/settings/settings.ts";
import { QUOTAS, type Quotas } from "../aws/quotas.ts";
import {
  type DrainName,
  DRAINS,
  type Outage,
  PROVISIONED_SCENARIO,
  SCENARIO,
  type ScenarioName,
} from "../scenarios.ts";
import { handOut } from "./hand-out.ts";
import type { PolicyName } from "./policy.ts";
import type { Confirmation } from "./confirmation.ts";
import { Producers } from "./producers.ts";
import type { Moment, Result } from "./result.ts";
import { TICK_MS } from "./virtual-time.ts";
import { pendingIn, Watch } from "./watch.ts";
import { createWorld, type World } from "./world.ts";
import { timeOf } from "./tally.ts";

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
  /** Second at which an outage is over. @default the scenario's */
  readonly outageUntil?: number;
}

/** Seconds after the last write within which everything must be terminal. */
const SETTLE_SECONDS = 1800;
const TICKS_A_SECOND = 1000 / TICK_MS;
const TICKS_A_LOOK = 10;

export async function runScenario(options: RunOptions): Promise<{ result: Result; moments: Moment[] }> {
  const {
    scenario: name,
    policy,
    seed,
    sample,
    quotas = { ...QUOTAS, tableWritesPerSecond: options.settings.tableWriteQuota },
  } = options;
  const settings = settingsOf(options);
  const scenario = SCENARIO[name];
  const writesFor = options.writesForSeconds ?? scenario.writesForSeconds;
  const isLargeBounded = name !== "spike" && name !== PROVISIONED_SCENARIO && !isDrain(name);
  const outage = scenario.outage && { ...scenario.outage, until: options.outageUntil ?? scenario.outage.until };
  const world = createWorld({
    settings,
    policy,
    quotas,
    seed,
    sample,
    isLargeBounded,
    beginsCold: scenario.beginsCold === true,
    ...(outage !== undefined && { outage }),
  });
  const { time, table, stream, service, tally, release, healthTable } = world;
  const producers = new Producers(world.merchants, sample, world.random);
  const watch = new Watch({ world, settings, scenario, sample });
  let isOver = false;
  let recordedSeconds: number | null = null;
  release.start();

  for (let second = 0; !isOver; second += 1) {
    if (outage !== undefined) beOut(world, outage, second);
    if (scenario.zoneLostAt === second) service.loseZone(0, second);
    service.scale(second);
    world.provisioned?.scale(second);
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
    const isTerminal = watch.look(second, rate);
    if (outage !== undefined && second >= outage.until && tally.before === 0)
      recordedSeconds ??= second + 1 - outage.until;
    isOver = second >= writesFor && (isTerminal || second >= writesFor + SETTLE_SECONDS);
  }
  const { written, confirmedCount, deadLetters } = tally;
  const found = [...pendingIn(world)].length * sample;
  const waiting =
    [...pendingIn(world)].filter((one) => scenario.mayWaitAtEnd || isForLater(one, time.now())).length * sample;
  const result: Result = {
    scenario: name,
    policy,
    seed,
    p50Ms: timeOf(tally.all, 0.5),
    p99Ms: timeOf(tally.all, 0.99),
    healthyP99Ms: timeOf(tally.healthy, 0.99),
    maxBacklog: Math.round(watch.most.backlog),
    maxParked: watch.most.parked,
    maxTasks: watch.most.tasks,
    maxInFlight: watch.most.inFlight,
    lost: producers.asked - confirmedCount - deadLetters - waiting,
    usdPerMillion: Number(((watch.dollars / Math.max(1, confirmedCount)) * 1e6).toFixed(2)),
    drainedSeconds: watch.drainedSeconds,
    healthyStoppedSeconds: watch.healthyStoppedSeconds,
    written,
    confirmed: confirmedCount,
    deadLettered: deadLetters,
    waiting: found,
    duplicates: tally.duplicates,
    interrupted: service.interrupted,
    scaledIn: service.scaledIn,
    tasksAtEnd: service.running.length,
    circuitsOpened: healthTable.circuitsOpened,
    rows: tally.rows,
    recordedSeconds,
    fairnessLooks: release.fairnessLooks,
    killedLooks: release.killedLooks,
    throttledSeconds: watch.throttledSeconds,
    maxUnwritten: watch.most.unwritten,
  };
  return { result, moments: watch.moments };
}

function settingsOf({ scenario, settings }: RunOptions): Settings {
  if (scenario !== PROVISIONED_SCENARIO) return settings;
  return { ...settings, capacity: { ...settings.capacity, mode: "provisioned" } };
}

function isDrain(name: ScenarioName): name is DrainName {
  return DRAINS.some((drain) => drain === name);
}

function beOut({ merchants, large, service, queue }: World, { of, from, until }: Outage, second: number): void {
  const isOut = second >= from && second < until;
  if (of === "large merchant") large.isOut = isOut;
  if (of === "merchants") for (const merchant of merchants) merchant.isOut = isOut;
  if (of === "queue") queue.isDown = isOut;
  if (of !== "workers") return;
  if (second === from) service.loseAll();
  service.isDown = isOut;
}

/**
 * Its next attempt is still to come, by the schedule: one that was called again and again while its merchant was out.
 */
function isForLater({ place, isParked }: Confirmation, now: number): boolean {
  return place !== undefined && isParked && !isWaitKey(place.dueKey) && place.dueAt > now;
}
