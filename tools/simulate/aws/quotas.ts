/**
 * What AWS lets through and how long it takes, as the simulation models it: every number in one place with where it is
 * from. "Assumed" marks what AWS does not document. Changing one of these changes the model, never the pipeline.
 */
export interface Quotas {
  /** Messages received and not deleted, for the whole queue. */
  readonly inFlightMessages: number;
  /**
   * Calls a second for each action on a queue, a batch being one call. AWS counts a batch over several partitions as
   * several; that is left out here and told in docs/understanding/capacity-model.md.
   */
  readonly queueCallsPerSecond: number;
  /** Write units a second of a table, and of each of its indexes. */
  readonly tableWritesPerSecond: number;
}

export const QUOTAS: Quotas = {
  /**
   * SQS Developer Guide, "Amazon SQS message quotas": FIFO. As many are looked through for free groups, so it bounds
   * both.
   */
  inFlightMessages: 120_000,
  /** The same, high throughput for FIFO in us-east-1, us-west-2 and eu-west-1; 19,000 in Ohio and Frankfurt. */
  queueCallsPerSecond: 70_000,
  /** DynamoDB Developer Guide, "Service quotas": table-level write throughput of every account, until it is raised. */
  tableWritesPerSecond: 40_000,
};

/** DynamoDB Developer Guide, "On-demand capacity mode". */
export const ON_DEMAND = {
  /** What a new table takes. */
  firstWritesPerSecond: 4000,
  /**
   * It takes at once so many times its earlier peak; that it grows further takes up to half an hour, so not within a
   * run.
   */
  timesEarlierPeak: 2,
} as const;
/** Lambda Developer Guide: 1,000 executions at once in an account. */
export const STREAM = {
  executionsAtOnce: 1000,
  /** Assumed, as the worst case: seconds after which a batch that failed for long is retried. */
  retrySeconds: 60,
} as const;
/**
 * Milliseconds after its minute at which a value of SQS is known (CloudWatch: "one-minute metrics", seen one to two
 * minutes late).
 */
export const QUEUE_METRIC_LATE_MS = 60_000;

/**
 * One execution of `release-due`. The CPU is measured, `cpuUsARow` of `npm run bench -- --release`: 273 µs on a core of
 * a shared machine; it has one vCPU (1,769 MB). The schedule fires at least once (EventBridge); that it fires twice
 * once in a hundred times is assumed.
 */
export const RELEASE_EXECUTION = { cpuMsARow: 0.3, scheduledTwice: 0.01, everyMs: 60_000, timeoutMs: 90_000 } as const;

/**
 * Application Auto Scaling. Target tracking grows after three values above its target and shrinks after fifteen minutes
 * below nine tenths of it (the alarms that it makes). The delays are what is left of AWS's own measurement of ECS, from
 * a rise of load to the decision: 363 s with values each minute, 86 s with values each 20 s ("Amazon ECS faster service
 * auto scaling", June 2026).
 */
export const TRACKING = { valuesToGrow: 3, secondsToShrink: 900, shrinkBelow: 0.9 } as const;
export const METRIC_DELAY_SECONDS = { eachMinute: 363 - 3 * 60, each20Seconds: 86 - 3 * 20 } as const;

/**
 * DynamoDB Developer Guide, "Managing throughput capacity automatically" and "Burst capacity": two minutes above the
 * target grow it, unused capacity of five minutes may be used at once. Assumed: seconds until a minute's use is known,
 * and until a change of capacity takes effect.
 */
export const PROVISIONED = {
  periodSeconds: 60,
  valuesToGrow: 2,
  metricDelaySeconds: 60,
  updateSeconds: 60,
  burstSeconds: 300,
} as const;

/** ECS Developer Guide, "AWS Fargate throttling quotas". */
export const LAUNCHES = { burst: 100, perSecond: 20 } as const;
/**
 * Seconds from the decision to a running worker; AWS measured 23, plain images take up to a minute. Drawn evenly
 * between.
 */
export const START_SECONDS = { least: 25, most: 60 } as const;
/** Assumed: seconds until ECS takes the tasks of a zone that fell silent for gone. */
export const ZONE_NOTICED_SECONDS = 60;
