/**
 * What hostile merchants cost the others: the time from commit to the merchant's 2xx of healthy merchants, in windows
 * in turn, A without and B with a hostile third of the traffic, A B B A so that what grows with time weighs on both
 * alike, in one run on one stack without any other fault. The healthy rate is the same in all, and all that is offered
 * in B is at most 30 % of what the stack was just seen to take. A window begins when nothing is left of the one before.
 */
import { availableParallelism, loadavg } from "node:os";
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Delivery } from "../../../local/demo/fleet/ledger.ts";
import { isConfirmation } from "../../../local/demo/fleet/ledger.ts";
import type { FleetMerchant } from "../../../local/demo/fleet/messages.ts";
import { readDeadLetters } from "../../../local/demo/read-dead-letters.ts";
import { HOSTILE_MERCHANTS } from "../plan/merchants.ts";
import { allDone } from "../run/all-done.ts";
import { showExamples } from "../run/show-examples.ts";
import type { ScenarioOptions } from "../run/scenario.ts";
import { chaosSettings } from "../run/settings.ts";
import { untilComplete } from "../run/until-complete.ts";
import { onStage, type Stage, type StageOptions } from "../run/stage.ts";
import { type RunAccountReport, takeRunAccount, UNORDERED } from "../run/take-account.ts";
import type { NeighbourFigures, PartReport } from "../totals.ts";
import { PacedWriter } from "./paced-writer.ts";
import { percentile } from "../../../core/telemetry/percentile.ts";

export interface Measurement {
  readonly report: PartReport;
  readonly figures: NeighbourFigures;
}

const HEALTHY_MERCHANTS = 8;
const CAPACITY_TRANSACTIONS = 1500;
const SAMPLES_A_SIDE = 3000;
/** Of the capacity that was measured, healthy and hostile traffic together. */
const OFFERED_SHARE = 0.29;
const HOSTILE_SHARE = 1 / 3;
const WINDOWS = ["A1", "B1", "B2", "A2"] as const;
const COMPLETE_WITHIN_MS = 180_000;
const RETRY = { scheduleSeconds: [1, 2, 2], inQueueMaxSeconds: 1, deliverWithinSeconds: 9 };
const P50 = 0.5;
const P99 = 0.99;
const DELAY_RESOLUTION_MS = 5;
const NANOSECONDS_A_MS = 1_000_000;
/** Between these parts of all confirmations the burst counts as steady. */
const STEADY = { from: 0.2, to: 0.8 } as const;

const HEALTHY: readonly FleetMerchant[] = Array.from({ length: HEALTHY_MERCHANTS }, (_, index) => ({
  merchantId: `healthy-${index + 1}`,
  behaviour: "good",
}));
const HEALTHY_IDS = HEALTHY.map(({ merchantId }) => merchantId);
const HOSTILE_IDS = HOSTILE_MERCHANTS.map(({ merchantId }) => merchantId);

export async function measureNeighbours({
  seed,
  delivery: mode,
  transport,
  interruption,
  note,
}: ScenarioOptions): Promise<Measurement> {
  const settings: StageOptions["settings"] = (ports) => ({
    ...chaosSettings({ mode, transport, merchantPorts: Object.values(ports) }),
    // What hostile merchants do not take is given up soon, so that a window ends.
    retry: RETRY,
  });
  note("Measuring healthy merchants with and without hostile ones.");
  const merchants = [...HEALTHY, ...HOSTILE_MERCHANTS];
  const options = { seed, merchants, settings, hostileGiveWay: true, interruption, note };
  return onStage(options, async (stage) => {
    const { client, stack, producer, isStopped, fleet } = stage;
    const writer = new PacedWriter({ client, tableName: stack.transactionsTable, settings: producer, isStopped });
    const figures = await measure(stage, writer, note);
    const account = await accountFor(stage, writer);
    await showExamples(account, stage, note);
    const ssrfReached = (await fleet.reached()).length;
    const isClean = account.findings.length === 0 && ssrfReached === 0;
    return { report: { account: account.account, ssrfReached }, figures, isClean };
  });
}

