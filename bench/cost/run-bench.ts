/**
 * One run: all variants are started and warmed up, then measured in turn, round after round, so that what the machine does meanwhile hits
 * them alike; of each the median counts. Only one works at a time, alone on its core.
 */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { twoCores } from "./cores.ts";
import { MeasuredProcess } from "./measured-process.ts";
import type { BenchOptions } from "./options.ts";
import { environmentFor, productionPrograms, type ProductionPrograms, queueUrl } from "./production-programs.ts";
import { drained, median, queueVariant, type Sample, sample, toldVariant, type Variant, warmUp } from "./variant.ts";
import { webhookOf } from "./world/lane.ts";
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

const MERCHANTS = 1000;
const WARM_UP_MS = 3000;
/** Long enough for a process that has just started to do something. */
const SMOKE_MS = 1000;
const RECORDS_AN_EVENT = 1000;
const VARIANTS = join(import.meta.dirname, "variants");
const WORKER_READY = '"worker ready"';
const READY = "ready";
const CONFIRMATIONS = "confirmations.fifo";

/** Of the run that measures memory. */
const CROWD = { window: 1200, underWay: 1000, merchants: 100_000, merchantMs: 1000 } as const;
const CROWD_MS = 15_000;
const IDLE_PER_SECOND = 20;

export async function runBench(
  { rounds, seconds, smoke }: BenchOptions,
  stateDirectory: string,
  note: (line: string) => void,
): Promise<BenchReport> {
  const cores = twoCores();
  const programs = await productionPrograms(stateDirectory);
  const crowded = await productionPrograms(join(stateDirectory, "crowded"), CROWD.window);
  await using started = new AsyncDisposableStack();
  const world = await World.start(cores.world);
  started.defer(() => world.stop());
  const bench = new Bench(world, cores.measured, programs, started);

  const variants = [
    await bench.raw(),
    await bench.worker("worker", ["v1"]),
    await bench.worker("worker-v1a", ["v1", "v1a"]),
    await bench.naive(),
    await bench.streamLambda(),
  ];
  const ms = seconds * 1000;
  for (const variant of variants) await warmUp(variant, smoke ? SMOKE_MS : WARM_UP_MS);
  await world.ask({ kind: "forget times", lane: "worker" });
  const samples = new Map<string, Sample[]>(variants.map(({ name }) => [name, []]));
  for (let round = 1; round <= rounds; round += 1) {
    for (const variant of variants) samples.get(variant.name)?.push(await sample(variant, ms));
    note(
      `Round ${round}: ${variants.map(({ name }) => `${name} ${(samples.get(name)?.at(-1)?.cpuUs ?? 0).toFixed(1)} µs`).join(", ")}`,
    );
  }
  const busy = await checked(world, "worker");
  await checked(world, "worker-v1a");
  await checked(world, "naive");
  await world.ask({ kind: "forget times", lane: "worker" });
  const idle = await bench.idle("worker", smoke ? SMOKE_MS * 2 : 10_000);
  await Promise.all(variants.map(({ process: measured }) => measured.stop()));
  const peakMb = await bench.peakMb(crowded, smoke);

  const cpuUs = (name: string) => median((samples.get(name) ?? []).map((each) => each.cpuUs));
  const [rawUs, workerUs, naiveUs] = [cpuUs("raw"), cpuUs("worker"), cpuUs("naive")];
  return {
    rawUs,
    workerUs,
    workerV1aUs: cpuUs("worker-v1a"),
    naiveUs,
    ratioToRaw: workerUs / rawUs,
    speedupOverNaive: naiveUs / workerUs,
    perSecondOneCore: median((samples.get("worker") ?? []).map((each) => each.perSecond)),
    peakMb,
    flushP50Ms: busy.flushMs.p50 ?? Number.NaN,
    flushP99Ms: busy.flushMs.p99 ?? Number.NaN,
    idleP50Ms: idle.handlingMs.p50 ?? Number.NaN,
    idleP99Ms: idle.handlingMs.p99 ?? Number.NaN,
    streamLambdaUs: cpuUs("stream-lambda"),
  };
}

/** Nothing was delivered with a wrong signature. */
async function checked(world: World, lane: string): Promise<LaneReport> {
  const report = await world.ask({ kind: "look", lane });
  if (report.unverified > 0) throw new Error(`${lane}: ${report.unverified} webhooks had a wrong signature.`);
  return report;
}

