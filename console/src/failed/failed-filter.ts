/** Which failed transactions are looked at. It stands in the address, so that it can be sent to somebody. */
import { FAILURE_FAULTS } from "../../../core/transaction/failure-faults.ts";
import type { Schemas } from "../api/api.ts";
import { instantIn } from "../shown/local-time.ts";

export type Fault = Schemas["FailureCount"]["fault"];
export type GivenFilter = Schemas["RedeliveryFilter"];
export type Reason = NonNullable<GivenFilter["reason"]>;

export const FAULTS = ["merchant", "producer", "pipeline"] as const satisfies readonly Fault[];

/** All that the API takes, which are all that the pipeline has. */
export const REASONS = Object.keys(FAILURE_FAULTS satisfies Readonly<Record<Reason, Fault>>) as readonly Reason[];

export interface FailedFilter {
  readonly merchantId?: string;
  readonly reason?: Reason;
  readonly fault?: Fault;
  /** When they failed, UTC; from is included, until is not. */
  readonly from?: string;
  readonly until?: string;
}

/** @param own merchant of a token that is narrowed to it. What is no filter is left out. */
export function filterIn(search: URLSearchParams, own?: string): FailedFilter {
  const [merchantId, reason, fault] = [own ?? search.get("merchant"), search.get("reason"), search.get("fault")];
  const [from, until] = [instantIn(search.get("from")), instantIn(search.get("until"))];
  const knownReason = REASONS.find((one) => one === reason);
  const knownFault = FAULTS.find((one) => one === fault);
  return {
    ...(merchantId !== null && merchantId !== "" && { merchantId }),
    ...(knownReason !== undefined && { reason: knownReason }),
    ...(knownFault !== undefined && { fault: knownFault }),
    ...(from !== undefined && { from }),
    ...(until !== undefined && { until }),
  };
}

export function searchOf({ merchantId, reason, fault, from, until }: FailedFilter): URLSearchParams {
  return new URLSearchParams({
    ...(merchantId !== undefined && { merchant: merchantId }),
    ...(reason !== undefined && { reason }),
    ...(fault !== undefined && { fault }),
    ...(from !== undefined && { from }),
    ...(until !== undefined && { until }),
  });
}

/** As the API takes it. */
export function queryOf({ until, ...others }: FailedFilter) {
  return { ...others, ...(until !== undefined && { to: until }) };
}

/**
 * What a redelivery of all of them is of. It takes one reason or all, so that a fault is one redelivery for each of its
 * reasons that there are any of.
 */
export function redeliveryFilters(filter: FailedFilter, counted: readonly Pick<Count, "reason">[]): GivenFilter[] {
  const { merchantId, reason, fault, from, until } = filter;
  const base = {
    ...(merchantId !== undefined && { merchantId }),
    state: "FAILED" as const,
    ...(from !== undefined && { from }),
    ...(until !== undefined && { to: until }),
  };
  if (fault === undefined) return [{ ...base, ...(reason !== undefined && { reason }) }];
  return counted.flatMap((one) => {
    const known = REASONS.find((code) => code === one.reason);
    return known === undefined ? [] : [{ ...base, reason: known }];
  });
}

/** Whether a redelivery of all of them can be asked for. One of a fault takes that each of its reasons is counted. */
export function maySendAll({ fault }: FailedFilter, counted: (Counted & { readonly isWhole: boolean }) | undefined) {
  return counted !== undefined && counted.total > 0 && (fault === undefined || counted.isWhole);
}

/** Of these ids; a redelivery takes a hundred. */
export function redeliveryOfIds(transactionIds: readonly string[]): GivenFilter[] {
  const filters: GivenFilter[] = [];
  for (let from = 0; from < transactionIds.length; from += MOST_IDS)
    filters.push({ transactionIds: transactionIds.slice(from, from + MOST_IDS) });
  return filters;
}

export type Count = Schemas["FailureCount"];
const MOST_IDS = 100;

export interface Counted {
  readonly items: readonly Count[];
  readonly total: number;
}

/** Counts of all pages, the most first. */
export function addedUp(pages: readonly { readonly items: readonly Count[] }[]): Counted {
  const byReason = new Map<string, Count>();
  for (const one of pages.flatMap(({ items }) => items))
    byReason.set(one.reason, { ...one, count: one.count + (byReason.get(one.reason)?.count ?? 0) });
  const items = [...byReason.values()].toSorted(
    (one, other) => other.count - one.count || one.reason.localeCompare(other.reason),
  );
  return { items, total: items.reduce((sum, { count }) => sum + count, 0) };
}
