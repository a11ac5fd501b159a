/**
 * Rows of the Transactions table as anyone who may write to it could leave them: sound ones in each state, and ones
 * with anything in the place of anything. They are listed by their merchant all the same.
 */
import fc from "fast-check";
import type { AttributeMap, AttributeValue } from "../../../core/transaction/attribute-value.ts";
import { ATTRIBUTE_NAMES, ATTRIBUTES } from "../../../core/transaction/row/attributes.ts";
import { failedKeys, merchantKeyFor } from "../../../core/transaction/row/index-keys.ts";
import { STATES } from "../../../core/transaction/row/row-state.ts";
import { HOSTILE_TEXTS } from "../../support/api/hostile-values.ts";

const MERCHANTS = ["acme", "other"] as const;
const PRODUCERS = ["version", "outcome", "amount", "currency", "payload", "deliverBy", "orderingKey", "traceHeader"];
/** Keys of indexes, which take texts and one number alone. */
const KEYS: ReadonlySet<string> = new Set([
  ATTRIBUTES.dueKey,
  ATTRIBUTES.dueAt,
  ATTRIBUTES.merchantKey,
  ATTRIBUTES.failedKey,
  ATTRIBUTES.failedAt,
]);
const NUMBERS = ["0", "-1", "1.5", "200", "1e38", "1e125", "-1e125", "1e-130", "8640000000000001", "9007199254740993"];
const MEMBERS = ["at", "durationMs", "outcome", "status", "error", "answer", "code", "fault", "reason", "digest", "by"];

const text = fc.constantFrom(...HOSTILE_TEXTS.filter((one) => one.isWellFormed() && one.length < 2000), "CONFIRMED");

const anyValue = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    text.map((S) => ({ S })),
    fc.constantFrom(...NUMBERS).map((N) => ({ N })),
    fc.constantFrom<AttributeValue>({ BOOL: true }, { NULL: true }),
    fc.array(tie("value"), { maxLength: 3 }).map((L) => ({ L })),
    fc.dictionary(fc.constantFrom(...MEMBERS), tie("value"), { maxKeys: 6 }).map((M) => ({ M })),
  ),
})).value;

/** @param nowMs rows are of the days before it */
export function anyRows(count: number, merchantShards: number, nowMs: number, seed: number): AttributeMap[] {
  const names = [...ATTRIBUTE_NAMES.filter((name) => !KEYS.has(name)), ...PRODUCERS];
  const strange = fc.dictionary(fc.constantFrom(...names), anyValue, { maxKeys: 4 });
  const state = fc.constantFrom(...STATES);
  const drawn = fc.sample(
    fc.tuple(state, fc.oneof({ arbitrary: fc.constant({}), weight: 1 }, { arbitrary: strange, weight: 2 })),
    {
      numRuns: count,
      seed,
    },
  );
  return drawn.map(([confirmationState, more], index) => {
    const merchantId = MERCHANTS[index % MERCHANTS.length] as string;
    const transactionId = `row-${index}`;
    const occurredAt = new Date(nowMs - index * 3_600_000).toISOString();
    const isFailed = confirmationState === "FAILED";
    return {
      version: { N: "1" },
      outcome: { S: "APPROVED" },
      amount: { S: "12.50" },
      currency: { S: "EUR" },
      confirmationState: { S: confirmationState },
      stateVersion: { N: "1" },
      ...(isFailed && {
        failure: { M: { code: { S: "expired" }, fault: { S: "merchant" }, reason: { S: "too late" } } },
        settledAt: { N: String(nowMs) },
      }),
      ...more,
      transactionId: { S: transactionId },
      merchantId: { S: merchantId },
      occurredAt: { S: occurredAt },
      merchantKey: { S: merchantKeyFor(merchantId, occurredAt, transactionId, merchantShards) },
      ...(isFailed && {
        failedKey: { S: failedKeys(merchantId, merchantShards)[index % merchantShards] as string },
        failedAt: { S: `expired#${occurredAt}` },
      }),
    };
  });
}
