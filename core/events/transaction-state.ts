/**
 * A row of the Transactions table as events tell of it: what the pipeline recorded, and ids of what the producer wrote.
 */
import { CANARY_MERCHANT_ID } from "../merchant/canary.ts";
import { type AttributeMap, numberOf, stringOf } from "../transaction/attribute-value.ts";
import { readFailure } from "../transaction/failure.ts";
import { ATTRIBUTES } from "../transaction/row/attributes.ts";
import { confirmedByOf } from "../transaction/row/confirmed-by.ts";
import { elsewhereOf } from "../transaction/row/elsewhere.ts";
import { erasedAtOf } from "../transaction/row/erased.ts";
import { redeliveryOf } from "../transaction/row/redelivery.ts";
import { rowStateOf } from "../transaction/row/row-state.ts";
import { isMerchantId, OUTCOME, versionOf } from "../transaction/transaction.ts";
import type { TransactionState } from "./event-types.ts";

/** Members always come in the same order, so that two states are the same where their JSON is. */
export function transactionState(row: AttributeMap): TransactionState {
  const { state, release, attemptCount, attempts, waitedFor, steps } = rowStateOf(row);
  const merchantId = stringOf(row["merchantId"]);
  const outcome = stringOf(row["outcome"]);
  const version = versionOf(row);
  const last = attempts.at(-1);
  const at = instantOf(last?.at);
  const isTerminal = state === "CONFIRMED" || state === "FAILED";
  const settledAt = isTerminal ? instantOf(numberOf(row[ATTRIBUTES.settledAt])) : undefined;
  const failure = state === "FAILED" ? readFailure(row[ATTRIBUTES.failure])?.code : undefined;
  const erasedAt = instantOf(erasedAtOf(row));
  const redelivery = redeliveryOf(row);
  const confirmedBy = confirmedByOf(row)?.by;
  const confirmedElsewhereAt = instantOf(elsewhereOf(row)?.at);
  return {
    transactionId: stringOf(row["transactionId"]) ?? "",
    ...(merchantId !== undefined && isMerchantId(merchantId) && { merchantId }),
    ...(outcome !== undefined && OUTCOME.test(outcome) && { outcome }),
    ...(version !== undefined && { version }),
    state,
    generation: release,
    attemptCount,
    ...(last !== undefined &&
      at !== undefined && {
        lastAttempt: {
          at,
          outcome: last.outcome,
          ...(isStatus(last.status) && { status: last.status }),
          ...(last.channel !== undefined && { channel: last.channel }),
        },
      }),
    ...(steps !== undefined && { steps: steps.done.map(({ channel, result }) => ({ channel, result })) }),
    ...(!isTerminal && waitedFor !== undefined && { waitingFor: waitedFor }),
    ...(failure !== undefined && { failure }),
    ...(settledAt !== undefined && { settledAt }),
    ...(confirmedBy !== undefined && { confirmedBy }),
    ...(confirmedElsewhereAt !== undefined && { confirmedElsewhereAt }),
    ...(erasedAt !== undefined && { erasedAt }),
    ...(redelivery !== undefined && {
      redelivery: {
        jobId: redelivery.jobId,
        generation: redelivery.generation,
        ...(redelivery.ended !== undefined && { result: redelivery.ended.result }),
      },
    }),
  };
}

/** Of the canary nobody is told: it is nobody's. */
export function isTold(row: AttributeMap): boolean {
  return stringOf(row["merchantId"]) !== CANARY_MERCHANT_ID;
}

export function isSameState(one: TransactionState, other: TransactionState): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function isStatus(status: number | undefined): status is number {
  return status !== undefined && Number.isSafeInteger(status);
}

/** Undefined for what is no time: anybody may have written to the row. @param ms epoch milliseconds */
function instantOf(ms: number | undefined): string | undefined {
  if (ms === undefined) return undefined;
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
