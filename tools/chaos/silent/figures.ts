/** What one silent merchant cost the others, from what was seen outside. Pure. */
import { percentile } from "../../../core/telemetry/percentile.ts";
import { type Delivery, isConfirmation } from "../../../local/demo/fleet/ledger.ts";

export interface SilentObservation {
  /** Epoch milliseconds at which each transaction was in the table, by its id. */
  readonly committedAtMs: ReadonlyMap<string, number>;
  readonly deliveries: readonly Delivery[];
  /** Beginnings of the ids of healthy merchants' transactions: while all were well, and beside the silent one. */
  readonly without: readonly string[];
  readonly beside: readonly string[];
}

export interface SilentFigures {
  readonly samplesWithout: number;
  readonly samplesBeside: number;
  readonly p50Without: number;
  readonly p50Beside: number;
  readonly p99Without: number;
  readonly p99Beside: number;
  /** p99 beside the silent merchant, over p99 without. */
  readonly p99Ratio: number;
}

const P50 = 0.5;
const P99 = 0.99;

export function silentFigures({ committedAtMs, deliveries, without, beside }: SilentObservation): SilentFigures {
  const accepted = new Map<string, number>();
  for (const delivery of deliveries)
    if (isConfirmation(delivery) && !accepted.has(delivery.transactionId))
      accepted.set(delivery.transactionId, delivery.respondedAtMs ?? Number.POSITIVE_INFINITY);
  const taken = (prefixes: readonly string[]): number[] =>
    [...committedAtMs]
      .filter(([id]) => prefixes.some((prefix) => id.startsWith(`${prefix}-`)))
      // One that was never accepted took for ever.
      .map(([id, atMs]) => (accepted.get(id) ?? Number.POSITIVE_INFINITY) - atMs);
  const [calm, troubled] = [taken(without), taken(beside)];
  const [p99Without, p99Beside] = [percentile(calm, P99), percentile(troubled, P99)];
  return {
    samplesWithout: calm.length,
    samplesBeside: troubled.length,
    p50Without: percentile(calm, P50),
    p50Beside: percentile(troubled, P50),
    p99Without,
    p99Beside,
    p99Ratio: p99Beside / Math.max(1, p99Without),
  };
}
