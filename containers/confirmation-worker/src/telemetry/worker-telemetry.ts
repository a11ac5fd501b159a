/** What a task says of itself: metrics, log lines and traces. Made first, so that a start that fails is told too. */
import { debugSteps, pipelineLogger } from "../../../../core/aws/logger.ts";
import { TraceSender } from "../../../../core/aws/transaction-trace.ts";
import { METRICS, METRICS_NAMESPACE, WORKER_SERVICE } from "../../../../core/settings/names.ts";
import type { Log } from "../../../../core/telemetry/log-error.ts";
import { MerchantTroubles } from "../../../../core/telemetry/merchant-troubles.ts";
import { Meter } from "../../../../core/telemetry/meter.ts";
import type { TaskClock } from "../clock/task-clock.ts";
import { Measures } from "./measures.ts";
import { Publisher } from "./publisher.ts";

/** Published even if 0: what alarms calculate with must not be missing. */
const ALWAYS_PUBLISHED = [
  METRICS.received,
  METRICS.delivered,
  METRICS.attemptFailed,
  METRICS.confirmed,
  METRICS.parked,
  METRICS.deadLetteredMerchant,
  METRICS.deadLetteredPipeline,
];

export class WorkerTelemetry {
  readonly meter = new Meter(ALWAYS_PUBLISHED);
  readonly hops = new TraceSender();
  readonly #logger = pipelineLogger(WORKER_SERVICE);
  readonly #troubles = new MerchantTroubles();
  readonly #clock: TaskClock;
  readonly #publisher: Publisher;
  #measures: Measures | undefined;

  constructor(clock: TaskClock) {
    this.#clock = clock;
    this.#publisher = new Publisher({
      meter: this.meter,
      troubles: this.#troubles,
      namespace: METRICS_NAMESPACE,
      service: WORKER_SERVICE,
      print: (line) => void process.stdout.write(`${line}\n`),
      log: this.info,
      // CloudWatch puts a metric where its stamp says: that a clock is wrong must show at the time when it is.
      now: () => (clock.watch.isWrong ? clock.now() - clock.watch.skewMs : clock.now()),
    });
  }

  /** A crash loop must show: to be called before anything can fail. */
  started(): void {
    this.count(METRICS.workerStarted);
    this.publish();
  }

  /** @param debugSamplePercent share of transactions of which each step is told */
  measures(debugSamplePercent: number): Measures {
    this.#measures = new Measures({
      meter: this.meter,
      troubles: this.#troubles,
      debug: debugSteps(debugSamplePercent, WORKER_SERVICE),
      warn: this.warn,
      hops: this.hops,
      now: () => this.#clock.now(),
    });
    return this.#measures;
  }

  publish(): void {
    this.#publisher.publish();
    this.#measures?.published();
  }

  readonly count = (metric: string, by?: number): void => this.meter.count(metric, by);
  readonly debug: Log = (message, details) => this.#logger.debug(message, details);
  readonly info: Log = (message, details) => this.#logger.info(message, details);
  readonly warn: Log = (message, details) => this.#logger.warn(message, details);
  readonly critical: Log = (message, details) => this.#logger.critical(message, details);
}
