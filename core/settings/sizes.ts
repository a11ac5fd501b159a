/**
 * Sizes that nobody has set, from those that somebody has: the rate that is confirmed all day, the peak, and what one
 * task gets through. What is given always stands, and what follows from it never contradicts it.
 */
/** The peak, times the rate that the service is sized for: for a burst, and for catching up after an outage. */
const PEAK_FACTOR = 10;
/** What is requeued a second at most, times the target: a backlog goes out beside what comes in. */
const RELEASE_FACTOR = 3;
/**
 * Released by one execution of `release-due` a second: assumed, with much room for what its CPU and its round trips
 * take for a row.
 */
const RELEASED_AN_EXECUTION = 2500;
/** Part of the target rate, as a divisor, for which capacity is always provisioned. */
const LEAST_DIVISOR = 10;
/** Of an execution of `release-due`. One vCPU: it does one thing after the other. */
export const RELEASE_MEMORY_MIB = 1769;
/** Most that the settings take. */
const LIMITS = { ratePerSecond: 100_000, tasks: 1000 } as const;
/**
 * Writes for each confirmation. The table: the insert and the record of its end. The due index: into it and out of it.
 * The merchant index: into it, as the record changes neither of its keys. The failed index: none, as one that was
 * confirmed is not in it.
 */
export const WRITES_A_CONFIRMATION = { table: 2, due: 2, merchant: 1 } as const;
/**
 * What any table and index on demand takes at once. DynamoDB refuses to be asked for less (DynamoDB Developer Guide,
 * "Understanding DynamoDB warm throughput").
 */
const WRITES_ANYWAY = 4000;
/**
 * Writes a second that a table takes of all producers, unless AWS has raised it (DynamoDB, "Service quotas",
 * table-level write throughput).
 */
export const TABLE_WRITE_QUOTA = 40_000;

export interface GivenSizes {
  readonly targetRatePerSecond: number;
  readonly peakRatePerSecond?: number | undefined;
  readonly worker: {
    readonly minTasks?: number | undefined;
    readonly maxTasks?: number | undefined;
    readonly ratePerTask: number;
  };
  readonly network: { readonly zones: number };
}

export interface Sizes {
  readonly peakRatePerSecond: number;
  readonly minTasks: number;
  readonly maxTasks: number;
}

export function sizesFor({ targetRatePerSecond, peakRatePerSecond, worker, network }: GivenSizes): Sizes {
  const peak = peakRatePerSecond ?? Math.min(LIMITS.ratePerSecond, targetRatePerSecond * PEAK_FACTOR);
  const always = network.zones;
  const most = Math.max(always, tasksFor(Math.max(peak, targetRatePerSecond), worker.ratePerTask));
  const maxTasks = worker.maxTasks ?? Math.max(worker.minTasks ?? 0, Math.min(LIMITS.tasks, most));
  return { peakRatePerSecond: peak, minTasks: worker.minTasks ?? Math.min(maxTasks, always), maxTasks };
}

function tasksFor(ratePerSecond: number, ratePerTask: number): number {
  return Math.ceil(ratePerSecond / ratePerTask);
}

export function releaseRateFor(targetRatePerSecond: number, given: number | undefined): number {
  return given ?? targetRatePerSecond * RELEASE_FACTOR;
}

/** For which capacity is provisioned, where it is, whatever comes. */
export function leastRateFor(targetRatePerSecond: number): number {
  return Math.ceil(targetRatePerSecond / LEAST_DIVISOR);
}

/** Executions of `release-due` side by side. */
export function releaseParts(ratePerSecond: number): number {
  return Math.ceil(ratePerSecond / RELEASED_AN_EXECUTION);
}

export interface PeakOfTable extends Pick<Sizes, "peakRatePerSecond"> {
  /** Writes a second, of the account. */
  readonly tableWriteQuota: number;
}

/** Writes a second that the table must take at once at the peak, as far as the account's quota goes. */
export function peakWritesPerSecond({ peakRatePerSecond, tableWriteQuota }: PeakOfTable): number {
  return Math.min(tableWriteQuota, peakRatePerSecond * WRITES_A_CONFIRMATION.table);
}

export interface WarmTable extends PeakOfTable {
  /** What it was warmed to, or has grown to, before: DynamoDB refuses any decrease. */
  readonly tableWriteFloor: number;
  readonly disposable: boolean;
}

/** Writes a second to warm the table and each of its indexes to; undefined where each has as much anyway. */
export type WarmWrites = Readonly<Record<keyof typeof WRITES_A_CONFIRMATION, number | undefined>>;

/** What is on demand takes at once only twice what it ever took. A trial does not pay for more. */
export function warmWrites({ peakRatePerSecond, tableWriteQuota, tableWriteFloor, disposable }: WarmTable): WarmWrites {
  const warm = (writes: number) => {
    const atPeak = disposable ? 0 : Math.min(tableWriteQuota, peakRatePerSecond * writes);
    const wanted = Math.max(atPeak, tableWriteFloor);
    return wanted > WRITES_ANYWAY ? wanted : undefined;
  };
  const { table, due, merchant } = WRITES_A_CONFIRMATION;
  return { table: warm(table), due: warm(due), merchant: warm(merchant) };
}
