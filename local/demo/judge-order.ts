/**
 * Order among different transactions, judged from outside: of two that share an ordering key, whether the later one was
 * called before the earlier one was over. Over is what its merchant has accepted, or whose dead letter was sent, at the
 * version in question or a newer one. Which pairs are owed an order is for the account to say. Pure.
 */
import type { DeadLetter, Finding, ExpectedOrder } from "./evidence.ts";
import { isConfirmation, type Delivery } from "./fleet/ledger.ts";

export interface OrderEvidence {
  readonly expected: readonly ExpectedOrder[];
  readonly deliveries: readonly Delivery[];
  readonly deadLetters: readonly DeadLetter[];
  /** Transactions that were put back after they had failed: what comes of them after that has a new place. */
  readonly reopened?: ReadonlySet<string>;
}

export function judgeOrder({
  expected,
  deliveries,
  deadLetters,
  reopened = new Set(),
}: OrderEvidence): readonly Finding[] {
  const inTurn = deliveries.toSorted((one, other) => one.sequence - other.sequence);
  const byTransaction = Map.groupBy(inTurn, ({ transactionId }) => transactionId);
  const letters = Map.groupBy(deadLetters, ({ transactionId }) => transactionId);
  return expected.flatMap(({ before, after, because, isExcused }): Finding[] => {
    const first = byTransaction
      .get(after.transactionId)
      ?.find(({ version }) => after.version === undefined || version === after.version);
    if (first === undefined || isExcused?.(first.arrivedAtMs) === true) return [];
    const own = byTransaction.get(before.transactionId) ?? [];
    const overAtMs = Math.min(
      before.supersededAtMs ?? Number.POSITIVE_INFINITY,
      ...own
        .filter((delivery) => isConfirmation(delivery) && delivery.version >= before.version)
        .map(({ acknowledgedAtMs, respondedAtMs }) => acknowledgedAtMs ?? respondedAtMs ?? Number.POSITIVE_INFINITY),
      ...(letters.get(before.transactionId) ?? [])
        .filter(({ version }) => version >= before.version)
        .map(({ sentAtMs = Number.POSITIVE_INFINITY }) => sentAtMs),
    );
    const what = `delivery ${first.sequence}, version ${first.version} to ${first.merchantId}`;
    const whom = `version ${before.version} of ${before.transactionId}, which comes before it (${because})`;
    const finding = (detail: string): Finding => ({
      kind: "out of order",
      transactionId: after.transactionId,
      detail,
    });
    if (overAtMs > first.arrivedAtMs) return [finding(`${what}: came before the end of ${whom}`)];
    // What a job sends again comes whenever it does, and says so.
    const late = own.find(
      ({ version, sequence, redelivery }) =>
        version === before.version && sequence > first.sequence && redelivery === undefined,
    );
    return late === undefined || reopened.has(before.transactionId)
      ? []
      : [finding(`${what}: was followed by delivery ${late.sequence} of ${whom}`)];
  });
}