class Bench {
  readonly #world: World;
  readonly #core: number;
  readonly #programs: ProductionPrograms;
  readonly #started: AsyncDisposableStack;

  constructor(world: World, core: number, programs: ProductionPrograms, started: AsyncDisposableStack) {
    this.#world = world;
    this.#core = core;
    this.#programs = programs;
    this.#started = started;
  }

  async raw(): Promise<Variant> {
    const lane = "raw";
    const { origins } = await this.#lane(lane, "ids", ["v1"], MERCHANTS);
    const process = await this.#start({
      name: lane,
      program: join(VARIANTS, "raw.ts"),
      programArguments: [origins[0] ?? "", `/${lane}/confirmations`, JSON.stringify(webhookOf(1, MERCHANTS))],
      environment: {},
      readyMark: READY,
    });
    return toldVariant(this.#world, lane, process, "answered");
  }

  async worker(lane: string, signatures: readonly string[]): Promise<Variant> {
    const { aws } = await this.#lane(lane, "ids", signatures, MERCHANTS);
    return queueVariant(this.#world, lane, await this.#startWorker(lane, aws, this.#programs));
  }

  async naive(): Promise<Variant> {
    const lane = "naive";
    const { aws } = await this.#lane(lane, "whole", ["v1"], MERCHANTS);
    const process = await this.#start({
      name: lane,
      program: join(VARIANTS, "naive.ts"),
      programArguments: [queueUrl(aws, CONFIRMATIONS), String(this.#programs.window)],
      environment: environmentFor(aws),
      readyMark: READY,
    });
    return queueVariant(this.#world, lane, process);
  }

  async streamLambda(): Promise<Variant> {
    const lane = "stream-lambda";
    const { aws } = await this.#lane(lane, "ids", ["v1"], MERCHANTS);
    const { module, environment } = this.#programs.streamTransactions(aws);
    const process = await this.#start({
      name: lane,
      program: join(VARIANTS, "stream-lambda.ts"),
      programArguments: [module, String(RECORDS_AN_EVENT)],
      environment,
      readyMark: READY,
    });
    return toldVariant(this.#world, lane, process, "received");
  }

  /** A worker with little to do. */
  async idle(lane: string, ms: number): Promise<LaneReport> {
    await this.#world.ask({ kind: "open", lane, ratePerSecond: IDLE_PER_SECOND });
    await sleep(ms);
    await this.#world.ask({ kind: "close", lane });
    await drained(lane, async () => (await this.#world.ask({ kind: "look", lane })).counts);
    return this.#world.ask({ kind: "look", lane });
  }

  /** Largest memory of a worker with a thousand calls under way, to a hundred thousand merchants. */
  async peakMb(programs: ProductionPrograms, isSmoke: boolean): Promise<number> {
    const lane = "crowd";
    const { aws } = await this.#lane(lane, "ids", ["v1"], CROWD.merchants);
    const worker = await this.#startWorker(lane, aws, programs);
    await this.#world.ask({ kind: "open", lane, merchantMs: CROWD.merchantMs });
    await sleep(isSmoke ? SMOKE_MS : CROWD_MS);
    await this.#world.ask({ kind: "close", lane });
    await drained(lane, async () => (await this.#world.ask({ kind: "look", lane })).counts);
    const { mostUnderWay } = await this.#world.ask({ kind: "look", lane });
    if (!isSmoke && mostUnderWay < CROWD.underWay)
      throw new Error(
        `Only ${mostUnderWay} calls were under way at once, expected ${CROWD.underWay}: is the machine busy?`,
      );
    const peakMb = worker.peakMb();
    await worker.stop();
    return peakMb;
  }

  #lane(name: string, messages: "ids" | "whole", signatures: readonly string[], merchants: number) {
    return this.#world.ask({ kind: "add lane", lane: { name, messages, signatures, merchants } });
  }

  #startWorker(name: string, aws: string, programs: ProductionPrograms): Promise<MeasuredProcess> {
    const { program, nodeFlags, environment, directory } = programs.worker(aws);
    return this.#start({ name, program, nodeFlags, environment, workingDirectory: directory, readyMark: WORKER_READY });
  }

  async #start(options: Omit<Parameters<typeof MeasuredProcess.start>[0], "core">): Promise<MeasuredProcess> {
    const process = await MeasuredProcess.start({ ...options, core: this.#core });
    this.#started.defer(() => process.stop());
    return process;
  }
}
