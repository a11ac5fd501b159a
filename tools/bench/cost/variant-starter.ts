/**
 * Starts what is measured: each variant with a lane of its own in the world and as a process of its own on the measured
 * core. All of them end with the run.
 */
import { join } from "node:path";
import { MeasuredProcess } from "./measured-process.ts";
import { environmentFor, type ProductionPrograms, queueUrl } from "./production-programs.ts";
import { queueVariant, notifiedVariant, type Variant } from "./variant.ts";
import type { LaneOrder, LaneReport } from "./world/messages.ts";
import { webhookOf } from "./world/transaction.ts";
import type { World } from "./world/world-process.ts";

/** What is not said of a lane is as here. */
type LaneShape = Partial<Omit<LaneOrder, "name">>;

export const MERCHANTS = 1000;
const RECORDS_AN_EVENT = 1000;
const VARIANTS = join(import.meta.dirname, "variants");
const WORKER_READY = '"worker ready"';
const READY = "ready";
const CONFIRMATIONS = "confirmations.fifo";

export class VariantStarter {
  readonly world: World;
  readonly #core: number;
  readonly #programs: ProductionPrograms;
  readonly #started: AsyncDisposableStack;

  /** @param core on which everything that is measured runs. @param started takes what has to be ended again */
  constructor(world: World, core: number, programs: ProductionPrograms, started: AsyncDisposableStack) {
    this.world = world;
    this.#core = core;
    this.#programs = programs;
    this.#started = started;
  }

  /** The bare call, to one merchant; where each merchant has an origin of its own, to all of them in turn. */
  async raw(lane = "raw", shape: LaneShape = {}): Promise<Variant> {
    const { origins } = await this.lane(lane, { ...shape, isSigned: false });
    const process = await this.#start({
      name: lane,
      program: join(VARIANTS, "raw.ts"),
      programArguments: [
        (shape.ownOrigins === true ? origins : origins.slice(0, 1)).join(),
        `/${lane}/confirmations`,
        JSON.stringify(webhookOf(1, MERCHANTS)),
      ],
      environment: {},
      readyMark: READY,
    });
    return notifiedVariant(this.world, lane, process, "answered");
  }

  /** @param ratePerSecond messages given out a second. @default as many as are asked for */
  async worker(lane: string, shape: LaneShape = {}, ratePerSecond?: number): Promise<Variant> {
    const { aws } = await this.lane(lane, shape);
    return queueVariant(this.world, lane, await this.workerProcess(lane, aws), ratePerSecond);
  }

  async naive(): Promise<Variant> {
    const lane = "naive";
    const { aws } = await this.lane(lane, { messages: "whole" });
    const process = await this.#start({
      name: lane,
      program: join(VARIANTS, "naive.ts"),
      programArguments: [queueUrl(aws, CONFIRMATIONS), String(this.#programs.window)],
      environment: environmentFor(aws),
      readyMark: READY,
    });
    return queueVariant(this.world, lane, process);
  }

  async streamLambda(): Promise<Variant> {
    const lane = "stream-lambda";
    const { aws } = await this.lane(lane);
    const { module, environment } = this.#programs.streamTransactions(aws);
    const process = await this.#start({
      name: lane,
      program: join(VARIANTS, "stream-lambda.ts"),
      programArguments: [module, String(RECORDS_AN_EVENT)],
      environment,
      readyMark: READY,
    });
    return notifiedVariant(this.world, lane, process, "received");
  }

  /** @param batch transactions of a request; 1 for `POST /v1/transactions` */
  async api(lane: string, batch: number): Promise<Variant> {
    const { aws } = await this.lane(lane);
    const { module, environment } = this.#programs.confirmationsApi(aws);
    const process = await this.#start({
      name: lane,
      program: join(VARIANTS, "confirmations-api.ts"),
      programArguments: [module, String(batch)],
      environment,
      readyMark: READY,
    });
    return notifiedVariant(this.world, lane, process, "recorded");
  }

  lane(name: string, shape: LaneShape = {}): Promise<LaneReport> {
    return this.world.ask({
      kind: "add lane",
      lane: { messages: "ids", signatures: ["v1"], merchants: MERCHANTS, ...shape, name },
    });
  }

  /** @param programs with which it runs. @default those of the run */
  workerProcess(name: string, aws: string, programs = this.#programs): Promise<MeasuredProcess> {
    const { program, nodeFlags, environment, directory } = programs.worker(aws);
    return this.#start({ name, program, nodeFlags, environment, workingDirectory: directory, readyMark: WORKER_READY });
  }

  async #start(options: Omit<Parameters<typeof MeasuredProcess.start>[0], "core">): Promise<MeasuredProcess> {
    const process = await MeasuredProcess.start({ ...options, core: this.#core });
    this.#started.defer(() => process.stop());
    return process;
  }
}
