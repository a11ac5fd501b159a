/**
 * The cost of a confirmation beside that of the bare call and of an afternoon's version; then memory with a thousand
 * calls in flight, and how long an idle worker takes.
 */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { twoCores } from "./cores.ts";
import { inTurn, verified } from "./in-turn.ts";
import type { BenchOptions } from "./options.ts";
import { productionPrograms, type ProductionPrograms } from "./production-programs.ts";
import { VariantStarter } from "./variant-starter.ts";
import { drained, SMOKE_MS, WARM_UP_MS, warmUp } from "./variant.ts";
import type { LaneReport } from "./world/messages.ts";
import { World } from "./world/world-process.ts";

/** Microseconds of CPU time an item, unless the name says otherwise. */
export interface BenchReport {
  readonly rawUs: number;
  readonly workerUs: number;
  readonly workerV1aUs: number;
  readonly naiveUs: number;
  readonly ratioToRaw: number;
  readonly speedupOverNaive: number;
  readonly perSecondOneCore: number;
  readonly peakMb: number;
  readonly flushP50Ms: number;
  readonly flushP99Ms: number;
  readonly idleP50Ms: number;
  readonly idleP99Ms: number;
  readonly streamLambdaUs: number;
}

/** Of the run that measures memory. */
const CROWD = { window: 1200, inFlight: 1000, merchants: 100_000, merchantMs: 1000 } as const;
const CROWD_MS = 15_000;
const IDLE_PER_SECOND = 20;

export async function runBench(
  { rounds, seconds, smoke }: BenchOptions,
  stateDirectory: string,
  note: (line: string) => void,
): Promise<BenchReport> {
  const cores = twoCores();
  const programs = await productionPrograms(stateDirectory);
  const crowded = await productionPrograms(join(stateDirectory, "crowded"), { window: CROWD.window });
  await using started = new AsyncDisposableStack();
  const world = await World.start(cores.world);
  started.defer(() => world.stop());
  const starter = new VariantStarter(world, cores.measured, programs, started);

  const variants = [
    await starter.raw(),
    await starter.worker("worker"),
    await starter.worker("worker-v1a", { signatures: ["v1", "v1a"] }),
    await starter.naive(),
    await starter.streamLambda(),
  ];
  for (const variant of variants) await warmUp(variant, smoke ? SMOKE_MS : WARM_UP_MS);
  await world.ask({ kind: "forget times", lane: "worker" });
  const { cpuUs, perSecond, ratio } = await inTurn(variants, { rounds, ms: seconds * 1000, note });
  const busy = await verified(world, "worker");
  await verified(world, "worker-v1a");
  await verified(world, "naive");
  await world.ask({ kind: "forget times", lane: "worker" });
  const idle = await idleReport(world, "worker", smoke ? SMOKE_MS * 2 : 10_000);
  await Promise.all(variants.map(({ process: measured }) => measured.stop()));
  const peakMb = await peakMbOfCrowd(starter, crowded, smoke);

  return {
    rawUs: cpuUs("raw"),
    workerUs: cpuUs("worker"),
    workerV1aUs: cpuUs("worker-v1a"),
    naiveUs: cpuUs("naive"),
    ratioToRaw: ratio("worker", "raw"),
    speedupOverNaive: ratio("naive", "worker"),
    perSecondOneCore: perSecond("worker"),
    peakMb,
    flushP50Ms: busy.flushMs.p50 ?? Number.NaN,
    flushP99Ms: busy.flushMs.p99 ?? Number.NaN,
    idleP50Ms: idle.handlingMs.p50 ?? Number.NaN,
    idleP99Ms: idle.handlingMs.p99 ?? Number.NaN,
    streamLambdaUs: cpuUs("stream-lambda"),
  };
}

/** A worker with little to do. */
async function idleReport(world: World, lane: string, ms: number): Promise<LaneReport> {
  await world.ask({ kind: "open", lane, ratePerSecond: IDLE_PER_SECOND });
  await sleep(ms);
  await world.ask({ kind: "close", lane });
  await drained(lane, async () => (await world.ask({ kind: "look", lane })).counts);
  return world.ask({ kind: "look", lane });
}

/** Largest memory of a worker with a thousand calls in flight, to a hundred thousand merchants. */
async function peakMbOfCrowd(starter: VariantStarter, programs: ProductionPrograms, isSmoke: boolean): Promise<number> {
  const { world } = starter;
  const lane = "crowd";
  const { aws } = await starter.lane(lane, { merchants: CROWD.merchants });
  const worker = await starter.workerProcess(lane, aws, programs);
  await world.ask({ kind: "open", lane, merchantMs: CROWD.merchantMs });
  await sleep(isSmoke ? SMOKE_MS : CROWD_MS);
  await world.ask({ kind: "close", lane });
  await drained(lane, async () => (await world.ask({ kind: "look", lane })).counts);
  const { mostInFlight } = await world.ask({ kind: "look", lane });
  if (!isSmoke && mostInFlight < CROWD.inFlight)
    throw new Error(
      `Only ${mostInFlight} calls were under way at once, expected ${CROWD.inFlight}: is the machine busy?`,
    );
  const peakMb = worker.peakMb();
  await worker.stop();
  return peakMb;
}
