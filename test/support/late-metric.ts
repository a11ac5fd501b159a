/**
 * A metric as CloudWatch has those of AWS's own services: one value a minute, to be read a minute after it was
 * measured, and no datum for a minute in which there was nothing to measure. Measured as the clock passes the minutes.
 */
import { type CloudWatchClient, GetMetricDataCommand, type GetMetricDataInput } from "@aws-sdk/client-cloudwatch";
import type { FakeClock } from "./fake-clock.ts";
import type { MemoryQueue } from "./memory-queue.ts";

const PERIOD_MS = 60_000;
const LAG_MS = 60_000;
/**
 * SQS Developer Guide, "Available CloudWatch metrics": a queue without messages and calls for six hours is no longer
 * active.
 */
const IDLE_MS = 6 * 3_600_000;

interface Datum {
  readonly measuredAt: number;
  readonly value: number;
}

export class LateMetric {
  readonly #now: () => number;
  readonly #lagMs: number;
  readonly #data: Datum[] = [];

  /** @param measure undefined where there is no datum */
  constructor(clock: FakeClock, measure: () => number | undefined, lagMs = LAG_MS) {
    this.#now = clock.now;
    this.#lagMs = lagMs;
    clock.every(PERIOD_MS, () => {
      const value = measure();
      if (value !== undefined) this.#data.push({ measuredAt: clock.now(), value });
    });
  }

  /** What can be read by now, the newest first, of the given time. */
  read(from: number, until: number): readonly Datum[] {
    const visibleUntil = Math.min(until, this.#now() - this.#lagMs);
    return this.#data.filter(({ measuredAt }) => measuredAt >= from && measuredAt <= visibleUntil).toReversed();
  }
}

/** `ApproximateAgeOfOldestMessage`, in seconds: no datum for a queue that has been idle for hours. */
export function ageOf(queue: MemoryQueue, clock: FakeClock, lagMs?: number): LateMetric {
  const measure = () => {
    const isIdle = queue.messages.length === 0 && clock.now() - queue.lastUsedAt > IDLE_MS;
    return isIdle ? undefined : Math.floor(queue.measuredAgeMs / 1000);
  };
  return new LateMetric(clock, measure, lagMs);
}

/** @param metrics by the value of their first dimension, such as a queue's name; of any other there are no data */
export function cloudWatchOf(metrics: Readonly<Record<string, LateMetric>>): CloudWatchClient {
  const send = async (command: unknown) => {
    if (!(command instanceof GetMetricDataCommand)) throw new Error("this CloudWatch knows GetMetricData alone");
    const { MetricDataQueries = [], StartTime, EndTime }: GetMetricDataInput = command.input;
    const results = MetricDataQueries.map(({ Id, MetricStat }) => {
      const data = metrics[MetricStat?.Metric?.Dimensions?.[0]?.Value ?? ""]?.read(Number(StartTime), Number(EndTime));
      const found = data ?? [];
      return {
        Id,
        Timestamps: found.map(({ measuredAt }) => new Date(measuredAt)),
        Values: found.map(({ value }) => value),
      };
    });
    return { MetricDataResults: results };
  };
  return { send } as unknown as CloudWatchClient;
}
