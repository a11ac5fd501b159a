/**
 * What an event source mapping does after an invocation, by Lambda's rules for streams: a partial failure is retried
 * from the lowest failed sequence number on, later successes too; an error splits the batch when bisecting is on, which
 * does not count as a retry; records that are too old or were tried too often are quarantined. Pure.
 */

export interface MappingRules {
  readonly reportsItemFailures: boolean;
  readonly bisectsOnError: boolean;
  /** -1 for no limit. */
  readonly maxRetryAttempts: number;
  /** -1 for no limit. */
  readonly maxRecordAgeSeconds: number;
}

export interface BatchRecord {
  readonly sequenceNumber: string;
  readonly createdAt: number;
}

export interface Batch<R extends BatchRecord> {
  readonly records: readonly R[];
  /** Invocations of these records that have failed. */
  readonly failures: number;
}

export type InvocationOutcome = { readonly kind: "answered"; readonly value: unknown } | { readonly kind: "failed" };

export interface RetryPlan<R extends BatchRecord> {
  /** To be invoked next, in this order, before anything later of the shard. */
  readonly retry: readonly Batch<R>[];
  readonly quarantined: readonly R[];
}

export function planRetry<R extends BatchRecord>(
  batch: Batch<R>,
  outcome: InvocationOutcome,
  rules: MappingRules,
  now: number,
): RetryPlan<R> {
  const first = firstFailed(batch, outcome, rules);
  if (first === undefined) return { retry: [], quarantined: [] };
  const open = batch.records.slice(first);
  const isWhole = first === 0;
  if (outcome.kind === "failed" && rules.bisectsOnError && open.length > 1)
    return limit(halves(open, batch.failures), rules, now);
  // A batch that got ahead is a new one: only records that fail again and again use up their retries.
  return limit([{ records: open, failures: isWhole ? batch.failures + 1 : 1 }], rules, now);
}

/** Index of the first record that has to come again; undefined when all went well. */
function firstFailed<R extends BatchRecord>(
  batch: Batch<R>,
  outcome: InvocationOutcome,
  rules: MappingRules,
): number | undefined {
  if (outcome.kind === "failed") return 0;
  if (!rules.reportsItemFailures) return undefined;
  const failures =
    (outcome.value as { readonly batchItemFailures?: readonly { readonly itemIdentifier?: unknown }[] | null } | null)
      ?.batchItemFailures ?? [];
  if (failures.length === 0) return undefined;
  const indexes = failures.map(({ itemIdentifier }) =>
    batch.records.findIndex(({ sequenceNumber }) => sequenceNumber === itemIdentifier),
  );
  // An identifier that is none of the batch's fails the whole batch.
  return indexes.includes(-1) ? 0 : Math.min(...indexes);
}

function halves<R extends BatchRecord>(records: readonly R[], failures: number): Batch<R>[] {
  const middle = Math.ceil(records.length / 2);
  return [
    { records: records.slice(0, middle), failures },
    { records: records.slice(middle), failures },
  ];
}

function limit<R extends BatchRecord>(
  batches: readonly Batch<R>[],
  { maxRetryAttempts, maxRecordAgeSeconds }: MappingRules,
  now: number,
): RetryPlan<R> {
  const retry: Batch<R>[] = [];
  const quarantined: R[] = [];
  for (const batch of batches) {
    if (maxRetryAttempts >= 0 && batch.failures > maxRetryAttempts) {
      quarantined.push(...batch.records);
      continue;
    }
    const isTooOld = (record: R): boolean =>
      maxRecordAgeSeconds >= 0 && now - record.createdAt > maxRecordAgeSeconds * 1000;
    quarantined.push(...batch.records.filter(isTooOld));
    const records = batch.records.filter((record) => !isTooOld(record));
    if (records.length > 0) retry.push({ ...batch, records });
  }
  return { retry, quarantined };
}

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5000;

/** Before the next invocation of a batch that has failed this often. */
export function backoffMs(failures: number): number {
  return failures === 0 ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1));
}
