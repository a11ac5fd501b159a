/** Whether a row is what a redelivery is about, whatever may be done with it. */
import type { Job } from "../../../core/jobs/job.ts";
import { type RedeliverySpec, specOf } from "../../../core/jobs/redelivery/spec.ts";
import { type AttributeMap, numberOf } from "../../../core/transaction/attribute-value.ts";
import { readFailure } from "../../../core/transaction/failure.ts";
import { ATTRIBUTES } from "../../../core/transaction/row/attributes.ts";
import { failingMerchantOf } from "../../../core/transaction/row/failed-listing.ts";
import { stateOf } from "../../../core/transaction/row/row-state.ts";

export function isMatching(row: AttributeMap, job: Pick<Job, "asked">): boolean {
  const spec = specOf(job);
  if (spec.transactionIds !== undefined) return isOfMerchant(row, job);
  const state = stateOf(row);
  if (state !== "FAILED" && state !== "CONFIRMED") return false;
  if (spec.state !== undefined && state !== spec.state) return false;
  if (spec.reason !== undefined && readFailure(row[ATTRIBUTES.failure])?.code !== spec.reason) return false;
  return isOfMerchant(row, job) && isSettledWithin(row, spec, job.asked.asOf);
}

/** As with ids that nobody has, where the job is one merchant's alone. */
export function isOfMerchant(row: AttributeMap, { asked }: Pick<Job, "asked">): boolean {
  return asked.merchantId === undefined || failingMerchantOf(row) === asked.merchantId;
}

/** A row that had room for the barest record alone does not say when; it was before, or it would not be found. */
function isSettledWithin(row: AttributeMap, { from, to }: RedeliverySpec, asOf: number): boolean {
  const settledAt = numberOf(row[ATTRIBUTES.settledAt]);
  if (settledAt === undefined) return from === undefined && to === undefined;
  return settledAt >= (from ?? Number.NEGATIVE_INFINITY) && settledAt < Math.min(to ?? asOf, asOf);
}
