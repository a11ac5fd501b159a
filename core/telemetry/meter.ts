/**
 * What one program measures between two publications: counts, distributions, and gauges that are read when they are
 * published. A metric line for each message would cost more than the message; this costs one addition.
 */
import type { METRICS } from "../settings/names.ts";
import { Histogram } from "./histogram.ts";

export type MetricName = (typeof METRICS)[keyof typeof METRICS];

/**
 * Counted in parts as well: by class of failure, by reason, by kind of channel. Few values each, since CloudWatch bills
 * every one as a metric.
 */
export interface Part {
  readonly dimension: "class" | "reason" | "kind";
  readonly value: string;
}

export interface Measured {
  readonly counts: ReadonlyMap<string, number>;
  readonly gauges: ReadonlyMap<string, number>;
  readonly distributions: ReadonlyMap<string, Histogram>;
  readonly parts: readonly (Part & { readonly counts: ReadonlyMap<string, number> })[];
}

/** Looked up once for each addition. */
interface Count {
  value: number;
}

interface CountedPart extends Part {
  readonly counts: Map<string, number>;
}

export class Meter {
  readonly #always: readonly MetricName[];
  readonly #gauges = new Map<MetricName, () => number>();
  #counts = new Map<string, Count>();
  #distributions = new Map<string, Histogram>();
  #parts = new Map<string, CountedPart>();

  /** @param always counts that are published even if 0: what alarms and charts calculate with must not be missing */
  constructor(always: readonly MetricName[]) {
    this.#always = always;
  }

  count(metric: string, by = 1): void {
    const count = this.#counts.get(metric);
    if (count === undefined) this.#counts.set(metric, { value: by });
    else count.value += by;
  }

  /** Of a metric that is counted as a whole too. */
  countPart(metric: MetricName, dimension: Part["dimension"], value: string): void {
    const key = `${dimension} ${value}`;
    let part = this.#parts.get(key);
    if (part === undefined) this.#parts.set(key, (part = { dimension, value, counts: new Map() }));
    part.counts.set(metric, (part.counts.get(metric) ?? 0) + 1);
  }

  observe(metric: MetricName, value: number): void {
    let distribution = this.#distributions.get(metric);
    if (distribution === undefined) this.#distributions.set(metric, (distribution = new Histogram()));
    distribution.add(value);
  }

  gauge(metric: MetricName, read: () => number): void {
    this.#gauges.set(metric, read);
  }

  /** All since the last time; counting starts anew. */
  take(): Measured {
    for (const metric of this.#always) this.count(metric, 0);
    const measured = {
      counts: new Map([...this.#counts].map(([metric, { value }]) => [metric, value])),
      gauges: new Map([...this.#gauges].map(([metric, read]) => [metric, read()])),
      distributions: this.#distributions,
      parts: [...this.#parts.values()],
    };
    this.#counts = new Map();
    this.#distributions = new Map();
    this.#parts = new Map();
    return measured;
  }
}
