/**
 * The metrics of a function, held to those that it is told to publish. What is counted beside them is billed as no
 * metric and is not lost: it goes into the log, one line a publication, where a query adds it up.
 */
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { COUNTED_LINE } from "../settings/names.ts";
import { publishes, publishesEvery } from "../settings/published-metrics.ts";
import type { Log } from "../telemetry/log-error.ts";

type Unit = Parameters<Metrics["addMetric"]>[1];

export class ProgramMetrics extends Metrics {
  readonly #published: readonly string[];
  readonly #log: Log;
  #counted: Record<string, number> = {};

  /**
   * @param published names of metrics, or `*` for every one
   * @param serviceName under which it counts. @default the program's own
   */
  constructor(published: readonly string[], log: Log, serviceName?: string) {
    super(serviceName === undefined ? {} : { serviceName });
    this.#published = published;
    this.#log = log;
  }

  override addMetric(name: string, unit: Unit, value: number): this {
    if (publishes(this.#published, name)) return super.addMetric(name, unit, value);
    this.#add(name, value);
    return this;
  }

  /** Counts a part of a metric that is counted as a whole too; as a metric of its own only where every one is. */
  addPart(name: string, dimension: string, part: string, by: number): void {
    if (publishesEvery(this.#published))
      this.singleMetric().addDimension(dimension, part).addMetric(name, MetricUnit.Count, by);
    else this.#add(`${name} ${part}`, by);
  }

  override hasStoredMetrics(): boolean {
    return super.hasStoredMetrics() || Object.keys(this.#counted).length > 0;
  }

  override publishStoredMetrics(): this {
    const counted = this.#counted;
    this.#counted = {};
    if (Object.values(counted).some((count) => count !== 0)) this.#log(COUNTED_LINE, { counts: counted });
    return super.hasStoredMetrics() ? super.publishStoredMetrics() : this;
  }

  #add(name: string, by: number): void {
    this.#counted[name] = (this.#counted[name] ?? 0) + by;
  }
}
