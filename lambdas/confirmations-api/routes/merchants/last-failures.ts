/** What failed last for a merchant, summed up by class from the attempts of some rows. */
import { type AttributeMap, numberOf } from "../../../../core/transaction/attribute-value.ts";
import { ATTRIBUTES } from "../../../../core/transaction/row/attributes.ts";
import { rowStateOf } from "../../../../core/transaction/row/row-state.ts";

export interface LastFailures {
  readonly outcome: string;
  readonly attempts: number;
  readonly lastAt: string;
  readonly lastStatus?: number;
  readonly lastError?: string;
}

const DELIVERED = "delivered";
const LATEST_MS = 8.64e15;

/** @returns the class that was seen last comes first */
export function lastFailures(rows: readonly AttributeMap[]): LastFailures[] {
  const attempts = rows
    .flatMap((row) => rowStateOf(row).attempts)
    .filter(({ outcome, at }) => outcome !== DELIVERED && Math.abs(at) <= LATEST_MS)
    .toSorted((one, other) => other.at - one.at);
  return [...Map.groupBy(attempts, ({ outcome }) => outcome)].map(([outcome, ofClass]) => {
    const [{ at, status, error } = { at: 0 }] = ofClass;
    return {
      outcome,
      attempts: ofClass.length,
      lastAt: new Date(at).toISOString(),
      ...(status !== undefined && { lastStatus: status }),
      ...(error !== undefined && { lastError: error }),
    };
  });
}

/** Epoch milliseconds at which the first of these was written, as far as they say. */
export function waitsSince(rows: readonly AttributeMap[]): number | undefined {
  const times = rows.flatMap((row) => numberOf(row[ATTRIBUTES.committedAt]) ?? []);
  return times.length === 0 ? undefined : Math.min(...times);
}
