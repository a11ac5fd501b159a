/**
 * What happens in each scenario. All begin at the rate that the service is sized for, with as many tasks as hold it.
 */
export const SCENARIOS = ["steady", "spike", "outage", "recovery", "zone"] as const;
/** What `--scenario drain` stands for: half an hour without one of them, and what it takes to get over it. */
export const DRAINS = ["no-workers", "no-queue", "no-merchants"] as const;
/** From the least number of tasks, with next to nothing to do, to the target rate at once. */
export const COLD_SCENARIO = "cold";
/** With provisioned capacity, whatever the settings say of it: a burst, then half an hour without workers. */
export const PROVISIONED_SCENARIO = "provisioned";
export type DrainName = (typeof DRAINS)[number];
export type ScenarioName = (typeof SCENARIOS)[number] | DrainName | typeof PROVISIONED_SCENARIO | typeof COLD_SCENARIO;

/**
 * `large merchant`, `merchants`: accept connections and answer nothing. `workers`: no task runs and none starts.
 * `queue`: no call to it succeeds.
 */
export interface Outage {
  readonly of: "large merchant" | "merchants" | "workers" | "queue";
  readonly from: number;
  readonly until: number;
}

export interface Scenario {
  readonly what: string;
  /** Seconds for which confirmations are written. */
  readonly writesForSeconds: number;
  /** The rate, times the target, at a second of the run. */
  readonly rateFactor: (second: number) => number;
  /** Who is out, and the seconds between which. */
  readonly outage?: Outage;
  /** Second at which the first zone is lost, for good. */
  readonly zoneLostAt?: number;
  /** Second at which the disturbance is over, from which the time is counted until nothing is behind any more. */
  readonly disturbedUntil: number;
  /** What waits for the merchant that is still out may wait at the end. */
  readonly mayWaitAtEnd: boolean;
  /** It begins with as few tasks as always run. @default as many as hold the target rate */
  readonly beginsCold?: true;
  /** Real confirmations for each simulated one: fewer are finer and take longer. The figures hardly depend on it. */
  readonly sample: number;
}

/** Seconds that are not counted: the run settles in. */
export const SETTLING_SECONDS = 60;
const BEGINS = 120;
const SAMPLE = 10;
const SAMPLE_OF_SPIKE = 50;
const SAMPLE_OF_DRAIN = 20;
/** Seconds of an outage, and for which confirmations are written after it. */
const DRAIN = { outageSeconds: 1800, watchedSeconds: 1200 } as const;
const BURST = { factor: 4, seconds: 600 } as const;
const SPIKE = { factor: 40, seconds: 60 } as const;

/** Half an hour at the target rate, which goes on when it is over. */
function drainAfter(of: Outage["of"], what: string): Scenario {
  const outage = { of, from: BEGINS, until: BEGINS + DRAIN.outageSeconds };
  return {
    what: `${what} for half an hour`,
    writesForSeconds: outage.until + DRAIN.watchedSeconds,
    rateFactor: () => 1,
    outage,
    disturbedUntil: outage.until,
    mayWaitAtEnd: false,
    sample: SAMPLE_OF_DRAIN,
  };
}

/**
 * Scaled for the target rate; four times that for ten minutes; scaled back; and no task for half an hour, after which
 * all that was written has to be recorded beside what comes.
 */
function provisionedScenario(): Scenario {
  const outage: Outage = { of: "workers", from: BEGINS + 3000, until: BEGINS + 3000 + DRAIN.outageSeconds };
  return {
    what:
      `provisioned capacity: ${BURST.factor} times the target rate for ${BURST.seconds} s, and later no task runs ` +
      "for half an hour",
    writesForSeconds: outage.until + DRAIN.watchedSeconds,
    rateFactor: (second) => (second >= BEGINS && second < BEGINS + BURST.seconds ? BURST.factor : 1),
    outage,
    disturbedUntil: outage.until,
    mayWaitAtEnd: false,
    sample: SAMPLE_OF_SPIKE,
  };
}

export const SCENARIO: Readonly<Record<ScenarioName, Scenario>> = {
  steady: {
    what: "the target rate, nothing else",
    writesForSeconds: 720,
    rateFactor: () => 1,
    disturbedUntil: BEGINS,
    mayWaitAtEnd: false,
    sample: SAMPLE,
  },
  spike: {
    what: `${SPIKE.factor} times the target rate for ${SPIKE.seconds} s`,
    writesForSeconds: 2100,
    rateFactor: (second) => (second >= BEGINS && second < BEGINS + SPIKE.seconds ? SPIKE.factor : 1),
    disturbedUntil: BEGINS + SPIKE.seconds,
    mayWaitAtEnd: false,
    sample: SAMPLE_OF_SPIKE,
  },
  outage: {
    what: "the merchant with 30 % of the traffic accepts connections and answers nothing, to the end",
    writesForSeconds: 900,
    rateFactor: () => 1,
    outage: { of: "large merchant", from: BEGINS, until: Number.POSITIVE_INFINITY },
    disturbedUntil: BEGINS,
    mayWaitAtEnd: true,
    sample: SAMPLE,
  },
  recovery: {
    what: "the same for ten minutes, then it answers again",
    writesForSeconds: 1800,
    rateFactor: () => 1,
    outage: { of: "large merchant", from: BEGINS, until: BEGINS + 600 },
    disturbedUntil: BEGINS + 600,
    mayWaitAtEnd: false,
    sample: SAMPLE,
  },
  zone: {
    what: "one of two zones is lost for good, with its tasks and what they had in hand",
    writesForSeconds: 900,
    rateFactor: () => 1,
    zoneLostAt: BEGINS,
    disturbedUntil: BEGINS,
    mayWaitAtEnd: false,
    sample: SAMPLE,
  },
  "no-workers": drainAfter("workers", "no task runs"),
  "no-queue": drainAfter("queue", "no call to the queue succeeds"),
  "no-merchants": drainAfter("merchants", "all merchants accept connections and answer nothing"),
  provisioned: provisionedScenario(),
  cold: {
    what: "the least number of tasks and a hundredth of the target rate, then the target rate at once",
    writesForSeconds: 900,
    rateFactor: (second) => (second < BEGINS ? 0.01 : 1),
    disturbedUntil: BEGINS,
    mayWaitAtEnd: false,
    beginsCold: true,
    sample: SAMPLE,
  },
};