async function measure(stage: Stage, writer: PacedWriter, note: (line: string) => void): Promise<NeighbourFigures> {
  const burst = { merchantIds: HEALTHY_IDS, ratePerSecond: Number.POSITIVE_INFINITY };
  // The first burst warms the programs up.
  await writer.write({ ...burst, prefix: "warm", count: CAPACITY_TRANSACTIONS / 3 });
  await quiet(stage);
  await writer.write({ ...burst, prefix: "burst", count: CAPACITY_TRANSACTIONS });
  await quiet(stage);
  const capacity = capacityOf(await responsesOf(stage, "burst"));
  const offered = capacity * OFFERED_SHARE;
  const healthyRate = offered * (1 - HOSTILE_SHARE);
  note(
    `  Capacity ${capacity.toFixed(0)}/s; healthy ${healthyRate.toFixed(1)}/s, in B hostile ` +
      `${(offered * HOSTILE_SHARE).toFixed(1)}/s too.`,
  );
  for (const window of WINDOWS) {
    const count = SAMPLES_A_SIDE / 2;
    const delays = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });
    delays.enable();
    const healthy = writer.write({ prefix: window, merchantIds: HEALTHY_IDS, count, ratePerSecond: healthyRate });
    const hostile = window.startsWith("B")
      ? writer.write({
          prefix: `hostile-${window}`,
          merchantIds: HOSTILE_IDS,
          count: Math.round((count * HOSTILE_SHARE) / (1 - HOSTILE_SHARE)),
          ratePerSecond: offered * HOSTILE_SHARE,
        })
      : undefined;
    await allDone(hostile === undefined ? [healthy] : [healthy, hostile]);
    delays.disable();
    const busyness = loadavg()[0] ?? 0;
    await quiet(stage);
    const taken = await samples(stage, writer, [window]);
    note(
      `  ${window}: p50 ${percentile(taken, P50)} ms, p99 ${percentile(taken, P99)} ms; load ` +
        `${busyness.toFixed(1)} on ${availableParallelism()} cores, own clock late by up to ` +
        `${lateMs(delays)} ms in 99 %.`,
    );
  }
  const without = await samples(stage, writer, ["A1", "A2"]);
  const beside = await samples(stage, writer, ["B1", "B2"]);
  const [p99Without, p99Beside] = [percentile(without, P99), percentile(beside, P99)];
  note(
    `  p50 ${percentile(without, P50)} ms without, ${percentile(beside, P50)} ms beside hostile ones; p99 ` +
      `${p99Without} and ${p99Beside} ms; ${without.length} and ${beside.length} samples.`,
  );
  return { ratio: p99Beside / Math.max(1, p99Without), deltaMs: p99Beside - p99Without };
}

/** By so much the moment of a commit may be noted too late. */
function lateMs(delays: { percentile(percentage: number): number }): number {
  return Math.max(0, Math.round(delays.percentile(P99 * 100) / NANOSECONDS_A_MS) - DELAY_RESOLUTION_MS);
}

async function quiet({ table, stack, isStopped }: Stage): Promise<void> {
  const untilMs = Date.now() + COMPLETE_WITHIN_MS;
  const isQuiet = await untilComplete({ table, counters: () => stack.counters(), untilMs, isStopped });
  if (!isQuiet && !isStopped())
    throw new Error(`A window was not complete ${COMPLETE_WITHIN_MS / 1000} s after its end.`);
}

/** When the 2xx of each confirmed transaction was finished, by its id. */
async function responsesOf({ fleet }: Stage, prefix: string): Promise<ReadonlyMap<string, number>> {
  const confirmed = (await fleet.ledger()).filter(
    (delivery): delivery is Delivery & { respondedAtMs: number } =>
      isConfirmation(delivery) && delivery.transactionId.startsWith(`${prefix}-`),
  );
  return new Map(confirmed.toReversed().map(({ transactionId, respondedAtMs }) => [transactionId, respondedAtMs]));
}

/** Confirmations a second in the steady part of a burst. */
function capacityOf(responses: ReadonlyMap<string, number>): number {
  const times = [...responses.values()].toSorted((one, other) => one - other);
  const [from, to] = [Math.floor(times.length * STEADY.from), Math.floor(times.length * STEADY.to)];
  const seconds = ((times[to] ?? 0) - (times[from] ?? 0)) / 1000;
  if (!(seconds > 0)) throw new Error(`The burst was over before it could be timed: ${times.length} confirmations.`);
  return (to - from) / seconds;
}

async function samples(stage: Stage, writer: PacedWriter, prefixes: readonly string[]): Promise<number[]> {
  const all: number[] = [];
  for (const prefix of prefixes) {
    const responses = await responsesOf(stage, prefix);
    for (const [transactionId, committedAtMs] of writer.committedAtMs) {
      if (!transactionId.startsWith(`${prefix}-`)) continue;
      // One that was never confirmed took for ever.
      all.push((responses.get(transactionId) ?? Number.POSITIVE_INFINITY) - committedAtMs);
    }
  }
  return all;
}

async function accountFor(
  { fleet, table, sqs, deadLettersUrl }: Stage,
  writer: PacedWriter,
): Promise<RunAccountReport> {
  return takeRunAccount({
    written: Array.from(writer.committedAtMs.keys(), (transactionId) => ({ transactionId, versions: [1] })),
    deliveries: await fleet.ledger(),
    rows: await table.rows(),
    deadLetters: await readDeadLetters(sqs, deadLettersUrl),
    allowedAgain: [],
    ...UNORDERED,
  });
}
