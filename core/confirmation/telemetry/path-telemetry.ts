/**
 * What a program on the path says of itself: metrics, log lines and traces. Made first, so that a start that fails is
 * told too.
 */
import { debugSteps, type Logger, pipelineLogger } from "../../aws/logger.ts";
import type { ReceivedMessage } from "../../aws/message-queue.ts";
import { TraceSender } from "../../aws/transaction-trace.ts";
import { type CampaignCounts, campaignCounts } from "../../campaigns/campaign-counts.ts";
import { publishCampaigns } from "../../campaigns/publish-campaigns.ts";
import { METRICS } from "../../settings/names.ts";
import { DELIVERY_METRICS_ALWAYS, EVERY_METRIC } from "../../settings/published-metrics.ts";
import { metricsEnvironment } from "../../telemetry/environment.ts";
import type { Log } from "../../telemetry/log-error.ts";
import { MerchantTroubles } from "../../telemetry/merchant-troubles.ts";
import { Meter } from "../../telemetry/meter.ts";
import type { TaskClock } from "../clock/task-clock.ts";
import type { HopProgram } from "../attempt-trace.ts";
import { Measures } from "./measures.ts";
import { Publisher } from "../../telemetry/publisher.ts";

export class PathTelemetry {
  readonly meter = new Meter(DELIVERY_METRICS_ALWAYS);
  readonly hops = new TraceSender();
  readonly #logger: Logger;
  readonly #service: string;
  readonly #program: HopProgram | undefined;
  readonly #troubles = new MerchantTroubles();
  readonly #clock: TaskClock;
  readonly #publisher: Publisher;
  #measures: Measures | undefined;
  #campaigns: CampaignCounts | undefined;

  /**
   * @param service its name in logs and metrics
   * @param published names of metrics. @default every one
   * @param program whose hops those of traces are. @default the worker's
   */
  constructor(clock: TaskClock, service: string, published: readonly string[] = [EVERY_METRIC], program?: HopProgram) {
    this.#service = service;
    this.#program = program;
    this.#logger = pipelineLogger(service);
    this.#clock = clock;
    this.#publisher = new Publisher({
      meter: this.meter,
      troubles: this.#troubles,
      namespace: metricsEnvironment.read().namespace,
      service,
      published,
      print: (line) => void process.stdout.write(`${line}\n`),
      log: this.info,
      now: this.#now,
    });
  }

  /** A crash loop must show: to be called before anything can fail. */
  started(): void {
    this.count(METRICS.workerStarted);
    this.publish();
  }

  /**
   * @param debugSamplePercent share of transactions of which each step is told
   * @param campaigns labels that are counted by name
   */
  measures(debugSamplePercent: number, campaigns: readonly string[]): Measures {
    this.#campaigns ??= campaignCounts(campaigns);
    this.#measures = new Measures({
      meter: this.meter,
      troubles: this.#troubles,
      debug: debugSteps(debugSamplePercent, this.#service),
      warn: this.warn,
      campaigns: this.#campaigns,
      hops: this.hops,
      program: this.#program,
      now: () => this.#clock.now(),
    });
    return this.#measures;
  }

  /** What one receive brought. */
  received(messages: readonly ReceivedMessage[]): void {
    this.#measures?.received(messages);
  }

  publish(): void {
    this.#publisher.publish();
    publishCampaigns(this.#campaigns, this.#now());
    this.#measures?.published();
  }

  /** CloudWatch puts a metric where its stamp says: that a clock is wrong must show at the time when it is. */
  readonly #now = (): number => {
    const { watch } = this.#clock;
    return watch.isWrong ? this.#clock.now() - watch.skewMs : this.#clock.now();
  };
  readonly count = (metric: string, by?: number): void => this.meter.count(metric, by);
  readonly countPart: Meter["countPart"] = (...part) => this.meter.countPart(...part);
  readonly debug: Log = (message, details) => this.#logger.debug(message, details);
  readonly info: Log = (message, details) => this.#logger.info(message, details);
  readonly warn: Log = (message, details) => this.#logger.warn(message, details);
  readonly critical: Log = (message, details) => this.#logger.critical(message, details);
}
