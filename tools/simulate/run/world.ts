/**
 * Everything of one run, put together: merchants, producers, table, stream, queue, tasks and `release-due`, on one
 * virtual clock.
 */
import { rowKeySettings } from "../../../core/settings/row-key-settings.ts";
import { dueKeyFor } from "../../../core/transaction/row/index-keys.ts";
import type { Settings } from "../../../core/settings/settings.ts";
import { warmWrites } from "../../../core/settings/sizes.ts";
import { CPU_TARGET_PERCENT } from "../../../core/settings/scaling.ts";
import { seededRandom } from "../../../local/demo/seeded-random.ts";
import { inQueueFailingMax } from "../../../core/retry/in-queue-share.ts";
import { visibilitySecondsFor } from "../../../core/retry/visibility.ts";
import { HealthInMemory } from "../aws/merchant-health.ts";
import { SimulatedQueue } from "../aws/message-queue.ts";
import { PARTITION_WRITES_PER_SECOND } from "../../../lib/cost/per-million/quantities.ts";
import { mappingFor } from "../aws/mapping.ts";
import { ON_DEMAND, type Quotas } from "../aws/quotas.ts";
import { ProvisionedCapacity } from "../aws/provisioned-capacity.ts";
import { SimulatedService } from "../aws/service.ts";
import { SimulatedStream } from "../aws/stream.ts";
import { SimulatedTable } from "../aws/table.ts";
import { SETTLING_SECONDS } from "../scenarios.ts";
import { Merchant } from "./merchant.ts";
import { DueIndex } from "./due-index.ts";
import { policyOf, type PolicyName } from "./policy.ts";
import { SimulatedRelease } from "./release.ts";
import { type Span, Tally } from "./tally.ts";
import { Task } from "./task.ts";
import { VirtualTime } from "./virtual-time.ts";

/** Part of all confirmations that are the large merchant's, and what it takes beside them to catch up. */
const LARGE_SHARE = 0.3;
const LARGE_HEADROOM = 3;
const SMALL_MERCHANTS = 99;

export interface WorldOptions {
  readonly settings: Settings;
  readonly policy: PolicyName;
  readonly quotas: Quotas;
  readonly seed: number;
  /** Real confirmations for each simulated one. */
  readonly sample: number;
  /**
   * Whether the large merchant takes so much and no more. Where all traffic grows, merchants must be able to take it.
   */
  readonly isLargeBounded: boolean;
  /** Whether it begins with as few tasks as always run. @default false */
  readonly beginsCold?: boolean;
  /** In seconds of the run. */
  readonly outage?: Span;
}

export type World = ReturnType<typeof createWorld>;

export function createWorld(options: WorldOptions) {
  const { settings, policy, quotas, seed, sample, isLargeBounded, outage, beginsCold = false } = options;
  const random = seededRandom(seed);
  const { leaseMs } = rowKeySettings(settings);
  const time = new VirtualTime();
  const { targetRatePerSecond, worker, delivery } = settings;
  const merchants = merchantsFor(
    isLargeBounded ? targetRatePerSecond * LARGE_SHARE * LARGE_HEADROOM : undefined,
    delivery.deadlineMs,
    random,
  );
  const [large] = merchants as [Merchant, ...Merchant[]];
  const writesPerSecond = tableWrites(settings, quotas);
  const shards = Math.ceil(writesPerSecond / PARTITION_WRITES_PER_SECOND);
  const provisioned =
    settings.capacity.mode === "provisioned" ? new ProvisionedCapacity(settings, time.now) : undefined;
  const queue = new SimulatedQueue(time, quotas.inFlightMessages / sample);
  const stream = new SimulatedStream({
    time,
    sample,
    queue,
    shards,
    mapping: mappingFor(settings),
    queueCallsPerSecond: quotas.queueCallsPerSecond,
    random,
  });
  const table = new SimulatedTable({
    time,
    sample,
    writesPerSecond,
    ...(provisioned !== undefined && { provisioned }),
    dueWritesPerSecond: settings.dueShards * PARTITION_WRITES_PER_SECOND,
    merchantWritesPerSecond: settings.merchantShards * PARTITION_WRITES_PER_SECOND,
    committed: (confirmation) => {
      confirmation.giveUpAt = time.now() + settings.retry.deliverWithinSeconds * 1000;
      tally.wrote(confirmation);
      index.pend(confirmation, dueKeyFor(confirmation.id, settings.dueShards), time.now() + leaseMs);
      stream.carry(confirmation);
    },
  });
  const healthTable = new HealthInMemory();
  const index = new DueIndex();
  const tally = new Tally(sample, (merchant) => merchant === large, time.now() + SETTLING_SECONDS * 1000, {
    from: time.now() + (outage?.from ?? 0) * 1000,
    until: time.now() + (outage?.until ?? 0) * 1000,
  });
  const visibilityMs = visibilitySecondsFor(settings) * 1000;
  const taskParts = { time, settings, sample, queue, table, index, tally, visibilityMs };
  const policyParts = { time, settings, sample, healthTable, inQueueFailingMax: inQueueFailingMax(settings), random };
  const service = new SimulatedService({
    time,
    settings,
    sample,
    queue,
    firstTasks: beginsCold ? worker.minTasks : firstTasks(targetRatePerSecond, worker),
    newTask: (zone) => new Task(taskParts, policyOf(policy, policyParts), zone),
    random,
  });
  const release = new SimulatedRelease({
    time,
    settings,
    sample,
    healthTable,
    index,
    queue,
    table,
    tally,
    merchants,
    random,
  });
  const places = { queue, stream, table, healthTable, index };
  return { random, time, merchants, large, ...places, tally, service, release, shards, provisioned };
}

/** As CPU tracking holds the target rate. */
function firstTasks(ratePerSecond: number, { ratePerTask, minTasks, maxTasks }: Settings["worker"]): number {
  const held = Math.ceil(ratePerSecond / ((ratePerTask * CPU_TARGET_PERCENT) / 100));
  return Math.min(maxTasks, Math.max(minTasks, held));
}

/** What the table takes at once: as it is warmed, or twice what the target rate has long taken of it. */
function tableWrites(settings: Settings, quotas: Quotas): number {
  const warmed = warmWrites(settings).table ?? 0;
  const known = settings.targetRatePerSecond * 2 * ON_DEMAND.timesEarlierPeak;
  return Math.min(quotas.tableWritesPerSecond, Math.max(ON_DEMAND.firstWritesPerSecond, warmed, known));
}

/** One with three tenths of the traffic; the others' parts fall as the harmonic row. */
function merchantsFor(largeCallsPerSecond: number | undefined, deadlineMs: number, random: () => number): Merchant[] {
  const parts = Array.from({ length: SMALL_MERCHANTS }, (_, index) => 1 / (index + 3));
  const sum = parts.reduce((all, part) => all + part, 0);
  const small = parts.map(
    (part, index) =>
      new Merchant({ name: `merchant-${index + 2}`, share: ((1 - LARGE_SHARE) * part) / sum, deadlineMs, random }),
  );
  const bound = largeCallsPerSecond === undefined ? {} : { callsPerSecond: largeCallsPerSecond };
  return [new Merchant({ name: "merchant-1", share: LARGE_SHARE, deadlineMs, random, ...bound }), ...small];
}
